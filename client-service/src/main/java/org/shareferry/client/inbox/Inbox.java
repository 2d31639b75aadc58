// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.shareferry.client.PartySets;
import org.shareferry.client.check.CheckScheduler;
import org.shareferry.client.check.OpenedBodies;
import org.shareferry.client.inbox.BundleOutcome.Received;
import org.shareferry.client.inbox.BundleOutcome.ReceivedBefore;
import org.shareferry.client.inbox.BundleOutcome.Refusal;
import org.shareferry.client.inbox.BundleOutcome.Refused;
import org.shareferry.client.inbox.InboxStore.Outcome;
import org.shareferry.client.keys.OpeningKeys;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.Agreement;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.Opening;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Receives bundles. All checks that involve no secret are made here, before anything is stored. Parties, protocol
/// and scheme of each envelope are compared with this client's settings and with all other envelopes.
@Component
public class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    private final InboxStore store;
    private final OpeningKeys keys;
    private final EnvelopeOpener opener;
    private final OwnMember own;
    private final RosterFile roster;
    private final Clock clock;
    private final ServiceProperties service;
    private final PartySets partySets;
    private final MeterRegistry meters;
    private final SharedCommits commits;
    private final OpenedBodies bodies;
    private final CheckScheduler checks;

    Inbox(
            InboxStore store,
            OpeningKeys keys,
            EnvelopeOpener opener,
            OwnMember own,
            RosterFile roster,
            Clock clock,
            ServiceProperties service,
            PartySets partySets,
            MeterRegistry meters,
            SharedCommits commits,
            OpenedBodies bodies,
            CheckScheduler checks) {
        this.store = store;
        this.keys = keys;
        this.opener = opener;
        this.own = own;
        this.roster = roster;
        this.clock = clock;
        this.service = service;
        this.partySets = partySets;
        this.meters = meters;
        this.commits = commits;
        this.bodies = bodies;
        this.checks = checks;
        // Register the counters at 0, so that the first refusal is visible as an increase.
        for (var refusal : Refusal.class.getPermittedSubclasses()) {
            refused(refusal);
        }
    }

    private Counter refused(Class<?> refusal) {
        return meters.counter("shareferry.bundles.refused", "reason", nameOf(refusal));
    }

    /// The kind of a refusal in metrics and logs, in kebab case, such as `signature-wrong`.
    private static String nameOf(Class<?> refusal) {
        return refusal.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /// Checks each bundle by itself, and stores the accepted ones in one transaction.
    ///
    /// @return for each bundle its receipt, after the commit, or its refusal
    public List<BundleOutcome> receive(List<Bundle> bundles) {
        var judgements = new ArrayList<Judgement>();
        try {
            bundles.forEach(bundle -> judgements.add(judge(bundle)));
            var good = judgements.stream().filter(Judgement::isGood).toList();
            var outcome = store(good.stream().map(Judgement::bundle).toList());
            var stored = outcome.receptions().iterator();
            var receptions = judgements.stream()
                    .map(judgement -> judgement.decided().orElseGet(stored::next))
                    .toList();
            for (int i = 0; i < good.size(); i++) {
                if (outcome.receptions().get(i) instanceof Received) {
                    good.get(i).keepIn(bodies);
                }
            }
            checks.begin(outcome.complete());
            for (int i = 0; i < receptions.size(); i++) {
                note(bundles.get(i), receptions.get(i));
            }
            return receptions;
        } finally {
            judgements.forEach(Judgement::close);
        }
    }

    private Outcome store(List<Bundle> good) {
        return good.isEmpty() ? new Outcome(List.of(), List.of()) : commits.commit(() -> store.store(good));
    }

    /// The result of the checks of a bundle, before it is stored.
    ///
    /// @param decided its reception, if it is already decided
    /// @param opened the bodies of its envelopes
    private record Judgement(Bundle bundle, Optional<BundleOutcome> decided, Map<EnvelopeId, SecretBytes> opened)
            implements AutoCloseable {
        boolean isGood() {
            return decided.isEmpty();
        }

        /// Passes the bodies on, including their ownership.
        void keepIn(OpenedBodies bodies) {
            bodies.keep(bundle.envelopes().getFirst().header().facts(), Map.copyOf(opened));
            opened.clear();
        }

        @Override
        public void close() {
            opened.values().forEach(SecretBytes::close);
        }
    }

    private Judgement judge(Bundle bundle) {
        var opened = new HashMap<EnvelopeId, SecretBytes>();
        return new Judgement(bundle, decide(bundle, opened), opened);
    }

    private Optional<BundleOutcome> decide(Bundle bundle, Map<EnvelopeId, SecretBytes> opened) {
        // Too old bundles get the same answer whether their rows still exist or not.
        var tooOld = bundle.envelopes().stream().filter(this::isTooOld).findFirst();
        if (tooOld.isPresent()) {
            return Optional.of(
                    new Refused(new Refusal.Expired(tooOld.get().header().sender())));
        }
        var earlier = store.receiptFor(bundle);
        if (earlier.isPresent()) {
            return earlier.map(ReceivedBefore::new);
        }
        var refusal = factsRefusal(bundle);
        for (var envelope : bundle.envelopes()) {
            refusal = refusal.or(() -> envelopeRefusal(envelope, opened));
        }
        return refusal.map(Refused::new);
    }

    private Optional<Refusal> factsRefusal(Bundle bundle) {
        var agreement = Agreement.ofBundle(
                bundle.envelopes().stream().map(Envelope::header).toList());
        var facts = bundle.envelopes().getFirst().header().facts();
        return switch (agreement) {
            case Agreement.Differs(var members, var fields) -> Optional.of(new Refusal.FactsDiffer(members, fields));
            case Agreement.Incomplete(var missing, var surplus) ->
                Optional.of(new Refusal.Incomplete(missing, surplus));
            case Agreement.Agreed()
            when !facts.recipient().equals(own.name()) -> Optional.of(new Refusal.NotForUs(facts.recipient()));
            case Agreement.Agreed() when !partySets.has(facts.partySet()) -> Optional.of(new Refusal.PartiesDiffer());
            case Agreement.Agreed() -> Optional.empty();
        };
    }

    private Duration age(Envelope envelope) {
        return Duration.between(envelope.header().created(), clock.instant());
    }

    private boolean isTooOld(Envelope envelope) {
        return age(envelope).compareTo(service.deliveryLifetime().plus(service.clockTolerance())) > 0;
    }

    private Optional<Refusal> envelopeRefusal(Envelope envelope, Map<EnvelopeId, SecretBytes> opened) {
        var sender = envelope.header().sender();
        if (age(envelope).compareTo(service.clockTolerance().negated()) < 0) {
            return Optional.of(new Refusal.CreatedInTheFuture(sender));
        }
        var senderKey = roster.find(sender)
                .flatMap(member -> member.identityKey(envelope.header().senderKey()));
        if (senderKey.isEmpty()) {
            return Optional.of(new Refusal.SenderUnknown(sender));
        }
        var openingKey = keys.find(envelope.header().recipientKey());
        if (openingKey.isEmpty()) {
            // Nothing in an envelope with a wrong signature is trusted, not even its key id.
            return Optional.of(
                    envelope.isSignedBy(senderKey.get())
                            ? new Refusal.RecipientKeyUnknown(sender)
                            : new Refusal.SignatureWrong(sender));
        }
        return switch (opener.open(envelope, senderKey.get(), openingKey.get())) {
            case Opening.Opened(var body) -> {
                opened.put(envelope.id(), body);
                yield Optional.empty();
            }
            case Opening.Refused(var reason) ->
                switch (reason) {
                    case SIGNATURE -> Optional.of(new Refusal.SignatureWrong(sender));
                    case RECIPIENT_KEY -> Optional.of(new Refusal.RecipientKeyUnknown(sender));
                    case CIPHERTEXT -> Optional.of(new Refusal.CiphertextWrong(sender));
                };
        };
    }

    private void note(Bundle bundle, BundleOutcome reception) {
        switch (reception) {
            case Received received -> {
                meters.counter("shareferry.bundles.received").increment();
                LOG.debug("{} of {} received", bundle.place(), bundle.delivery());
            }
            case ReceivedBefore again -> LOG.debug("{} of {} received again", bundle.place(), bundle.delivery());
            case Refused(var why) -> {
                refused(why.getClass()).increment();
                try (var ignored =
                                MDC.putCloseable("delivery", bundle.delivery().toString());
                        var alsoIgnored =
                                MDC.putCloseable("chunk", bundle.place().toString())) {
                    LOG.warn("Bundle refused: {}", nameOf(why.getClass()));
                }
            }
        }
    }
}
