// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.shareferry.client.check.CheckStore.Finished;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.storage.SharedCommits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Runs the checks of complete deliveries. Deliveries whose bodies are in memory are checked at once and share
/// commits. All others are opened from their stored envelopes, a few at a time.
///
/// A check holds a lease on its delivery, which a running process renews. A sweep takes free leases: those of
/// crashed processes and stopped replicas, and those of failed checks that are due again.
@Component
public class CheckScheduler implements AutoCloseable {
    /// After this time other processes take over the checks of a crashed one.
    public static final Duration LEASE = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(CheckScheduler.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final long RENEW_AFTER = Duration.ofSeconds(1).toNanos();
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final int THREADS = 2;
    private static final int TOGETHER = 64;

    /// The maximum number of bytes of values that share a commit.
    private static final int TOGETHER_BYTES = 1 << 20;

    /// The maximum number of checks in progress; further ones are left to the sweep.
    private static final int MOST_UNDER_WAY = 4_096;

    private final CheckStore store;
    private final DeliveryCheck check;
    private final OpenedBodies bodies;
    private final SharedCommits commits;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<DeliveryKey, Long> underWay = new ConcurrentHashMap<>();
    private final Map<DeliveryKey, Integer> failures = new ConcurrentHashMap<>();
    private final Queue<DeliveryKey> fromMemory = new ConcurrentLinkedQueue<>();
    private final ExecutorService quick = threads("check-");
    private final ExecutorService slow = threads("check-stored-");
    private final RandomGenerator random = RandomGenerator.getDefault();
    private volatile boolean isStopping;

    CheckScheduler(
            CheckStore store,
            DeliveryCheck check,
            OpenedBodies bodies,
            SharedCommits commits,
            Clock clock,
            MeterRegistry meters) {
        this.store = store;
        this.check = check;
        this.bodies = bodies;
        this.commits = commits;
        this.clock = clock;
        this.meters = meters;
    }

    private static ExecutorService threads(String name) {
        return Executors.newFixedThreadPool(
                THREADS, Thread.ofVirtual().name(name, 0).factory());
    }

    /// Begins the checks of deliveries whose last bundles have just been committed, and returns at once.
    public void begin(Collection<DeliveryKey> complete) {
        complete.forEach(this::begin);
    }

    private void begin(DeliveryKey delivery) {
        if (underWay.size() >= MOST_UNDER_WAY || !claim(delivery)) {
            return;
        }
        if (bodies.has(delivery)) {
            fromMemory.add(delivery);
            quick.execute(this::checkFromMemory);
        } else {
            slow.execute(() -> check(List.of(delivery)));
        }
    }

    /// @return whether no other thread of this process has it
    boolean claim(DeliveryKey delivery) {
        return underWay.putIfAbsent(delivery, System.nanoTime()) == null;
    }

    void release(DeliveryKey delivery) {
        underWay.remove(delivery);
    }

    private void checkFromMemory() {
        var together = new ArrayList<DeliveryKey>();
        for (var next = fromMemory.poll(); next != null; next = fromMemory.poll()) {
            together.add(next);
            if (together.size() == TOGETHER) {
                break;
            }
        }
        check(together);
    }

    private void check(List<DeliveryKey> deliveries) {
        try {
            var finished = new ArrayList<Finished>();
            for (var delivery : deliveries) {
                attempt(delivery).ifPresent(finished::add);
                if (finished.stream().mapToLong(Finished::valueBytes).sum() > TOGETHER_BYTES) {
                    finish(finished);
                    finished.clear();
                }
            }
            finish(finished);
        } finally {
            // Also after an Error, or the sweep would renew these leases for ever.
            deliveries.forEach(this::release);
        }
    }

    private Optional<Finished> attempt(DeliveryKey delivery) {
        try (var ignored = MDC.putCloseable("delivery", delivery.id().toString())) {
            return isStopping ? Optional.empty() : check.run(delivery);
        } catch (RuntimeException e) {
            postpone(delivery, e);
            return Optional.empty();
        }
    }

    private void finish(List<Finished> finished) {
        if (finished.isEmpty()) {
            return;
        }
        try {
            commits.commit(() -> store.finish(finished));
            finished.forEach(this::note);
        } catch (RuntimeException e) {
            if (finished.size() > 1) {
                finished.forEach(one -> finish(List.of(one)));
            } else {
                postpone(finished.getFirst().key(), e);
            }
        }
    }

    private void note(Finished finished) {
        failures.remove(finished.key());
        meters.counter("shareferry.deliveries.checked").increment();
        try (var ignored = MDC.putCloseable("delivery", finished.key().id().toString())) {
            LOG.info("A delivery was checked");
        }
    }

    private void postpone(DeliveryKey delivery, RuntimeException failure) {
        LOG.error("A delivery could not be checked; retrying", failure);
        var delay = BACKOFF.after(failures.merge(delivery, 1, Integer::sum), random);
        try {
            store.hold(List.of(delivery), clock.instant().plus(delay));
        } catch (DataAccessException | TransactionException e) {
            // The sweep takes it when the lease ends.
            LOG.debug("The lease of a check could not be changed", e);
        }
    }

    /// Renews the leases of long checks, and takes free leases.
    @Scheduled(fixedRateString = "PT1S")
    void sweep() {
        long now = System.nanoTime();
        var running = underWay.entrySet().stream()
                .filter(entry -> now - entry.getValue() > RENEW_AFTER)
                .map(Map.Entry::getKey)
                .toList();
        try {
            store.hold(running, clock.instant().plus(LEASE));
            if (underWay.size() < TOGETHER) {
                begin(store.takeUp(clock.instant(), TOGETHER));
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Deliveries that wait for their check could not be read; retrying every second", e);
        }
    }

    @Override
    public void close() {
        isStopping = true;
        for (var threads : List.of(quick, slow)) {
            threads.shutdown();
            try {
                if (!threads.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    threads.shutdownNow();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                threads.shutdownNow();
            }
        }
    }
}
