// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.party.handover.HandOverStart.AlreadyHandedOver;
import org.shareferry.party.handover.HandOverStart.Refused;
import org.shareferry.party.handover.HandOverStart.Started;
import org.shareferry.party.keys.ClientKeys;
import org.shareferry.party.keys.KeyLookup;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.HandOverStore;
import org.shareferry.party.outbox.OutboxDelivery;
import org.shareferry.party.seal.PreparedKeyAgreement;
import org.shareferry.party.seal.ShareSealer;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Manages hand-overs of deliveries, from a program by REST or from a VM through its connector.
@Component
public class HandOvers implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(HandOvers.class);

    private final OwnMember own;
    private final RosterFile roster;
    private final ClientKeys clientKeys;
    private final ShareSealer sealer;
    private final HandOverStore store;
    private final Deliveries deliveries;
    private final HandOversInProgress inProgress;
    private final PartyProperties properties;
    private final CanaryFolder canary;
    private final Clock clock;

    HandOvers(
            OwnMember own,
            RosterFile roster,
            ClientKeys clientKeys,
            ShareSealer sealer,
            HandOverStore store,
            Deliveries deliveries,
            HandOversInProgress inProgress,
            PartyProperties properties,
            CanaryFolder canary,
            Clock clock) {
        this.own = own;
        this.roster = roster;
        this.clientKeys = clientKeys;
        this.sealer = sealer;
        this.store = store;
        this.deliveries = deliveries;
        this.inProgress = inProgress;
        this.properties = properties;
        this.canary = canary;
        this.clock = clock;
    }

    /// Starts a hand-over.
    /// @param facts for all envelopes; they must state re-randomisation exactly if there are keys
    /// @param keys to re-randomise with; the caller closes them after the hand-over
    /// @throws IllegalArgumentException when facts and keys contradict each other
    public HandOverStart begin(DeliveryFacts facts, Optional<PairwiseKeys> keys) {
        return begin(facts, keys, Optional.empty());
    }

    /// Starts a hand-over, with a key agreement that may have been prepared.
    ///
    /// @param facts for all envelopes; they must state re-randomisation exactly if there are keys
    /// @param keys to re-randomise with; the caller closes them after the hand-over
    /// @param prepared used if it matches this delivery and the recipient's current key; the caller closes it
    /// @throws IllegalArgumentException when facts and keys contradict each other
    public HandOverStart begin(
            DeliveryFacts facts, Optional<PairwiseKeys> keys, Optional<PreparedKeyAgreement> prepared) {
        if (facts.rerandomised() != keys.isPresent()) {
            throw new IllegalArgumentException("Shares must be re-randomised exactly if there are pairwise keys.");
        }
        var refusal = refusal(facts, keys);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        var former = deliveries.find(facts.id());
        if (former.isPresent()) {
            return again(facts, former.get());
        }
        return switch (clientKeys.current(facts.recipient())) {
            case KeyLookup.Missing missing -> new Refused(new HandOverRefusal.KeyMissing(missing.why()));
            case KeyLookup.Found found -> open(facts, keys, found.key(), prepared);
        };
    }

    private HandOverStart open(
            DeliveryFacts facts, Optional<PairwiseKeys> keys, SealingKey key, Optional<PreparedKeyAgreement> prepared) {
        if (!inProgress.begin(facts.id())) {
            return new Refused(inProgressElsewhere());
        }
        boolean hasStarted = false;
        try {
            var started = new Started(new OpenHandOver(
                    sealer.begin(facts, key, prepared), keys, own.name().number(), store.draft(facts), inProgress));
            hasStarted = true;
            return started;
        } catch (CryptoException e) {
            return new Refused(new HandOverRefusal.KeyMissing(
                    "The announced key of " + facts.recipient() + " is unusable; it must announce another one."));
        } finally {
            if (!hasStarted) {
                inProgress.end(facts.id());
            }
        }
    }

    /// Makes the key agreement for an expected hand-over.
    ///
    /// @return empty if no key of the recipient is known without asking the relay; the caller closes it after
    ///     beginning the hand-over
    public Optional<PreparedKeyAgreement> prepare(DeliveryId delivery, MemberName recipient) {
        return sealer.prepare(delivery, recipient);
    }

    private static HandOverStart again(DeliveryFacts facts, OutboxDelivery former) {
        var differences = former.facts().differences(facts);
        if (!differences.isEmpty()) {
            return new Refused(new HandOverRefusal.OtherFacts(differences));
        }
        return switch (former.state()) {
            case OPEN -> new Refused(inProgressElsewhere());
            case SEALED, SUBMITTED, BUNDLED, RECEIVED -> new AlreadyHandedOver(facts.id(), former.stateText());
            case EXPIRED, REFUSED ->
                new Refused(new HandOverRefusal.Ended(
                        former.stateText(), former.refusal().map(OutboxDelivery.Refusal::detail)));
        };
    }

    static HandOverRefusal inProgressElsewhere() {
        return new HandOverRefusal.Busy("Another request is handing over this delivery now.");
    }

    private Optional<HandOverRefusal> refusal(DeliveryFacts facts, Optional<PairwiseKeys> keys) {
        var current = roster.current();
        if (current.find(facts.recipient()).isEmpty()) {
            return Optional.of(new HandOverRefusal.RecipientUnknown(facts.recipient()));
        }
        if (!facts.parties().contains(own.name())) {
            return Optional.of(new HandOverRefusal.PartiesUnfit(
                    "The parties do not include this party, " + own.name() + ".", Set.of(own.name())));
        }
        var unknown = new TreeSet<MemberName>(facts.parties());
        unknown.removeIf(party -> current.find(party).isPresent());
        if (!unknown.isEmpty()) {
            return Optional.of(
                    new HandOverRefusal.PartiesUnfit("These parties are not in the roster: " + unknown + ".", unknown));
        }
        var unfit = ProtocolCheck.objection(facts, canary);
        if (unfit.isPresent()) {
            return unfit.map(HandOverRefusal.Unfit::new);
        }
        if (keys.isPresent() && !keys.get().fit(facts.parties())) {
            return Optional.of(new HandOverRefusal.Unfit(
                    "There must be pairwise keys with exactly the other parties of the delivery."));
        }
        long chunk = (long) facts.shape().mostElementsInChunk(facts.scheme())
                * facts.domain().elementBytes();
        long limit = properties.chunkLimit().toBytes();
        return chunk > limit ? Optional.of(new HandOverRefusal.ChunkTooLarge(chunk, limit)) : Optional.empty();
    }

    /// Drops hand-overs that a crash left incomplete. They were not acknowledged to anyone.
    @Override
    public void afterSingletonsInstantiated() {
        for (var id : store.openHere()) {
            store.drop(id);
            LOG.warn("Hand-over of {} dropped: it was incomplete when this service last stopped.", id);
        }
    }

    @Scheduled(fixedDelayString = "PT1M", initialDelayString = "PT1M")
    void dropStale() {
        int count = store.dropSince(clock.instant().minus(properties.handOverTimeout()));
        if (count > 0) {
            LOG.warn("{} hand-overs dropped: no progress within shareferry.party.hand-over-timeout.", count);
        }
    }
}
