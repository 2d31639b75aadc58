// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import org.shareferry.member.Role;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.storage.SmallSteps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Marks what can no longer be delivered as expired, lets go of what is not needed any more, and sees to it that
/// everything that waits is on its way. Any number of replicas may do this at once, each in small transactions.
@Component
class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int RESCHEDULED = 500;

    private final HousekeepingStore store;
    private final BundleStore bundleStore;
    private final Bundles bundles;
    private final RosterFile roster;
    private final SmallSteps steps;

    Housekeeping(
            HousekeepingStore store, BundleStore bundleStore, Bundles bundles, RosterFile roster, SmallSteps steps) {
        this.store = store;
        this.bundleStore = bundleStore;
        this.bundles = bundles;
        this.roster = roster;
        this.steps = steps;
    }

    @Scheduled(fixedDelayString = "PT30S", initialDelayString = "PT5S")
    void tidy() {
        steps.repeat(() -> store.expireSome()
                || store.releaseDelivered()
                || store.releaseExpired()
                || store.releaseForRoom()
                || store.forget());
        long expired = store.countExpired();
        if (expired > 0) {
            LOG.warn("{} deliveries expired before they were delivered", expired);
        }
        reschedule();
    }

    /// A bundle whose client had no address when it was made has no task: the roster may have one by now.
    private void reschedule() {
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            if (client.address().isPresent()) {
                bundleStore.waitingFor(client.name(), RESCHEDULED).forEach(waiting -> bundles.schedule(waiting.key()));
            }
        }
    }
}
