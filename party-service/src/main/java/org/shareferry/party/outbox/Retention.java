// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.shareferry.party.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Removes sealed envelopes some time after the end of their delivery, and tells how many deliveries are on
/// their way.
@Component
class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Outbox outbox;
    private final PartyProperties properties;
    private final Clock clock;

    Retention(Outbox outbox, Deliveries deliveries, PartyProperties properties, Clock clock, MeterRegistry meters) {
        this.outbox = outbox;
        this.properties = properties;
        this.clock = clock;
        for (var state : DeliveryState.values()) {
            if (!state.isFinal()) {
                Gauge.builder("shareferry.deliveries", deliveries, found -> found.countIn(state))
                        .tag("state", state.text())
                        .description("Deliveries that have not ended")
                        .register(meters);
            }
        }
    }

    @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
    void removeOld() {
        int count = outbox.removeContent(clock.instant().minus(properties.retention()));
        if (count > 0) {
            LOG.info("{} sealed envelopes of deliveries that ended long ago were removed.", count);
        }
    }
}
