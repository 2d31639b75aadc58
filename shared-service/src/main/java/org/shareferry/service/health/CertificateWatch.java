// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.scheduling.annotation.Scheduled;

/// Warns long before our own TLS certificate ends: in health, as a metric, and in the log once an hour.
final class CertificateWatch implements HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration WARNING = Duration.ofDays(14);

    private final SslBundles bundles;
    private final Clock clock;

    CertificateWatch(SslBundles bundles, Clock clock, MeterRegistry meters) {
        this.bundles = bundles;
        this.clock = clock;
        Gauge.builder("shareferry.certificate.remaining", this, CertificateWatch::remainingSeconds)
                .baseUnit("seconds")
                .description("How long our own TLS certificate is still valid")
                .register(meters);
    }

    @Override
    public Health health() {
        var end = end();
        if (end.isEmpty()) {
            return Health.down()
                    .withDetail("certificate", "our own TLS certificate cannot be read")
                    .build();
        }
        var left = Duration.between(clock.instant(), end.get());
        var health = left.isNegative() ? Health.down() : Health.up();
        if (left.compareTo(WARNING) < 0) {
            health.withDetail("warning", "our own TLS certificate ends within 14 days, or has ended");
        }
        return health.withDetail("validUntil", end.get().toString()).build();
    }

    @Scheduled(fixedRateString = "PT1H")
    void warn() {
        var left = Duration.ofSeconds((long) remainingSeconds());
        if (left.compareTo(WARNING) < 0) {
            LOG.warn(
                    "Our own TLS certificate ends in {} hours: renew it with `shareferry certificates`.",
                    left.toHours());
        }
    }

    private double remainingSeconds() {
        return end().map(end -> (double) Duration.between(clock.instant(), end).toSeconds())
                .orElse(0.0);
    }

    private Optional<Instant> end() {
        try {
            var store = bundles.getBundle("member").getStores().getKeyStore();
            if (store == null) {
                return Optional.empty();
            }
            for (var alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate && store.isKeyEntry(alias)) {
                    return Optional.of(certificate.getNotAfter().toInstant());
                }
            }
            return Optional.empty();
        } catch (KeyStoreException e) {
            return Optional.empty();
        }
    }
}
