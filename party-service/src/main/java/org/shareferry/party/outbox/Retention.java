// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.shareferry.service.storage.ThrottledSteps;
import org.shareferry.site.settings.PartyProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Deletes sealed envelopes some time after the end of their delivery, and later the delivery with its receipts.
/// Also counts the unfinished deliveries for metrics.
@Component
class Retention {
    private final RetentionStore store;
    private final ThrottledSteps steps;
    private final PartyProperties properties;
    private final ServiceProperties service;
    private final Clock clock;

    Retention(
            RetentionStore store,
            ThrottledSteps steps,
            Deliveries deliveries,
            PartyProperties properties,
            ServiceProperties service,
            Clock clock,
            MeterRegistry meters) {
        this.store = store;
        this.steps = steps;
        this.properties = properties;
        this.service = service;
        this.clock = clock;
        gaugeOfHeld(deliveries, meters);
        for (var state : DeliveryState.values()) {
            if (!state.isFinal()) {
                Gauge.builder("shareferry.deliveries", deliveries, found -> found.countIn(state))
                        .tag("state", state.text())
                        .description("Deliveries that have not ended")
                        .register(meters);
            }
        }
    }

    private static void gaugeOfHeld(Deliveries deliveries, MeterRegistry meters) {
        Gauge.builder("shareferry.deliveries", deliveries, Deliveries::countHeld)
                .tag("state", "held")
                .description("Deliveries that have not ended")
                .register(meters);
    }

    @Scheduled(fixedDelayString = "PT30S")
    void removeOld() {
        var now = clock.instant();
        steps.repeat(() -> store.removeSomeContent(now.minus(properties.retention()))
                || store.forgetSome(now.minus(receiptRetention())));
    }

    /// At least as long as the relay and the client accept envelopes, because their ids must be known until then.
    private Duration receiptRetention() {
        var taken = service.deliveryLifetime().plus(service.clockTolerance().multipliedBy(2));
        return properties.receiptRetention().compareTo(taken) > 0 ? properties.receiptRetention() : taken;
    }
}
