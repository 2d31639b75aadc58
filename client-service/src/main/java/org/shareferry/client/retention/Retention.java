// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.shareferry.service.storage.ThrottledSteps;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Deletes data whose retention has ended.
@Component
class Retention {
    private final RetentionStore store;
    private final ThrottledSteps steps;
    private final ClientProperties client;
    private final ServiceProperties service;
    private final Clock clock;

    Retention(
            RetentionStore store,
            ThrottledSteps steps,
            ClientProperties client,
            ServiceProperties service,
            Clock clock) {
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
                || store.removeSomeValues()
                || store.deleteSomeChecked("REJECTED", before(client.evidenceRetention()))
                || store.deleteSomeChecked("VERIFIED", before(client.deliveryRetention()))
                || store.deleteSomeChecked("UNVERIFIED", before(client.deliveryRetention()))
                || store.deleteSomeValues("VERIFIED", before(client.valueRetention()))
                || store.deleteSomeValues("UNVERIFIED", before(client.valueRetention()))
                || store.deleteSomeExpired(before(client.envelopeRetention()))
                || store.removeSomeEnvelopes("VERIFIED", before(client.envelopeRetention()))
                || store.removeSomeEnvelopes("UNVERIFIED", before(client.envelopeRetention()))
                || store.removeSomeMasked(before(maskedValues()))
                || store.forgetSome(before(oldestEnvelope())));
    }

    private Instant before(Duration ago) {
        return clock.instant().minus(ago);
    }

    /// Parties may fetch an answer until their request is too old.
    private Duration maskedValues() {
        return client.envelopeRetention().compareTo(client.requestLifetime()) > 0
                ? client.envelopeRetention()
                : client.requestLifetime();
    }

    /// The tolerance counts twice: an envelope may have been created in the future by the tolerance, and it is
    /// accepted until its age is its lifetime plus the tolerance.
    private Duration oldestEnvelope() {
        return service.deliveryLifetime().plus(service.clockTolerance().multipliedBy(2));
    }
}
