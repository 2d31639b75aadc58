// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.submission.SubmissionQueue.Part;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.service.work.Lease;
import org.shareferry.service.work.Pacing;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Submits envelopes to the relay, the oldest first and many in one request. Every attempt sends the same bytes.
/// While the relay does not respond, one envelope at a time is tried, with a backoff. No transaction is open during
/// a request.
@Component
public final class EnvelopePump implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EnvelopePump.class);

    /// The interval of database queries for changes that are not signalled: commits of other replicas, and
    /// deliveries that become due.
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    /// If a request takes longer, the next one is sent meanwhile.
    private static final long SLOW_NANOS = Duration.ofMillis(250).toNanos();

    /// The minimum time between two requests while hand-overs are in progress, so that their envelopes are sent
    /// together.
    private static final Duration BATCHING_DELAY = Duration.ofMillis(50);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);
    private static final int OVERDUE_AT_ONCE = 200;

    private final RelayClient relay;
    private final Outbox outbox;
    private final SubmissionOutcomes outcomes;
    private final SharedCommits commits;
    private final PartyProperties properties;
    private final Lease lease;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Pacing pacing;
    private final SubmissionQueue queue;
    private final Semaphore wakeUps = new Semaphore(0);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger handOvers = new AtomicInteger();
    private ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean running;
    private final AtomicReference<Optional<RelayFailure>> failure = new AtomicReference<>(Optional.empty());
    private volatile int batchLimit;
    private int failures;
    private long lastRequestNanos = System.nanoTime() - BATCHING_DELAY.toNanos();
    private long lastPollNanos = System.nanoTime();
    private boolean lastWasFull;

    EnvelopePump(
            RelayClient relay,
            Outbox outbox,
            SubmissionOutcomes outcomes,
            SharedCommits commits,
            PartyProperties properties,
            Lease lease,
            MeterRegistry meters,
            Clock clock) {
        this.relay = relay;
        this.outbox = outbox;
        this.outcomes = outcomes;
        this.commits = commits;
        this.properties = properties;
        this.lease = lease;
        this.meters = meters;
        this.clock = clock;
        this.pacing = new Pacing(new Backoff(properties.minBackoff(), properties.maxBackoff()));
        this.queue = new SubmissionQueue(outbox, properties.maxBackoff().multipliedBy(2));
        this.batchLimit = properties.batchItems();
        // Register the counters at 0, so that the first event is visible as an increase.
        List.of("accepted", "refused", "held", "unavailable").forEach(this::counter);
    }

    /// Signals that a hand-over has begun; its envelopes can be submitted soon.
    public void handOverBegan() {
        handOvers.incrementAndGet();
    }

    /// Signals that a hand-over has ended.
    public void handOverEnded() {
        handOvers.decrementAndGet();
        wake();
    }

    /// Signals that an envelope to submit was committed.
    public void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /// Signals that the relay responds again.
    void relayAnswers() {
        pacing.succeeded();
        wake();
    }

    /// @return why and since when the relay cannot be reached; empty if the last attempt reached it
    public Optional<RelayFailure> failure() {
        return failure.get();
    }

    /// Offers held deliveries to the relay at once.
    ///
    /// @param only this delivery; all if empty
    /// @return the number of deliveries
    int offerAgain(Optional<DeliveryId> only) {
        int count = outbox.offerAgain(only);
        LOG.info("Offering {} held deliveries to the relay again.", count);
        queue.clear();
        relayAnswers();
        return count;
    }

    @Override
    public void start() {
        running = true;
        threads = Executors.newVirtualThreadPerTaskExecutor();
        Thread.ofVirtual().name("pump").start(this::run);
    }

    private void run() {
        while (running) {
            try {
                step();
                failures = 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (Integer.bitCount(++failures) == 1) {
                    LOG.error("Database error: waiting envelopes could not be read; retrying.", e);
                }
                pause(Lease.BEAT);
            }
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        if (lease.beat() && maySend() && send()) {
            return;
        }
        if (System.nanoTime() - lastPollNanos > POLL_INTERVAL.toNanos()) {
            lastPollNanos = System.nanoTime();
            expire();
        }
        var left = pacing.left().isPositive() ? pacing.left() : batchingDelay();
        var wait = left.isPositive() && left.compareTo(POLL_INTERVAL) < 0 ? left : POLL_INTERVAL;
        wakeUps.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        wakeUps.drainPermits();
    }

    /// Usually one request at a time, so that new envelopes are batched in the next one; more if one is not enough.
    private boolean maySend() {
        int now = requests.get();
        if (now == 0) {
            return pacing.left().isZero() && !batchingDelay().isPositive();
        }
        boolean helps = lastWasFull || System.nanoTime() - lastRequestNanos > SLOW_NANOS;
        return pacing.failures() == 0 && helps && now < properties.requestsInFlight();
    }

    /// @return how long to wait for envelopes of other hand-overs; not positive if there is no reason to wait
    private Duration batchingDelay() {
        return handOvers.get() == 0 || lastWasFull
                ? Duration.ZERO
                : BATCHING_DELAY.minusNanos(System.nanoTime() - lastRequestNanos);
    }

    private boolean send() {
        var parts = queue.next(batchLimit, properties.batchSize().toBytes());
        if (parts.isEmpty()) {
            return false;
        }
        int items = parts.stream().mapToInt(part -> part.contents().size()).sum();
        long bytes = parts.stream().mapToLong(Part::size).sum();
        lastWasFull = items == batchLimit || bytes > properties.batchSize().toBytes() / 2;
        lastRequestNanos = System.nanoTime();
        requests.incrementAndGet();
        threads.execute(() -> submit(parts));
        return true;
    }

    private void submit(List<Part> parts) {
        try {
            var answers = relay.submit(
                    parts.stream().flatMap(part -> part.contents().stream()).toList());
            adjustPace(parts, answers);
            commits.commit(() -> {
                outcomes.store(parts, answers);
                return parts.size();
            });
        } catch (RuntimeException e) {
            LOG.error(
                    "Database error: the relay's response was not stored. The same envelopes will be submitted again.",
                    e);
            pacing.failed(Optional.empty());
        } finally {
            parts.forEach(queue::done);
            requests.decrementAndGet();
            wake();
        }
    }

    /// The relay works if it gave an outcome for anything. Then deliveries whose first envelope has no outcome are
    /// set aside, because none of their outcomes can be stored. A delivery that failed in a request of its own is
    /// set aside too.
    private void adjustPace(List<Part> parts, List<Answer> answers) {
        boolean hasOutcome = answers.stream().anyMatch(answer -> !(answer instanceof Unavailable));
        int next = 0;
        for (var part : parts) {
            var own = answers.subList(next, next += part.contents().size());
            if (!(own.getFirst() instanceof Unavailable)) {
                queue.gotOutcome(part.delivery());
            } else if (hasOutcome || answers.size() == 1) {
                queue.setAside(part.delivery());
            }
        }
        if (hasOutcome) {
            if (pacing.failures() > 0) {
                queue.relayAnswersAgain();
            }
            pacing.succeeded();
            failure.set(Optional.empty());
            answers.forEach(this::count);
            batchLimit = Math.min(properties.batchItems(), 2 * Math.max(batchLimit, answers.size()));
        } else if (answers.getFirst() instanceof Unavailable unavailable) {
            batchLimit = 1;
            failure.updateAndGet(before -> Optional.of(new RelayFailure(
                    unavailable.reason(), before.map(RelayFailure::since).orElseGet(clock::instant))));
            count(unavailable);
            var wait = pacing.failed(unavailable.retryAfter());
            // The first failures are logged, later ones more and more rarely.
            var level = Integer.bitCount(pacing.failures()) == 1 ? Level.INFO : Level.DEBUG;
            LOG.atLevel(level)
                    .log(
                            "Submission to the relay failed; retrying in {} ms: {}",
                            wait.toMillis(),
                            unavailable.reason());
        }
    }

    private void expire() {
        for (var id : outbox.overdue(OVERDUE_AT_ONCE)) {
            outbox.expire(id);
            LOG.warn("Delivery {} expired: the client did not give receipts for all of it in time.", id);
        }
    }

    private void count(Answer answer) {
        counter(
                        switch (answer) {
                            case Accepted accepted -> "accepted";
                            case Refused refused when refused.isFinal() -> "refused";
                            case Refused refused -> "held";
                            case Unavailable unavailable -> "unavailable";
                        })
                .increment();
    }

    private Counter counter(String outcome) {
        return meters.counter("shareferry.submissions", "outcome", outcome);
    }

    @Override
    public void stop() {
        running = false;
        wake();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                threads.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lease.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
