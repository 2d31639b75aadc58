// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

/// A delivery among those that several members send. The id alone does not name it: whoever learns an id can send
/// envelopes with that id for another set of parties, and those are another delivery. Written
/// `53b9abd5dfc3b9ff2723a929934da8c3-0,P0,P1`.
///
/// @param id the run and the sequence number
/// @param parties whose shares make the values
public record DeliveryKey(DeliveryId id, PartySet parties) {
    private static final String BETWEEN = ",";

    /// @param text what [#toString] gives
    /// @throws IllegalArgumentException for anything else
    public static DeliveryKey parse(String text) {
        var parts = text.split(BETWEEN, 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("A delivery is named by its id and its parties, with commas between.");
        }
        return new DeliveryKey(DeliveryId.parse(parts[0]), PartySet.parse(parts[1]));
    }

    @Override
    public String toString() {
        return id + BETWEEN + parties;
    }
}
