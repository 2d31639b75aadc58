// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.shareferry.cbor.MalformedException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.OutboxDelivery;
import org.shareferry.party.outbox.ReceiptStore;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.party.submission.RelayClient.FeedEntry;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.storage.SharedCommits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the entries of the relay's feed. An envelope counts as received only with a valid receipt of the client.
class FeedIntake {
    private static final Logger LOG = LoggerFactory.getLogger(FeedIntake.class);

    private final Outbox outbox;
    private final ReceiptStore receipts;
    private final Deliveries deliveries;
    private final SharedCommits commits;
    private final MemberName own;
    private final Supplier<Roster> roster;
    private final String relay;
    private final Clock clock;
    private final MeterRegistry meters;

    /// @param own the party whose envelopes receipts must name
    /// @param roster with the clients' identity keys
    /// @param relay whose feed it is
    FeedIntake(
            Outbox outbox,
            ReceiptStore receipts,
            Deliveries deliveries,
            SharedCommits commits,
            MemberName own,
            Supplier<Roster> roster,
            MemberName relay,
            Clock clock,
            MeterRegistry meters) {
        this.outbox = outbox;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.commits = commits;
        this.own = own;
        this.roster = roster;
        this.relay = relay.toString();
        this.clock = clock;
        this.meters = meters;
        // Register the counters at 0, so that the first event is visible as an increase.
        List.of("verified", "ignored").forEach(outcome -> meters.counter("shareferry.receipts", "outcome", outcome));
    }

    /// Stores a page of the feed and its end position in one transaction. Entries of a delivery whose row cannot be
    /// read are skipped, so that those of other deliveries arrive.
    void store(List<FeedEntry> page, Position end) {
        var steps = new ArrayList<Runnable>();
        for (var entry : page) {
            deliveries
                    .findReadable(entry.delivery())
                    .filter(delivery -> delivery.state() != DeliveryState.OPEN
                            && delivery.facts().partySet().equals(entry.parties()))
                    .ifPresent(delivery -> steps.add(step(delivery, entry)));
        }
        commits.commit(() -> {
            steps.forEach(Runnable::run);
            receipts.read(relay, end);
            return steps.size();
        });
    }

    private Runnable step(OutboxDelivery delivery, FeedEntry entry) {
        var id = delivery.facts().id();
        return switch (entry.state()) {
            case "receipt" ->
                entry.receipt().map(receipt -> receipt(delivery, receipt)).orElse(() -> {});
            case "bundled" -> () -> outbox.bundled(id);
            case "held" -> () -> hold(entry);
            case "refused" -> isFinal(entry.problem().type()) ? () -> refuse(entry) : () -> hold(entry);
            case "released" -> () -> outbox.release(id);
            // Informational: this service's own clock decides when the delivery ends here.
            case "expired" -> () -> LOG.debug("The delivery {} has expired by the relay's clock.", id);
            default -> () -> LOG.debug("The relay's feed has an unknown state for {}.", id);
        };
    }

    private void hold(FeedEntry entry) {
        outbox.hold(entry.delivery(), entry.problem(), clock.instant());
        LOG.warn(
                "Delivery {} is held until its cause is fixed ({}).",
                entry.delivery(),
                entry.problem().type());
    }

    private void refuse(FeedEntry entry) {
        outbox.refuse(entry.delivery(), entry.problem());
        LOG.warn(
                "Delivery {} was refused finally ({}).",
                entry.delivery(),
                entry.problem().type());
    }

    /// A relay of another version uses `refused` for fixable causes too, so the problem's type decides.
    private static boolean isFinal(String type) {
        try {
            return ProblemType.of(URI.create(type))
                    .filter(known -> known.finality() == Finality.FINAL)
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Runnable receipt(OutboxDelivery delivery, SignedReceipt signed) {
        var id = delivery.facts().id();
        var verified = verified(signed).filter(receipt -> isOurs(delivery, receipt));
        meters.counter("shareferry.receipts", "outcome", verified.isPresent() ? "verified" : "ignored")
                .increment();
        if (verified.isEmpty()) {
            LOG.warn(
                    "Invalid receipt from the relay for {}: not signed by {} for this party's envelopes; ignored.",
                    id,
                    delivery.facts().recipient());
            return () -> {};
        }
        var places = verified.get().places().keySet();
        return places.size() == delivery.sealed()
                ? () -> receipts.receivedWhole(id, signed)
                : () -> receipts.received(id, places, signed);
    }

    private Optional<Receipt> verified(SignedReceipt signed) {
        try {
            return signed.verify(roster.get());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private boolean isOurs(OutboxDelivery delivery, Receipt receipt) {
        var id = delivery.facts().id();
        var ours = receipts.envelopes(id, receipt.places().keySet());
        return receipt.delivery().equals(id)
                && receipt.client().equals(delivery.facts().recipient())
                && receipt.places().entrySet().stream()
                        .allMatch(place -> Optional.ofNullable(place.getValue().get(own))
                                .filter(envelope -> envelope.equals(ours.get(place.getKey())))
                                .isPresent());
    }
}
