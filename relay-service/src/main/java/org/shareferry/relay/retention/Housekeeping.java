// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.retention;

import org.shareferry.service.storage.ThrottledSteps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Marks deliveries as expired, and deletes content that is no longer needed. Several replicas may do this at the
/// same time, each in small transactions.
@Component
class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final HousekeepingStore store;
    private final ThrottledSteps steps;

    Housekeeping(HousekeepingStore store, ThrottledSteps steps) {
        this.store = store;
        this.steps = steps;
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT5S")
    void tidy() {
        steps.repeat(() -> store.expireSome()
                || store.releaseReceived()
                || store.releaseExpired()
                || store.releaseAnswers()
                || store.releaseForRoom()
                || store.forget());
        long expired = store.countExpired();
        if (expired > 0) {
            LOG.warn("{} deliveries expired before they were completely received", expired);
        }
    }
}
