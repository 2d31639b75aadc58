// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.shareferry.client.ClientProperties;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.storage.SmallSteps;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Deletes what the settings no longer keep.
@Component
class Retention {
    private final RetentionStore store;
    private final SmallSteps steps;
    private final ClientProperties client;
    private final ServiceProperties service;
    private final Clock clock;

    Retention(RetentionStore store, SmallSteps steps, ClientProperties client, ServiceProperties service, Clock clock) {
        this.store = store;
        this.steps = steps;
        this.client = client;
        this.service = service;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT30S")
    void tidy() {
        steps.repeat(() -> store.removeSomeAnswered()
                || store.removeSomeDeleted()
                || store.deleteSomeChecked("REJECTED", before(client.evidenceRetention()))
                || store.deleteSomeChecked("VERIFIED", before(client.valueRetention()))
                || store.deleteSomeChecked("UNVERIFIED", before(client.valueRetention()))
                || store.deleteSomeExpired(before(client.envelopeRetention()))
                || store.removeSomeEnvelopes("VERIFIED", before(client.envelopeRetention()))
                || store.removeSomeEnvelopes("UNVERIFIED", before(client.envelopeRetention()))
                || store.removeSomeMasked(before(maskedValues()))
                || store.forgetSome(before(oldestEnvelope())));
    }

    private Instant before(Duration ago) {
        return clock.instant().minus(ago);
    }

    /// Parties may still come for an answer until their request is too old.
    private Duration maskedValues() {
        return client.envelopeRetention().compareTo(client.requestLifetime()) > 0
                ? client.envelopeRetention()
                : client.requestLifetime();
    }

    /// An envelope that was stored may have been created in the future by the tolerance, and is taken until it is older
    /// than its lifetime by the tolerance.
    private Duration oldestEnvelope() {
        return service.deliveryLifetime().plus(service.clockTolerance().multipliedBy(2));
    }
}
