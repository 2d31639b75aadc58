// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.service.member.RosterFile;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Warns before a client's last announced key expires: in health, as a metric, and in the log.
@Component("clientKeysHealthIndicator")
class KeyExpiryMonitor implements HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(KeyExpiryMonitor.class);

    private final ClientKeys keys;
    private final RosterFile roster;
    private final PartyProperties properties;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Set<MemberName> measured = ConcurrentHashMap.newKeySet();

    KeyExpiryMonitor(
            ClientKeys keys, RosterFile roster, PartyProperties properties, Clock clock, MeterRegistry meters) {
        this.keys = keys;
        this.roster = roster;
        this.properties = properties;
        this.clock = clock;
        this.meters = meters;
    }

    /// A missing key does not make health DOWN: sealed envelopes are still submitted, and a restart would not help.
    @Override
    public Health health() {
        var health = Health.up();
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            health.withDetail(client.name().toString(), describe(client.name()));
        }
        return health.build();
    }

    @Scheduled(fixedRateString = "PT1H", initialDelayString = "PT1M")
    void warn() {
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            measure(client.name());
            if (remaining(client.name()).compareTo(properties.keyExpiryWarning()) < 0) {
                LOG.warn("{}: {}", client.name(), describe(client.name()));
            }
        }
    }

    private String describe(MemberName client) {
        var end = keys.end(client);
        if (end.isEmpty()) {
            return "no key announcement; nothing can be sealed to this client";
        }
        var left = remaining(client);
        if (left.isNegative()) {
            return "warning: all announced keys have expired; nothing can be sealed to this client";
        }
        var until = "the last announced key is valid until " + end.get();
        return left.compareTo(properties.keyExpiryWarning()) < 0 ? "warning: " + until : until;
    }

    private void measure(MemberName client) {
        if (measured.add(client)) {
            Gauge.builder(
                            "shareferry.client.key.remaining",
                            this,
                            watch -> watch.remaining(client).toSeconds())
                    .tag("client", client.toString())
                    .baseUnit("seconds")
                    .description("Time until the client's last announced key expires")
                    .register(meters);
        }
    }

    private Duration remaining(MemberName client) {
        return keys.end(client)
                .map(end -> Duration.between(clock.instant(), end))
                .orElse(Duration.ZERO);
    }
}
