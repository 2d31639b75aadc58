// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.delivery.DeliveryId;

/// The result of completing a hand-over.
public sealed interface Completion {
    /// All envelopes are committed and will be submitted, so success may be reported.
    record Completed(DeliveryId delivery) implements Completion {}

    /// It was dropped.
    record NotCompleted(HandOverRefusal why) implements Completion {}
}
