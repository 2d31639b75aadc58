// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.shareferry.check.Verdict;
import org.shareferry.client.CommitLoop;
import org.shareferry.client.webhook.WebhookEvent.Type;
import org.shareferry.client.webhook.WebhookSender.Outcome;
import org.shareferry.client.webhook.WebhookStore.Cursor;
import org.shareferry.client.webhook.WebhookStore.Ended;
import org.shareferry.delivery.Scheme;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.neighbours.WebhookCheck;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.health.FindingsOfWork;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Lease;
import org.shareferry.service.work.Pacing;
import org.shareferry.site.settings.WebhookProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Tells the receiver of each delivery that has ended, one after the other in commit order. An event is sent until it
/// is acknowledged or given up. The position is in the database, so a restart loses nothing. One replica does the work.
/// An event may come twice, after a crash or when another replica takes over; its id is then the same.
@Component
class Webhook extends CommitLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /// A waiting input answers a request at once; then nobody needs to know of it.
    private static final Duration ANSWERED_BY_THEN = Duration.ofSeconds(2);

    private final WebhookStore store;
    private final WebhookSender sender;
    private final WebhookProperties properties;
    private final Lease lease;
    private final CommitSignal commits;
    private final Clock clock;
    private final ApplicationEventPublisher events;
    private final Pacing pacing;
    private final Counter acknowledged;
    private final Counter failed;
    private final Counter givenUp;
    private volatile Optional<Instant> oldest = Optional.empty();
    private String failure = "";

    @Autowired
    Webhook(
            WebhookStore store,
            WebhookSender sender,
            WebhookProperties properties,
            DataSource source,
            CommitSignal commits,
            Clock clock,
            ApplicationEventPublisher events,
            MeterRegistry meters) {
        this(
                store,
                sender,
                properties,
                new Lease("webhook", source),
                new Pacing(new Backoff(FIRST_PAUSE, properties.maxBackoff())),
                commits,
                clock,
                events,
                meters);
    }

    Webhook(
            WebhookStore store,
            WebhookSender sender,
            WebhookProperties properties,
            Lease lease,
            Pacing pacing,
            CommitSignal commits,
            Clock clock,
            ApplicationEventPublisher events,
            MeterRegistry meters) {
        super("webhook", commits);
        this.store = store;
        this.sender = sender;
        this.properties = properties;
        this.lease = lease;
        this.commits = commits;
        this.clock = clock;
        this.events = events;
        this.pacing = pacing;
        this.acknowledged = meters.counter("shareferry.webhook.attempts", "outcome", "acknowledged");
        this.failed = meters.counter("shareferry.webhook.attempts", "outcome", "failed");
        this.givenUp = meters.counter("shareferry.webhook.given.up");
        Gauge.builder("shareferry.webhook.oldest.age", this::oldestAge)
                .baseUnit("seconds")
                .description("How long the next event of the webhook has not been acknowledged")
                .register(meters);
    }

    private double oldestAge() {
        return oldest.map(since -> Duration.between(since, clock.instant()).toSeconds())
                .orElse(0L);
    }

    @Override
    public void start() {
        if (properties.receiver().isEmpty()) {
            store.forget();
            return;
        }
        store.begin();
        lease.beat();
        super.start();
    }

    /// Renews the lease, or takes it if it is free. An attempt may take longer than the lease lasts.
    @Scheduled(fixedRateString = "PT1S")
    synchronized void beat() {
        if (isRunning()) {
            lease.beat();
        }
    }

    @Override
    protected Duration work() throws InterruptedException {
        try {
            return step() ? Duration.ZERO : BETWEEN_LOOKS;
        } catch (RuntimeException e) {
            if (commits.isRunning()) {
                LOG.warn("The webhook could not be served; trying again every second", e);
            }
            return BETWEEN_LOOKS;
        }
    }

    /// Looks at the next delivery.
    ///
    /// @return whether to look at the one after it at once
    boolean step() throws InterruptedException {
        if (!lease.isOurs()) {
            leaveToAnother();
            return false;
        }
        if (pacing.left().isPositive()) {
            return false;
        }
        var cursor = store.cursor();
        if (cursor.isEmpty()) {
            beginAnew();
            return false;
        }
        var next = store.next(cursor.get().told());
        if (next.isEmpty()) {
            oldest = Optional.empty();
            return false;
        }
        return switch (decide(next.get())) {
            case Decision.Wait wait -> false;
            case Decision.Pass pass -> {
                store.advance(cursor.get(), next.get().number());
                yield true;
            }
            case Decision.Tell(var event) -> isTold(event, cursor.get(), next.get());
        };
    }

    /// A replica without a URL deletes the position when it starts.
    private void beginAnew() {
        LOG.warn("The webhook's position was deleted; a replica without shareferry.client.webhook.url does this. It"
                + " continues with the next delivery that ends. Set the URL at all replicas or at none, and read what"
                + " is missing from /v1/results.");
        store.begin();
        oldest = Optional.empty();
    }

    private void leaveToAnother() {
        oldest = Optional.empty();
        if (!failure.isEmpty()) {
            failure = "";
            publish(List.of());
        }
    }

    /// What to do about a delivery that has ended.
    private sealed interface Decision {
        record Tell(WebhookEvent event) implements Decision {}

        /// Nobody needs to know of it.
        record Pass() implements Decision {}

        record Wait() implements Decision {}
    }

    private Decision decide(Ended next) {
        if (next.facts().isEmpty()) {
            return new Decision.Pass();
        }
        var facts = next.facts().get();
        boolean isRequest = facts.scheme() == Scheme.INPUT
                && next.verdict().filter(verdict -> verdict != Verdict.REJECTED).isPresent();
        if (isRequest && !next.isOpenRequest()) {
            return new Decision.Pass();
        }
        if (isRequest && isRecent(next.ended())) {
            return new Decision.Wait();
        }
        var type =
                next.verdict().isEmpty() ? Type.RESULT_EXPIRED : isRequest ? Type.REQUEST_OPENED : Type.RESULT_CHECKED;
        return new Decision.Tell(new WebhookEvent(type, facts, next.verdict(), next.ended()));
    }

    /// A time far in the future is not recent: the clock was set back.
    private boolean isRecent(Instant ended) {
        return Duration.between(ended, clock.instant()).abs().compareTo(ANSWERED_BY_THEN) < 0;
    }

    private boolean isTold(WebhookEvent event, Cursor cursor, Ended next) throws InterruptedException {
        oldest = Optional.of(next.ended());
        var outcome = sender.send(event);
        if (!commits.isRunning()) {
            // The service stops, which cancels attempts.
            return false;
        }
        return switch (outcome) {
            case Outcome.Acknowledged acknowledgement -> {
                acknowledged.increment();
                pacing.succeeded();
                store.advance(cursor, next.number());
                report("");
                yield true;
            }
            case Outcome.Failed(var reason, var retryAfter) -> {
                failed.increment();
                pacing.failed(retryAfter);
                if (isOver(cursor)) {
                    givenUp.increment();
                    store.advance(cursor, next.number());
                    // Not the event's id, which depends on the verdict.
                    LOG.warn(
                            "The webhook gave up the event of delivery {}.",
                            event.facts().key());
                } else {
                    store.failed(cursor, clock.instant());
                }
                report(reason);
                yield false;
            }
        };
    }

    private boolean isOver(Cursor cursor) {
        return cursor.failingSince()
                .filter(since -> !since.plus(properties.giveUpAfter()).isAfter(clock.instant()))
                .isPresent();
    }

    /// Publishes only changes, which are logged.
    private void report(String reason) {
        if (!reason.equals(failure)) {
            failure = reason;
            publish(reason.isEmpty() ? List.of() : List.of(WebhookCheck.failing(reason)));
            if (reason.isEmpty()) {
                LOG.info("The webhook's receiver acknowledges again.");
            }
        }
    }

    private void publish(List<Finding> findings) {
        events.publishEvent(new FindingsOfWork("webhook", findings));
    }

    @Override
    public void close() {
        stop();
        lease.close();
    }
}
