// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.party.submission.EnvelopePump;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The deliveries that this instance is taking over now. Counts and logs how their hand-overs end.
@Component
class HandOversInProgress {
    private static final Logger LOG = LoggerFactory.getLogger(HandOversInProgress.class);

    private final Set<DeliveryId> ids = ConcurrentHashMap.newKeySet();
    private final EnvelopePump pump;
    private final Counter sealed;
    private final Counter completed;
    private final Counter dropped;

    HandOversInProgress(EnvelopePump pump, MeterRegistry meters) {
        this.pump = pump;
        sealed = meters.counter("shareferry.envelopes.sealed");
        completed = meters.counter("shareferry.handovers", "outcome", "completed");
        dropped = meters.counter("shareferry.handovers", "outcome", "dropped");
    }

    /// @return false if the delivery is already in progress
    boolean begin(DeliveryId id) {
        boolean isNew = ids.add(id);
        if (isNew) {
            pump.handOverBegan();
        }
        return isNew;
    }

    void end(DeliveryId id) {
        if (ids.remove(id)) {
            pump.handOverEnded();
        }
    }

    void envelopeSealed() {
        sealed.increment();
    }

    void completed(DeliveryFacts facts) {
        pump.wake();
        completed.increment();
        LOG.info(
                "Hand-over completed: {} values for {} in {} envelopes, scheme {}.",
                facts.shape().count(),
                facts.recipient(),
                facts.shape().placeCount(facts.scheme()),
                facts.scheme().text());
    }

    void dropped(DeliveryId id) {
        dropped.increment();
        LOG.info("Incomplete hand-over of {} dropped; nothing of it was submitted.", id);
    }
}
