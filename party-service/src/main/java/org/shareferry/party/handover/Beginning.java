// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.delivery.DeliveryId;

/// The result of beginning a hand-over.
public sealed interface Beginning {
    /// The hand-over is open; the caller closes it.
    record Begun(OpenHandOver handOver) implements Beginning {}

    /// A delivery with this id and these facts was already handed over. Nothing is sealed again.
    ///
    /// @param state its state, as shown to users
    record AlreadyHandedOver(DeliveryId delivery, String state) implements Beginning {}

    /// It is refused.
    record NotBegun(HandOverRefusal why) implements Beginning {}
}
