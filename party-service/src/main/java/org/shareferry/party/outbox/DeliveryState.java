// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.util.Locale;

/// How far a delivery has come.
public enum DeliveryState {
    /// It is being handed over; nothing of it leaves before that is complete.
    OPEN,
    /// All its envelopes are sealed and stored.
    SEALED,
    /// The relay has accepted all its envelopes.
    SUBMITTED,
    /// The relay has the envelopes of all parties.
    BUNDLED,
    /// The client has signed for every envelope.
    RECEIVED,
    /// It was not received in time.
    EXPIRED,
    /// The relay or the client will never take it.
    REFUSED;

    /// @return the name as it stands in JSON and in the database
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @param text as [#text] gives it
    static DeliveryState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /// @return whether nothing more will happen to it
    public boolean isFinal() {
        return switch (this) {
            case OPEN, SEALED, SUBMITTED, BUNDLED -> false;
            case RECEIVED, EXPIRED, REFUSED -> true;
        };
    }
}
