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

/// One pump for each client with an address: it brings whatever waits for the client, the oldest first, as soon as it
/// is committed. Of several replicas one at a time has the client's lease and pumps.
@Component
class Pumps {
    private static final Logger LOG = LoggerFactory.getLogger(Pumps.class);

    /// While the client works on one request, the next is on its way.
    private static final int REQUESTS_AT_ONCE = 2;

    /// Time alone makes some bundles due, and another replica does not signal what it commits.
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
            // The other leases are renewed all the same.
            LOG.warn("A lease could not be renewed; the service tries again.", e);
        }
    }

    /// The roster may have got a client, or the address of one, since the service began.
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
                LOG.warn("Bundles of {} could not be brought; the service tries again.", client, e);
                Thread.sleep(AFTER_A_FAULT);
            }
            return false;
        }
    }

    /// A client without an address comes for its bundles itself.
    private boolean isDialled(MemberName client) {
        return roster.find(client).flatMap(member -> member.address()).isPresent();
    }

    @PreDestroy
    void stop() throws InterruptedException {
        threads.shutdownNow();
        if (!threads.awaitTermination(FOR_STOPPING.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("Some bundles are still on their way; what becomes of them is found out at the next start.");
        }
        leases.values().forEach(Lease::close);
    }
}
