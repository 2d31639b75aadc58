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
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.shareferry.diagnostics.Checkup;
import org.shareferry.diagnostics.certificates.ValidityPeriod;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.mpspdz.VmPortCheck;
import org.shareferry.service.member.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;

/// Runs the checks of `shareferry doctor`: on files at start-up and whenever certificates are renewed, on the
/// database every few seconds, on everything once an hour. Findings are shown in health, metrics and the log before
/// they cause failures.
final class DiagnosticsHealth implements HealthIndicator {
    private static final Logger LOG = LoggerFactory.getLogger(DiagnosticsHealth.class);

    private final Checkup checkup;
    private final Supplier<List<Finding>> database;
    private final Clock clock;
    private final MultiGauge remaining;
    private volatile List<Finding> files = List.of();
    private volatile List<Finding> neighbours = List.of();
    private volatile List<Finding> storage = List.of();
    private volatile List<Finding> vmPort = List.of();
    private volatile Map<String, ValidityPeriod> validityPeriods = Map.of();
    private final Map<String, List<Finding>> ofWork = new ConcurrentSkipListMap<>();

    /// @param checkup of this member
    /// @param database examines the database, which only the running service can reach
    DiagnosticsHealth(Checkup checkup, Supplier<List<Finding>> database, Clock clock, MeterRegistry meters) {
        this.checkup = checkup;
        this.database = database;
        this.clock = clock;
        this.remaining = MultiGauge.builder("shareferry.certificate.remaining")
                .baseUnit("seconds")
                .description("Time until a certificate expires: of this service, its neighbours, and the VM")
                .register(meters);
        for (var severity : List.of(Severity.WARNING, Severity.FAULT)) {
            Gauge.builder("shareferry.doctor.findings", this, health -> health.count(severity))
                    .tag("level", severity.name().toLowerCase(Locale.ROOT))
                    .description("Number of findings of shareferry doctor at this member, as of the last check")
                    .register(meters);
        }
    }

    /// @throws StartupException when no TLS connection would be possible, with the remedy
    static void requireUsable(Checkup checkup) {
        var fatal = checkup.fatal();
        if (!fatal.isEmpty()) {
            throw new StartupException(String.join(
                    System.lineSeparator(),
                    fatal.stream().map(Finding::sentence).toList()));
        }
    }

    /// Runs the checks that need no network.
    void lookAtFiles() {
        files = checkup.files();
        report(files);
        validityPeriods = checkup.validityPeriods();
        remaining.register(
                validityPeriods.entrySet().stream()
                        .map(term -> MultiGauge.Row.of(
                                Tags.of("certificate", term.getKey()),
                                term.getValue().until(),
                                until ->
                                        Duration.between(clock.instant(), until).toSeconds()))
                        .toList(),
                true);
    }

    /// Delayed, because neighbours may start later than this service.
    @Scheduled(fixedRateString = "PT1H", initialDelayString = "PT1M")
    void lookAtEverything() {
        lookAtFiles();
        neighbours = checkup.neighbours();
        report(neighbours);
    }

    /// Runs often, because health depends on it. Unchanged findings are not logged again.
    @Scheduled(fixedDelayString = "PT15S", initialDelayString = "PT15S")
    void lookAtDatabase() {
        var before = storage;
        storage = database.get();
        if (!storage.equals(before)) {
            report(storage);
        }
    }

    /// A VM listens only while a program runs, so hourly checks would usually miss it.
    @EventListener
    void lookAtVmPort(VmListens listens) {
        vmPort = VmPortCheck.examine(listens.port());
        report(vmPort);
    }

    /// Takes what a running service found itself.
    @EventListener
    void take(FindingsOfWork found) {
        ofWork.put(found.work(), found.findings());
        report(found.findings());
    }

    private static void report(List<Finding> findings) {
        for (var finding : findings) {
            switch (finding.severity()) {
                case OK -> LOG.debug("{}", finding.sentence());
                case WARNING, FAULT -> LOG.warn("{}", finding.sentence());
            }
        }
    }

    /// Down only if no TLS connection is possible or nothing can be stored. An unreachable neighbour or a file with
    /// wrong permissions is no reason to restart this service.
    @Override
    public Health health() {
        boolean isUsable = checkup.fatal().isEmpty();
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
        return findings().stream()
                .filter(finding -> finding.severity() == severity)
                .toList();
    }

    /// @return the findings of the last check
    List<Finding> findings() {
        return Stream.concat(Stream.of(files, storage, vmPort, neighbours), ofWork.values().stream())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /// @return the dates of certificates at the last check, by name
    Map<String, ValidityPeriod> validityPeriods() {
        return validityPeriods;
    }
}
