// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

/// Identifies a delivery at relay and client. The id alone is not enough: anyone who knows an id can send envelopes
/// with it for another set of parties, and those belong to another delivery. Written
/// `53b9abd5dfc3b9ff2723a929934da8c3-0,P0,P1`.
///
/// @param id the run and the sequence number
/// @param parties whose shares add up to the values
public record DeliveryKey(DeliveryId id, PartySet parties) {
    private static final String BETWEEN = ",";

    /// @param text from [#toString]
    /// @throws IllegalArgumentException for anything else
    public static DeliveryKey parse(String text) {
        var parts = text.split(BETWEEN, 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "A delivery must be given by its id and its parties, separated by commas.");
        }
        return new DeliveryKey(DeliveryId.parse(parts[0]), PartySet.parse(parts[1]));
    }

    @Override
    public String toString() {
        return id + BETWEEN + parties;
    }
}
