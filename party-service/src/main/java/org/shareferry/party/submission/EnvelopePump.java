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
import org.shareferry.party.PartyProperties;
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
    private static final Duration LOOK = Duration.ofMillis(250);

    /// If a request takes longer, the next one is sent meanwhile.
    private static final long SLOW_NANOS = Duration.ofMillis(250).toNanos();

    /// While other hand-overs are under way, this long passes between the starts of two requests, so that what these
    /// hand over goes together.
    private static final Duration GATHER = Duration.ofMillis(50);

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);
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
    private final SubmissionQueue load;
    private final Semaphore news = new Semaphore(0);
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger handOvers = new AtomicInteger();
    private ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean running;
    private final AtomicReference<Optional<RelayTrouble>> trouble = new AtomicReference<>(Optional.empty());
    private volatile int most;
    private int troubles;
    private long lastBegan = System.nanoTime() - GATHER.toNanos();
    private long lastLook = System.nanoTime();
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
        this.load = new SubmissionQueue(outbox, properties.maxBackoff().multipliedBy(2));
        this.most = properties.batchItems();
        // Register the counters at 0, so that the first event is visible as an increase.
        List.of("accepted", "refused", "held", "unavailable").forEach(this::counter);
    }

    /// Says that a hand-over has begun, whose envelopes can be submitted soon.
    public void handOverBegan() {
        handOvers.incrementAndGet();
    }

    /// Says that a hand-over which had begun is over.
    public void handOverEnded() {
        handOvers.decrementAndGet();
        wake();
    }

    /// Signals that an envelope to submit was committed.
    public void wake() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    /// Signals that the relay responds again.
    void relayAnswers() {
        pacing.succeeded();
        wake();
    }

    /// @return why and since when the relay cannot be reached; empty if the last attempt reached it
    public Optional<RelayTrouble> trouble() {
        return trouble.get();
    }

    /// Offers held deliveries to the relay at once.
    ///
    /// @param only this delivery; all if empty
    /// @return the number of deliveries
    int offerAgain(Optional<DeliveryId> only) {
        int count = outbox.offerAgain(only);
        LOG.info("{} held deliveries are offered to the relay again.", count);
        load.clear();
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
                troubles = 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (Integer.bitCount(++troubles) == 1) {
                    LOG.error("The waiting envelopes could not be read from the database; retrying.", e);
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
        if (lease.beat() && mayAsk() && send()) {
            return;
        }
        if (System.nanoTime() - lastLook > LOOK.toNanos()) {
            lastLook = System.nanoTime();
            expire();
        }
        var left = pacing.left().isPositive() ? pacing.left() : gathering();
        var wait = left.isPositive() && left.compareTo(LOOK) < 0 ? left : LOOK;
        news.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        news.drainPermits();
    }

    /// Usually one request at a time, so that new envelopes are batched in the next one; more if one is not enough.
    private boolean mayAsk() {
        int now = requests.get();
        if (now == 0) {
            return pacing.left().isZero() && !gathering().isPositive();
        }
        boolean helps = lastWasFull || System.nanoTime() - lastBegan > SLOW_NANOS;
        return pacing.failures() == 0 && helps && now < properties.requestsInFlight();
    }

    /// @return how long to wait for what other hand-overs will have to submit; not positive when there is no reason to
    private Duration gathering() {
        return handOvers.get() == 0 || lastWasFull ? Duration.ZERO : GATHER.minusNanos(System.nanoTime() - lastBegan);
    }

    private boolean send() {
        var parts = load.next(most, properties.batchSize().toBytes());
        if (parts.isEmpty()) {
            return false;
        }
        int items = parts.stream().mapToInt(part -> part.contents().size()).sum();
        long bytes = parts.stream().mapToLong(Part::size).sum();
        lastWasFull = items == most || bytes > properties.batchSize().toBytes() / 2;
        lastBegan = System.nanoTime();
        requests.incrementAndGet();
        threads.execute(() -> carry(parts));
        return true;
    }

    private void carry(List<Part> parts) {
        try {
            var answers = relay.submit(
                    parts.stream().flatMap(part -> part.contents().stream()).toList());
            pace(parts, answers);
            commits.commit(() -> {
                outcomes.store(parts, answers);
                return parts.size();
            });
        } catch (RuntimeException e) {
            LOG.error("The relay's response could not be stored; the same envelopes will be submitted again.", e);
            pacing.failed(Optional.empty());
        } finally {
            parts.forEach(load::done);
            requests.decrementAndGet();
            wake();
        }
    }

    /// The relay works if it gave an outcome for anything. Then deliveries whose first envelope has no outcome are
    /// set aside, because none of their outcomes can be stored. A delivery that failed in a request of its own is
    /// set aside too.
    private void pace(List<Part> parts, List<Answer> answers) {
        boolean judged = answers.stream().anyMatch(answer -> !(answer instanceof Unavailable));
        int next = 0;
        for (var part : parts) {
            var own = answers.subList(next, next += part.contents().size());
            if (!(own.getFirst() instanceof Unavailable)) {
                load.judged(part.delivery());
            } else if (judged || answers.size() == 1) {
                load.setAside(part.delivery());
            }
        }
        if (judged) {
            if (pacing.failures() > 0) {
                load.relayAnswersAgain();
            }
            pacing.succeeded();
            trouble.set(Optional.empty());
            answers.forEach(this::count);
            most = Math.min(properties.batchItems(), 2 * Math.max(most, answers.size()));
        } else if (answers.getFirst() instanceof Unavailable unavailable) {
            most = 1;
            trouble.updateAndGet(before -> Optional.of(new RelayTrouble(
                    unavailable.reason(), before.map(RelayTrouble::since).orElseGet(clock::instant))));
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
            LOG.warn("The delivery {} expired before the client gave receipts for all of it.", id);
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
            if (!threads.awaitTermination(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                threads.awaitTermination(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
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
