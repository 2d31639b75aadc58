// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.relay.RelayProperties;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Lease;
import org.shareferry.service.work.Pacing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Fetches the answers of clients to which the relay connects, with one thread per client. Only one replica at a
/// time does so.
@Component
class AnswerFetching {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerFetching.class);
    private static final Duration BETWEEN_BEATS = Lease.BEAT.dividedBy(2);

    private final AnswerFetcher fetcher;
    private final RosterFile roster;
    private final CommitSignal commits;
    private final DataSource source;
    private final RelayProperties properties;
    private final Map<MemberName, Lease> leases = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    AnswerFetching(
            AnswerFetcher fetcher,
            RosterFile roster,
            CommitSignal commits,
            DataSource source,
            RelayProperties properties) {
        this.fetcher = fetcher;
        this.roster = roster;
        this.commits = commits;
        this.source = source;
        this.properties = properties;
    }

    @PostConstruct
    void start() {
        threads.execute(this::beat);
    }

    private void beat() {
        try {
            while (commits.isRunning()) {
                leases.values().forEach(Lease::beat);
                Thread.sleep(BETWEEN_BEATS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The roster may have changed.
    @Scheduled(fixedDelayString = "PT1S")
    void look() {
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            if (client.address().isPresent() && !leases.containsKey(client.name())) {
                var lease = new Lease("answers of " + client.name(), source);
                leases.put(client.name(), lease);
                threads.execute(() -> fetch(client.name(), lease));
            }
        }
    }

    private void fetch(MemberName client, Lease lease) {
        var pacing = new Pacing(new Backoff(properties.minBackoff(), properties.maxBackoff()));
        try {
            while (commits.isRunning()) {
                if (!lease.isOurs() || !isDialled(client)) {
                    Thread.sleep(Lease.BEAT);
                } else if (fetch(client)) {
                    pacing.succeeded();
                } else {
                    Thread.sleep(pacing.failed(Optional.empty()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean fetch(MemberName client) {
        try {
            return fetcher.fetch(client);
        } catch (RuntimeException e) {
            if (commits.isRunning()) {
                LOG.warn("Answers of {} could not be fetched; retrying.", client, e);
            }
            return false;
        }
    }

    private boolean isDialled(MemberName client) {
        return roster.find(client).flatMap(member -> member.address()).isPresent();
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
        leases.values().forEach(Lease::close);
    }
}
