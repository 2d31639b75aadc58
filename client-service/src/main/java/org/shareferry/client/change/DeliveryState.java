// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.change;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The state of a delivery at the client.
public enum DeliveryState {
    /// Some bundles have not arrived.
    RECEIVING,
    /// All bundles are here; the check is not finished.
    CHECKING,
    /// It has a verdict.
    CHECKED,
    /// Bundles did not arrive in time, or an opening key was revoked before the check.
    EXPIRED,
    /// Values and envelopes were deleted after its end.
    DELETED;

    /// @return the name in lower case, as in the API and the database
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @return the state with this text; empty if there is none
    public static Optional<DeliveryState> named(String text) {
        return Arrays.stream(values())
                .filter(state -> state.text().equals(text))
                .findFirst();
    }

    /// @param text from the database
    public static DeliveryState stored(String text) {
        return named(text).orElseThrow(() -> new IllegalStateException("Unknown state " + text + " in the database."));
    }
}
