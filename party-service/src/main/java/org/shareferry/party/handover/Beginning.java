// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.delivery.DeliveryId;

/// What came of beginning a hand-over.
public sealed interface Beginning {
    /// It may be filled. Whoever takes it closes it.
    record Begun(OpenHandOver handOver) implements Beginning {}

    /// A delivery of this id and these facts has been handed over; nothing is sealed again.
    ///
    /// @param state what became of it, as people see it
    record AlreadyHandedOver(DeliveryId delivery, String state) implements Beginning {}

    /// It is not taken.
    record NotBegun(HandOverRefusal why) implements Beginning {}
}
