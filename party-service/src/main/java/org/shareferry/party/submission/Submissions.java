// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.PartyProperties;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.DurableTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// The durable work on a delivery: first its envelopes go to the relay, then the client's receipts are
/// collected there; and once more, if the relay loses what it accepted.
@Component
public class Submissions {
    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

    private final ObjectProvider<Scheduler> scheduler;
    private final EnvelopeCourier courier;
    private final ReceiptCollector collector;
    private final Outbox outbox;
    private final Deliveries deliveries;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final Duration lastPoll;
    private final DurableTask submitting;
    private final DurableTask collecting;

    Submissions(
            ObjectProvider<Scheduler> scheduler,
            EnvelopeCourier courier,
            ReceiptCollector collector,
            Outbox outbox,
            Deliveries deliveries,
            TransactionTemplate transactions,
            PartyProperties properties,
            Clock clock) {
        this.scheduler = scheduler;
        this.courier = courier;
        this.collector = collector;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.transactions = transactions;
        this.clock = clock;
        this.lastPoll = properties.lastPoll();
        this.submitting = DurableTask.of(
                "submit-envelopes", new Backoff(properties.firstRetry(), properties.lastRetry()), this::submit);
        this.collecting = DurableTask.of(
                "collect-receipts", new Backoff(properties.firstPoll(), properties.lastPoll()), this::collect);
    }

    DurableTask submitting() {
        return submitting;
    }

    DurableTask collecting() {
        return collecting;
    }

    /// Schedules a sealed delivery's submission, in the current transaction.
    public void begin(DeliveryId id) {
        submitting.schedule(scheduler.getObject(), id.toString(), clock.instant());
    }

    /// Offers held deliveries again, now and not at the time they would be offered by themselves.
    ///
    /// @param only this one, or all
    /// @return how many
    public int offerAgain(Optional<DeliveryId> only) {
        var held = deliveries.held().stream()
                .filter(delivery ->
                        only.isEmpty() || only.get().equals(delivery.facts().id()))
                .toList();
        for (var delivery : held) {
            var task = delivery.state() == DeliveryState.SEALED ? submitting : collecting;
            task.hurry(scheduler.getObject(), delivery.facts().id().toString(), clock.instant());
        }
        LOG.info("{} held deliveries are offered again.", held.size());
        return held.size();
    }

    private void submit(String piece) {
        try (var delivery = MDC.putCloseable("delivery", piece)) {
            courier.submit(DeliveryId.parse(piece));
            collecting.schedule(scheduler.getObject(), piece, clock.instant());
        }
    }

    private void collect(String piece) {
        try (var delivery = MDC.putCloseable("delivery", piece)) {
            collector.collect(DeliveryId.parse(piece), this::submitAgain);
        }
    }

    /// A relay that was restored from a backup lacks what it accepted since. Collecting stays scheduled meanwhile.
    private void submitAgain(DeliveryId id) {
        var again = transactions.execute(status -> {
            boolean isToBeSubmitted = outbox.submitAgain(id, clock.instant().minus(lastPoll));
            if (isToBeSubmitted) {
                begin(id);
            }
            return isToBeSubmitted;
        });
        if (Boolean.TRUE.equals(again)) {
            LOG.warn("The relay does not have all envelopes that it accepted; they are submitted again.");
        }
    }
}
