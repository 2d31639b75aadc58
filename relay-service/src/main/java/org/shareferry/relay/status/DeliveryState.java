// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How far a delivery is.
public enum DeliveryState {
    /// Envelopes are missing.
    COLLECTING,
    /// All envelopes are here; some bundles wait for the client.
    BUNDLED,
    /// The client gave a receipt for every bundle.
    RECEIVED,
    /// The client refused a bundle for a cause that can be fixed; it is offered again.
    HELD,
    /// At least one bundle will never be delivered.
    REFUSED,
    /// It expired before it was completely received.
    EXPIRED;

    /// @param isPastExpiry whether the last envelope has expired
    static DeliveryState of(DeliveryStatus.Places places, boolean isPastExpiry) {
        if (places.received() == places.expected()) {
            return RECEIVED;
        }
        if (places.refused() > 0) {
            return REFUSED;
        }
        if (isPastExpiry) {
            return EXPIRED;
        }
        if (places.held() > 0) {
            return HELD;
        }
        return places.received() + places.bundled() == places.expected() ? BUNDLED : COLLECTING;
    }

    /// @return the name in lower case, as it stands in answers
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
