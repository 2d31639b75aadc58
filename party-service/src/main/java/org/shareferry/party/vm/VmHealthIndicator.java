// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Shows the status of each VM in health. It is always UP: a restart of the service would not help a VM, and the
/// service has other work.
@Component
final class VmHealthIndicator implements HealthIndicator {
    private final VmConnectors connectors;

    VmHealthIndicator(VmConnectors connectors) {
        this.connectors = connectors;
    }

    @Override
    public Health health() {
        var health = Health.up();
        var statuses = connectors.statuses();
        if (statuses.isEmpty()) {
            return health.withDetail("state", "none").build();
        }
        statuses.forEach(now -> health.withDetail(now.name(), details(now)));
        return health.build();
    }

    private static Map<String, Object> details(VmStatus now) {
        var details = new LinkedHashMap<String, Object>();
        details.put("state", now.state());
        details.put("since", now.since());
        now.cause().ifPresent(cause -> details.put("cause", cause));
        now.problem().ifPresent(problem -> details.put("problem", problem));
        return details;
    }
}
