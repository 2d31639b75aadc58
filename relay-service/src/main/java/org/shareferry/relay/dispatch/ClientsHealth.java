// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import org.shareferry.member.Role;
import org.shareferry.service.member.RosterFile;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Shows which clients cannot be reached. This is no failure of the relay, which keeps their bundles: health stays
/// UP, and readiness does not depend on it.
@Component("clients")
class ClientsHealth implements HealthIndicator {
    private final RosterFile roster;
    private final Reachability reachability;

    ClientsHealth(RosterFile roster, Reachability reachability) {
        this.roster = roster;
        this.reachability = reachability;
    }

    @Override
    public Health health() {
        var health = Health.up();
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            var state = client.address().isEmpty()
                    ? "pulls its bundles"
                    : reachability
                            .failure(client.name())
                            .map(failure -> "since " + failure.since() + ": " + failure.reason())
                            .orElse("reachable");
            health.withDetail(client.name().toString(), state);
        }
        return health.build();
    }
}
