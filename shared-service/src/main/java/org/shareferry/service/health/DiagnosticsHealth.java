// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.shareferry.doctor.Checkup;
import org.shareferry.doctor.Finding;
import org.shareferry.doctor.Severity;
import org.shareferry.doctor.VmPortCheck;
import org.shareferry.service.member.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

/// Looks the member over as `shareferry doctor` does: its files at start-up and whenever certificates are
/// renewed, its database every few seconds, all of it once an hour. What is wrong goes into health, metrics and log
/// long before it hurts.
final class DiagnosticsHealth implements HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(DiagnosticsHealth.class);

    private final Optional<Checkup> checkup;
    private final Supplier<List<Finding>> database;
    private final Clock clock;
    private final MultiGauge remaining;
    private volatile List<Finding> files = List.of();
    private volatile List<Finding> neighbours = List.of();
    private volatile List<Finding> storage = List.of();
    private volatile List<Finding> vmPort = List.of();

    /// @param checkup of this member, unless its settings are of a kind that the doctor does not know
    /// @param database looks at what only the running service can reach
    DiagnosticsHealth(Optional<Checkup> checkup, Supplier<List<Finding>> database, Clock clock, MeterRegistry meters) {
        this.checkup = checkup;
        this.database = database;
        this.clock = clock;
        this.remaining = MultiGauge.builder("shareferry.certificate.remaining")
                .baseUnit("seconds")
                .description("How long a certificate is still valid: our own, our neighbours', those for the VM")
                .register(meters);
        for (var severity : List.of(Severity.WARNING, Severity.FAULT)) {
            Gauge.builder("shareferry.doctor.findings", this, health -> health.count(severity))
                    .tag("level", severity.name().toLowerCase(Locale.ROOT))
                    .description("What shareferry doctor finds wrong at this member, as of the last look")
                    .register(meters);
        }
    }

    /// @throws StartupException when no connection could come about, with what mends it
    static void requireUsable(Checkup checkup) {
        var fatal = checkup.fatal();
        if (!fatal.isEmpty()) {
            throw new StartupException(String.join(
                    System.lineSeparator(),
                    fatal.stream().map(Finding::sentence).toList()));
        }
    }

    /// Looks at what needs no network.
    void lookAtFiles() {
        checkup.ifPresent(present -> {
            files = present.files();
            report(files);
            remaining.register(
                    present.ends().entrySet().stream()
                            .map(end -> MultiGauge.Row.of(
                                    Tags.of("certificate", end.getKey()),
                                    end.getValue(),
                                    until -> Duration.between(clock.instant(), until)
                                            .toSeconds()))
                            .toList(),
                    true);
        });
    }

    /// Neighbours may start after us, so not at once.
    @Scheduled(fixedRateString = "PT1H", initialDelayString = "PT1M")
    void lookAtEverything() {
        lookAtFiles();
        checkup.ifPresent(present -> {
            neighbours = present.neighbours();
            report(neighbours);
        });
    }

    /// Often, because health depends on it. What stays as it was is not told again.
    @Scheduled(fixedDelayString = "PT15S", initialDelayString = "PT15S")
    void lookAtDatabase() {
        var before = storage;
        storage = database.get();
        if (!storage.equals(before)) {
            report(storage);
        }
    }

    /// A VM listens only while a program runs, which an hourly look mostly misses.
    @EventListener
    void lookAtVmPort(VmListens listens) {
        vmPort = VmPortCheck.examine(listens.port());
        report(vmPort);
    }

    private static void report(List<Finding> findings) {
        for (var finding : findings) {
            switch (finding.severity()) {
                case OK -> LOG.debug("{}", finding.sentence());
                case WARNING, FAULT -> LOG.warn("{}", finding.sentence());
            }
        }
    }

    /// Down only if no TLS connection is possible or nothing can be stored. That a neighbour is away, or others are
    /// careless, is no reason to restart us.
    @Override
    public Health health() {
        boolean isUsable =
                checkup.map(Checkup::fatal).filter(fatal -> !fatal.isEmpty()).isEmpty();
        boolean canStore = storage.stream().noneMatch(finding -> finding.severity() == Severity.FAULT);
        var health = isUsable && canStore ? Health.up() : Health.down();
        for (var severity : List.of(Severity.WARNING, Severity.FAULT)) {
            var sentences = problems(severity).stream().map(Finding::sentence).toList();
            if (!sentences.isEmpty()) {
                health.withDetail(severity.name().toLowerCase(Locale.ROOT) + "s", sentences);
            }
        }
        return health.build();
    }

    private int count(Severity severity) {
        return problems(severity).size();
    }

    private List<Finding> problems(Severity severity) {
        return Stream.of(files, storage, vmPort, neighbours)
                .flatMap(List::stream)
                .filter(finding -> finding.severity() == severity)
                .distinct()
                .toList();
    }
}
