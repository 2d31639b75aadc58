// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.util.Locale;

/// The state of a delivery.
public enum DeliveryState {
    /// It is being handed over; nothing of it is submitted before the hand-over is complete.
    OPEN,
    /// All its envelopes are sealed and stored.
    SEALED,
    /// The relay has accepted all its envelopes.
    SUBMITTED,
    /// The relay has the envelopes of all parties.
    BUNDLED,
    /// The client has given receipts for all envelopes.
    RECEIVED,
    /// It was not received in time.
    EXPIRED,
    /// The relay or the client refused it finally.
    REFUSED;

    /// @return the name in JSON and in the database
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param text as returned by [#text]
    static DeliveryState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /// @return whether the state is final
    public boolean isFinal() {
        return switch (this) {
            case OPEN, SEALED, SUBMITTED, BUNDLED -> false;
            case RECEIVED, EXPIRED, REFUSED -> true;
        };
    }
}
