// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.time.Instant;
import org.shareferry.check.Verdict;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.DeliveryFacts;

/// A checked request without an answer.
///
/// @param facts that its envelopes share
/// @param verdict of its check
/// @param created the request's time: the earliest creation time of its envelopes
/// @param received when its first envelope arrived, by this service's clock
/// @param isHere whether its envelopes are still stored
record OpenRequest(DeliveryFacts facts, Verdict verdict, Instant created, Instant received, boolean isHere) {
    DeliveryKey key() {
        return facts.key();
    }
}
