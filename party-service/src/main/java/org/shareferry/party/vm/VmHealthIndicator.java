// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Shows in health how connector and VM stand to each other. Always up: a restart of the service mends nothing about
/// a VM, and the service has other work.
@Component
final class VmHealthIndicator implements HealthIndicator {
    private final VmSite site;

    VmHealthIndicator(VmSite site) {
        this.site = site;
    }

    @Override
    public Health health() {
        return site.statusIfConfigured()
                .map(VmHealthIndicator::health)
                .orElseGet(() -> Health.up().withDetail("state", "none").build());
    }

    private static Health health(VmStatus now) {
        var health = Health.up().withDetail("state", now.state()).withDetail("since", now.since());
        now.cause().ifPresent(cause -> health.withDetail("cause", cause));
        now.problem().ifPresent(problem -> health.withDetail("problem", problem));
        return health.build();
    }
}
