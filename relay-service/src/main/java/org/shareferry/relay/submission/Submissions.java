// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.relay.LastEnvelopes;
import org.shareferry.relay.mirror.KeyMirror;
import org.shareferry.relay.submission.Submission.Reason;
import org.shareferry.relay.submission.Submission.Refusal;
import org.shareferry.relay.submission.Submission.Refused;
import org.shareferry.service.member.RosterFile;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Decides whether an envelope is accepted, by its header and signature, the only parts that a relay can read.
@Component
class Submissions {
    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);

    private final EnvelopeStore store;
    private final KeyMirror mirror;
    private final RosterFile roster;
    private final Clock clock;
    private final ServiceProperties properties;
    private final LastEnvelopes last;
    private final MeterRegistry meters;
    private final Counter stored;

    Submissions(
            EnvelopeStore store,
            KeyMirror mirror,
            RosterFile roster,
            Clock clock,
            ServiceProperties properties,
            LastEnvelopes last,
            MeterRegistry meters) {
        this.store = store;
        this.mirror = mirror;
        this.roster = roster;
        this.clock = clock;
        this.properties = properties;
        this.last = last;
        this.meters = meters;
        this.stored = meters.counter("shareferry.envelopes.stored");
        // Register the counters at 0, so that the first refusal is visible as an increase.
        for (var reason : Reason.values()) {
            refused(reason);
        }
    }

    private Counter refused(Reason reason) {
        return meters.counter("shareferry.envelopes.refused", "reason", reason.text());
    }

    /// Checks each envelope by itself, and stores the accepted ones in one transaction.
    ///
    /// @return the result for each, in order
    List<Submission> submit(MemberName caller, List<Envelope> envelopes) {
        var refused = new IdentityHashMap<Envelope, Submission>();
        envelopes.forEach(
                envelope -> beforeStoring(caller, envelope).ifPresent(outcome -> refused.put(envelope, outcome)));
        var stored = store.store(envelopes.stream()
                        .filter(envelope -> !refused.containsKey(envelope))
                        .toList())
                .iterator();
        var outcomes = new ArrayList<Submission>();
        for (var envelope : envelopes) {
            var outcome = refused.containsKey(envelope) ? refused.get(envelope) : stored.next();
            note(envelope.header(), outcome);
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /// @return the envelopes of the caller that the relay does not have
    List<EnvelopeId> lacking(MemberName caller, List<EnvelopeId> ids) {
        return store.lacking(caller, ids);
    }

    private Optional<Submission> beforeStoring(MemberName caller, Envelope envelope) {
        var refusal = originRefusal(caller, envelope);
        if (refusal.isEmpty()) {
            refusal = contentRefusal(envelope.header());
            // A party that lost the response submits again, perhaps much later; a stored envelope stays
            // accepted.
            if (refusal.isPresent()
                    && store.find(envelope.header())
                            .filter(envelope.id()::equals)
                            .isPresent()) {
                return Optional.of(
                        new Submission.AlreadyStored(envelope.header().facts().key()));
            }
        }
        return refusal.map(Refused::new);
    }

    private Optional<Refusal> contentRefusal(Header header) {
        return partiesRefusal(header).or(() -> timeRefusal(header)).or(() -> recipientRefusal(header));
    }

    private Optional<Refusal> originRefusal(MemberName caller, Envelope envelope) {
        var header = envelope.header();
        if (!header.sender().equals(caller)) {
            return Optional.of(new Refusal.SenderIsNotCaller());
        }
        var key = roster.find(caller).flatMap(member -> member.identityKey(header.senderKey()));
        if (key.isEmpty()) {
            return Optional.of(new Refusal.SenderUnknown());
        }
        if (!envelope.isSignedBy(key.get())) {
            return Optional.of(new Refusal.SignatureWrong());
        }
        return Optional.empty();
    }

    private Optional<Refusal> partiesRefusal(Header header) {
        var unknown = new TreeSet<>(header.facts().parties());
        unknown.removeIf(party -> roster.find(party).isPresent());
        return unknown.isEmpty() ? Optional.empty() : Optional.of(new Refusal.PartiesUnknown(unknown));
    }

    private Optional<Refusal> timeRefusal(Header header) {
        Duration age = Duration.between(header.created(), clock.instant());
        if (age.compareTo(properties.clockTolerance().negated()) < 0) {
            return Optional.of(new Refusal.CreatedInTheFuture());
        }
        return age.compareTo(properties.deliveryLifetime()) > 0 ? Optional.of(new Refusal.Expired()) : Optional.empty();
    }

    private Optional<Refusal> recipientRefusal(Header header) {
        var recipient = header.facts().recipient();
        if (roster.find(recipient).isEmpty()) {
            return Optional.of(new Refusal.RecipientUnknown(recipient));
        }
        var announcement = mirror.verified(recipient);
        if (announcement.isEmpty()) {
            return Optional.of(new Refusal.KeysNotHereYet(recipient));
        }
        // An envelope may arrive after its key's validity ended, because the party's outbox may have waited for
        // the relay.
        var key = announcement.get().find(header.recipientKey());
        var tolerance = properties.clockTolerance();
        boolean wasValid = key.filter(k -> k.isValidAt(header.created())
                        || k.isValidAt(header.created().plus(tolerance))
                        || k.isValidAt(header.created().minus(tolerance)))
                .isPresent();
        return wasValid ? Optional.empty() : Optional.of(new Refusal.RecipientKeyUnknown());
    }

    private void note(Header header, Submission outcome) {
        try (var ignored = MDC.putCloseable("delivery", header.facts().id().toString());
                var alsoIgnored = MDC.putCloseable("chunk", header.place().toString())) {
            switch (outcome) {
                case Submission.Stored stored -> {
                    this.stored.increment();
                    last.stored(header.sender());
                    LOG.debug("Envelope stored");
                }
                case Submission.AlreadyStored again -> LOG.debug("Envelope submitted again");
                case Refused(var why) -> {
                    refused(why.reason()).increment();
                    LOG.warn("Envelope refused: {}", why.reason().text());
                }
            }
        }
    }
}
