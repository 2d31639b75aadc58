// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Place;
import org.shareferry.party.PartyProperties;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.OutboxDelivery;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.submission.Attempt.Accepted;
import org.shareferry.party.submission.Attempt.Held;
import org.shareferry.party.submission.Attempt.Postponed;
import org.shareferry.party.submission.Attempt.Refused;
import org.shareferry.party.submission.Attempt.Skipped;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.work.TryAgainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Carries a delivery's envelopes to the relay, several at a time, each the same bytes at every attempt. No
/// transaction is open while the relay is asked.
@Component
class EnvelopeCourier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EnvelopeCourier.class);
    private static final int BATCH = 64;

    private final Relay relay;
    private final Outbox outbox;
    private final Deliveries deliveries;
    private final PartyProperties properties;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Semaphore inFlight;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    EnvelopeCourier(
            Relay relay,
            Outbox outbox,
            Deliveries deliveries,
            PartyProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.relay = relay;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.properties = properties;
        this.clock = clock;
        this.meters = meters;
        this.inFlight = new Semaphore(properties.inFlight());
        // From zero on, so that the first of a kind is an increase.
        List.of("accepted", "refused", "held", "unavailable").forEach(this::counter);
    }

    /// Submits what the relay has not accepted yet, until nothing is left or the delivery has ended.
    ///
    /// @throws TryAgainException when the relay did not take something now
    void submit(DeliveryId id) {
        var delivery = deliveries.find(id).filter(found -> found.state() == DeliveryState.SEALED);
        while (delivery.isPresent()) {
            if (clock.instant().isAfter(delivery.get().expires())) {
                outbox.expire(id);
                LOG.warn("The delivery expired before the relay took all of it.");
                return;
            }
            submitSome(delivery.get());
            delivery = deliveries.find(id).filter(found -> found.state() == DeliveryState.SEALED);
        }
    }

    private void submitSome(OutboxDelivery delivery) {
        var id = delivery.facts().id();
        var stop = new AtomicBoolean();
        var attempts = outbox.unsubmitted(id, BATCH).stream()
                .<Callable<Attempt>>map(place -> () -> attempt(id, place, stop))
                .toList();
        Optional<Postponed> postponed = Optional.empty();
        for (var outcome : all(attempts)) {
            switch (outcome) {
                case Accepted accepted -> {}
                case Skipped skipped -> {}
                case Postponed later -> postponed = Optional.of(longer(postponed, later));
                case Held held -> {
                    outbox.hold(id, held.why());
                    LOG.warn(
                            "The relay refuses an envelope for a cause that can be mended ({}); the delivery is held.",
                            held.why().type());
                    throw TryAgainException.rarely(held.why().detail(), properties.heldRetry());
                }
                case Refused refused -> {
                    outbox.refuse(id, refused.why());
                    LOG.warn(
                            "The relay refused an envelope for good ({}); the delivery ends.",
                            refused.why().type());
                    return;
                }
            }
        }
        postponed.ifPresent(later -> {
            throw new TryAgainException(later.reason(), later.retryAfter());
        });
        if (delivery.isHeld()) {
            outbox.release(id);
        }
    }

    private static Postponed longer(Optional<Postponed> one, Postponed other) {
        boolean oneIsLonger = one.flatMap(Postponed::retryAfter)
                .filter(delay ->
                        other.retryAfter().map(d -> d.compareTo(delay) < 0).orElse(true))
                .isPresent();
        return oneIsLonger ? one.orElse(other) : other;
    }

    private List<Attempt> all(List<Callable<Attempt>> attempts) {
        try {
            return threads.invokeAll(attempts).stream()
                    .map(EnvelopeCourier::outcome)
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryAgainException("this service is stopping", Optional.empty());
        }
    }

    private static Attempt outcome(Future<Attempt> attempt) {
        try {
            return attempt.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TryAgainException("this service is stopping", Optional.empty());
        } catch (ExecutionException e) {
            throw new IllegalStateException("Submitting an envelope failed in this service.", e.getCause());
        }
    }

    private Attempt attempt(DeliveryId id, Place place, AtomicBoolean stop) throws InterruptedException {
        inFlight.acquire();
        try (var delivery = MDC.putCloseable("delivery", id.toString());
                var chunk = MDC.putCloseable("chunk", place.toString());
                var member = MDC.putCloseable("member", properties.relay())) {
            var attempt = stop.get() ? new Skipped() : submit(id, place);
            if (!(attempt instanceof Accepted)) {
                stop.set(true);
            }
            return attempt;
        } finally {
            inFlight.release();
        }
    }

    private Attempt submit(DeliveryId id, Place place) {
        var content = outbox.content(id, place);
        if (content.isEmpty()) {
            return new Skipped();
        }
        return switch (relay.submit(content.get())) {
            case Answer.Accepted accepted -> {
                outbox.submitted(id, place);
                count("accepted");
                yield new Accepted();
            }
            case Answer.Refused refused -> {
                var why = new Refusal(
                        refused.problem().toString(),
                        "The relay refused " + place + " with status " + refused.status() + ": " + refused.detail());
                boolean isFinal = refused.finality() == Finality.FINAL;
                count(isFinal ? "refused" : "held");
                yield isFinal ? new Refused(why) : new Held(why);
            }
            case Answer.Unavailable unavailable -> {
                count("unavailable");
                yield new Postponed(unavailable.reason(), unavailable.retryAfter());
            }
        };
    }

    private void count(String outcome) {
        counter(outcome).increment();
    }

    private Counter counter(String outcome) {
        return meters.counter("shareferry.submissions", "outcome", outcome);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
