// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.delivery.DeliveryId;

/// What came of completing a hand-over.
public sealed interface Completion {
    /// All envelopes are committed and will be submitted; the promise may be given.
    record Completed(DeliveryId delivery) implements Completion {}

    /// It was dropped.
    record NotCompleted(HandOverRefusal why) implements Completion {}
}
