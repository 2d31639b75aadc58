// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.delivery.DeliveryId;

/// The result of starting a hand-over.
public sealed interface HandOverStart {
    /// The hand-over is open; the caller closes it.
    record Started(OpenHandOver handOver) implements HandOverStart {}

    /// A delivery with this id and these facts was already handed over. Nothing is sealed again.
    ///
    /// @param state its state, as shown to users
    record AlreadyHandedOver(DeliveryId delivery, String state) implements HandOverStart {}

    record Refused(HandOverRefusal why) implements HandOverStart {}
}
