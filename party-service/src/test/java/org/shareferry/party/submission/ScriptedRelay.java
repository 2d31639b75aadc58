// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.problem.Finality;

/// A simulated relay whose answers the test defines.
final class ScriptedRelay implements RelayClient {
    static final Answer OK = new Accepted(202, Bytes.empty());
    static final Unavailable LATER = new Unavailable("it is down", Optional.of(Duration.ZERO));

    final List<List<Envelope>> requests = new CopyOnWriteArrayList<>();
    final List<Position> asked = new CopyOnWriteArrayList<>();
    final List<Integer> askedAboutLacking = new CopyOnWriteArrayList<>();
    volatile Function<Envelope, Answer> onEnvelope = envelope -> OK;
    volatile Function<List<Envelope>, Optional<Unavailable>> onRequest = envelopes -> Optional.empty();
    volatile Function<Position, FeedPoll> onNews = from -> new FeedPoll.NotNow("it is down", Optional.empty());
    volatile Function<List<EnvelopeId>, Optional<Set<EnvelopeId>>> onLacking = ids -> Optional.of(Set.of());

    static Answer refused(Finality finality) {
        return new Refused(422, URI.create("/problem-types#test"), "because", finality);
    }

    /// @return the deliveries of all requests, in order
    List<DeliveryId> sent() {
        return requests.stream()
                .flatMap(List::stream)
                .map(envelope -> envelope.header().facts().id())
                .toList();
    }

    @Override
    public List<Answer> submit(List<Bytes> contents) {
        List<Envelope> envelopes = contents.stream().map(ScriptedRelay::decode).toList();
        requests.add(envelopes);
        var failure = onRequest.apply(envelopes);
        var answers = new ArrayList<Answer>();
        envelopes.forEach(envelope -> answers.add(failure.isPresent() ? failure.get() : onEnvelope.apply(envelope)));
        return answers;
    }

    private static Envelope decode(Bytes bytes) {
        try {
            return Envelope.decode(bytes);
        } catch (MalformedException e) {
            throw new AssertionError("What was submitted is not an envelope: " + e.reason(), e);
        }
    }

    @Override
    public FeedPoll pollFeed(Position from, Duration wait, int limit) {
        asked.add(from);
        return onNews.apply(from);
    }

    @Override
    public Optional<Set<EnvelopeId>> lacking(List<EnvelopeId> envelopes) {
        askedAboutLacking.add(envelopes.size());
        return onLacking.apply(envelopes);
    }
}
