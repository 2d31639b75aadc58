// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.relay.RelayProperties;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.work.Lease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// One pump for each client with an address. It pushes waiting bundles, the oldest first, as soon as they are
/// committed. Only the replica with the client's lease does so.
@Component
class Pumps {
    private static final Logger LOG = LoggerFactory.getLogger(Pumps.class);

    /// The next request can be in flight while the client processes one.
    private static final int REQUESTS_AT_ONCE = 2;

    /// Some bundles become due by time, and commits of other replicas are not signalled.
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private static final Duration WITH_REPLICAS = Duration.ofMillis(100);

    private static final Duration BETWEEN_BEATS = Lease.BEAT.dividedBy(2);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final Duration FOR_STOPPING = Duration.ofSeconds(5);

    private final Pusher pusher;
    private final RosterFile roster;
    private final CommitSignal commits;
    private final DataSource source;
    private final RelayProperties properties;
    private final Map<MemberName, Lease> leases = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Pumps(Pusher pusher, RosterFile roster, CommitSignal commits, DataSource source, RelayProperties properties) {
        this.pusher = pusher;
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
                leases.values().forEach(Pumps::beat);
                Thread.sleep(BETWEEN_BEATS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void beat(Lease lease) {
        try {
            lease.beat();
        } catch (RuntimeException e) {
            // The other leases must still be renewed.
            LOG.warn("A lease could not be renewed; retrying.", e);
        }
    }

    /// The roster may have a new client or address.
    @Scheduled(fixedDelayString = "PT1S")
    void begin() {
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            if (client.address().isPresent() && !leases.containsKey(client.name())) {
                begin(client.name());
            }
        }
    }

    private void begin(MemberName client) {
        var lease = new Lease("bundles of " + client, source);
        leases.put(client, lease);
        var next =
                new NextBundles(properties.batchItems(), properties.batchSize().toBytes(), System::nanoTime);
        for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
            threads.execute(() -> pump(client, lease, next));
        }
    }

    private void pump(MemberName client, Lease lease, NextBundles next) {
        try {
            while (commits.isRunning()) {
                int phase = commits.phase();
                if (!bring(client, lease, next)) {
                    commits.await(phase, lease.isShared() ? WITH_REPLICAS : BETWEEN_LOOKS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean bring(MemberName client, Lease lease, NextBundles next) throws InterruptedException {
        try {
            return isDialled(client) && lease.isOurs() && pusher.push(client, next);
        } catch (RuntimeException e) {
            if (commits.isRunning()) {
                LOG.warn("Bundles for {} could not be pushed; retrying.", client, e);
                Thread.sleep(AFTER_A_FAULT);
            }
            return false;
        }
    }

    /// A client without an address pulls its bundles.
    private boolean isDialled(MemberName client) {
        return roster.find(client).flatMap(member -> member.address()).isPresent();
    }

    @PreDestroy
    void stop() throws InterruptedException {
        threads.shutdownNow();
        if (!threads.awaitTermination(FOR_STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Stopping while bundles are in flight; their outcome is determined after the next start.");
        }
        leases.values().forEach(Lease::close);
    }
}
