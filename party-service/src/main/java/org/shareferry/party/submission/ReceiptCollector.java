// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.shareferry.cbor.MalformedException;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.OutboxDelivery;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.submission.Relay.Passed;
import org.shareferry.party.submission.Relay.Progress;
import org.shareferry.receipt.Receipt;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.work.TryAgainException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Asks the relay what became of a delivery, and believes of it only what the client signed.
@Component
class ReceiptCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptCollector.class);
    private static final int LARGEST_PAGE = 500;

    /// A receipt names an envelope of each party; so many names are one answer.
    private static final int NAMES_IN_PAGE = 20_000;

    private final Relay relay;
    private final Outbox outbox;
    private final Deliveries deliveries;
    private final OwnMember own;
    private final RosterFile roster;
    private final Clock clock;
    private final MeterRegistry meters;

    ReceiptCollector(
            Relay relay,
            Outbox outbox,
            Deliveries deliveries,
            OwnMember own,
            RosterFile roster,
            Clock clock,
            MeterRegistry meters) {
        this.relay = relay;
        this.outbox = outbox;
        this.deliveries = deliveries;
        this.own = own;
        this.roster = roster;
        this.clock = clock;
        this.meters = meters;
    }

    /// Notes the progress there is. Returns when the delivery has ended.
    ///
    /// @param submitAgain what to do when the relay lacks envelopes that it had accepted
    /// @throws TryAgainException while it has not
    void collect(DeliveryId id, Consumer<DeliveryId> submitAgain) {
        var delivery = deliveries.find(id);
        if (delivery.isEmpty() || delivery.get().state().isFinal()) {
            return;
        }
        boolean timeIsOver = clock.instant().isAfter(delivery.get().expires());
        try {
            var progress = relay.progress(delivery.get().facts().key());
            progress.ifPresent(there -> note(delivery.get(), there));
            if (!timeIsOver && progress.map(this::lacksOurs).orElse(true)) {
                submitAgain.accept(id);
            }
        } catch (TryAgainException e) {
            if (!timeIsOver) {
                throw e;
            }
        }
        if (timeIsOver) {
            outbox.expire(id);
        }
        var after = deliveries.find(id);
        if (after.isPresent() && !after.get().state().isFinal()) {
            throw new TryAgainException("the client has not received everything yet", Optional.empty());
        }
        after.ifPresent(
                ended -> LOG.info("The delivery has ended: {}.", ended.state().text()));
    }

    private boolean lacksOurs(Progress progress) {
        return progress.state().equals("collecting")
                && progress.waitingFor().contains(own.name().toString());
    }

    private void note(OutboxDelivery delivery, Progress progress) {
        var id = delivery.facts().id();
        if (progress.delivered() > delivery.received()) {
            takeReceipts(delivery, progress.delivered());
        }
        switch (progress.state()) {
            case "bundled", "delivered" -> {
                outbox.release(id);
                outbox.bundled(id);
            }
            // By the relay's clock. Our own decides when this delivery ends here.
            case "expired" -> LOG.debug("By the relay's clock the delivery has expired.");
            case "refused", "held" -> refused(id, progress);
            default -> outbox.release(id);
        }
    }

    /// A relay of an earlier version says `refused` of what can be mended, too: the problem's type decides.
    private void refused(DeliveryId id, Progress progress) {
        var why = progress.refusal()
                .map(problem -> new Refusal(problem.type(), problem.detail()))
                .orElseGet(() -> new Refusal("about:blank", "The relay gave no reason."));
        if (progress.state().equals("refused") && isFinal(why.type())) {
            outbox.refuse(id, why);
        } else {
            outbox.hold(id, why);
        }
    }

    private static boolean isFinal(String type) {
        try {
            return ProblemType.of(URI.create(type))
                    .filter(known -> known.finality() == Finality.FINAL)
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The relay lists receipts in order of kind and chunk, in which they mostly come; those that came late
    /// stand before the ones that we have.
    private void takeReceipts(OutboxDelivery delivery, long delivered) {
        long had = delivery.received();
        if (had + takeFrom(delivery, had) < delivered && had > 0) {
            takeFrom(delivery, 0);
        }
    }

    private long takeFrom(OutboxDelivery delivery, long first) {
        long taken = 0;
        long after = first;
        // A delivery has no more receipts than envelopes, whatever the relay says.
        int most = Math.min(
                LARGEST_PAGE, NAMES_IN_PAGE / delivery.facts().parties().size());
        while (after < delivery.sealed()) {
            var page = relay.receipts(delivery.facts().key(), after, most);
            var ours = page.stream().filter(passed -> isOurs(delivery, passed)).toList();
            for (var passed : ours) {
                taken += take(delivery, passed);
            }
            // A relay with a page of nothing but others' receipts is not asked for another one now.
            noteIgnored(delivery, page.size() - ours.size());
            if (ours.isEmpty()) {
                return taken;
            }
            after += page.size();
        }
        return taken;
    }

    /// @return how many receipts are new
    private int take(OutboxDelivery delivery, Passed passed) {
        var id = delivery.facts().id();
        try (var chunk = MDC.putCloseable("chunk", passed.place().toString())) {
            if (!outbox.received(id, passed.place(), passed.receipt())) {
                return 0;
            }
            meters.counter("shareferry.receipts", "outcome", "verified").increment();
            return 1;
        }
    }

    private void noteIgnored(OutboxDelivery delivery, int count) {
        if (count > 0) {
            meters.counter("shareferry.receipts", "outcome", "ignored").increment(count);
            LOG.warn(
                    "The relay passed on {} receipts that {} did not sign for our envelopes; they are ignored.",
                    count,
                    delivery.facts().recipient());
        }
    }

    private boolean isOurs(OutboxDelivery delivery, Passed passed) {
        var expected = outbox.envelopeAt(delivery.facts().id(), passed.place());
        return expected.isPresent()
                && verified(passed)
                        .filter(receipt -> receipt.delivery()
                                        .equals(delivery.facts().id())
                                && receipt.place().equals(passed.place())
                                && receipt.client().equals(delivery.facts().recipient())
                                && expected.get().equals(receipt.envelopes().get(own.name())))
                        .isPresent();
    }

    private Optional<Receipt> verified(Passed passed) {
        try {
            return passed.receipt().verify(roster.current());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
