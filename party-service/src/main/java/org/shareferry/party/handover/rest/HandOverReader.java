// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.io.InputStream;
import java.util.function.Supplier;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.party.handover.HandOverStart.AlreadyHandedOver;
import org.shareferry.party.handover.HandOverStart.Refused;
import org.shareferry.party.handover.HandOverStart.Started;
import org.shareferry.party.handover.HandOvers;
import org.shareferry.party.handover.OpenHandOver;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.service.problem.Problem;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Reads a hand-over from a streamed body: each chunk is read, sealed and wiped before the next one.
@Component
class HandOverReader {
    private final HandOvers handOvers;
    private final DeliveryFactsFactory factsFactory;

    HandOverReader(HandOvers handOvers, DeliveryFactsFactory factsFactory) {
        this.handOvers = handOvers;
        this.factsFactory = factsFactory;
    }

    /// The result of a hand-over.
    sealed interface Outcome {
        /// Everything is committed, now or by an earlier hand-over with the same facts.
        ///
        /// @param state of the delivery, as shown to users
        record Accepted(DeliveryId delivery, String state) implements Outcome {}

        /// Nothing of it is kept.
        record Rejected(Problem problem) implements Outcome {}

        static Rejected rejected(HandOverRefusal why) {
            return new Rejected(HandOverProblems.of(why));
        }
    }

    /// Reads a hand-over in JSON or CBOR with named properties in each chunk.
    Outcome read(BodyReader body) {
        return read(() -> HeadReader.read(body), () -> new DocumentChunks(body));
    }

    /// Reads a hand-over whose head is followed by raw shares.
    ///
    /// @param rest returns the stream after the head
    Outcome read(BodyReader head, Supplier<InputStream> rest) {
        return read(() -> HeadReader.readAlone(head), () -> new RawChunks(rest.get()));
    }

    /// Reads a head.
    private interface Head {
        HandOverHead read() throws InvalidHandOverException;
    }

    private Outcome read(Head reading, Supplier<Chunks> chunks) {
        try (var head = reading.read();
                var delivery = MDC.putCloseable("delivery", head.id().toString())) {
            return read(head, chunks);
        } catch (InvalidHandOverException e) {
            return new Outcome.Rejected(e.problem());
        }
    }

    private Outcome read(HandOverHead head, Supplier<Chunks> chunks) throws InvalidHandOverException {
        var facts = factsFactory.facts(head);
        var keys = factsFactory.pairwiseKeys(head);
        try {
            return switch (handOvers.begin(facts, keys)) {
                case Refused refused -> Outcome.rejected(refused.why());
                case AlreadyHandedOver before -> new Outcome.Accepted(before.delivery(), before.state());
                case Started started -> {
                    try (var handOver = started.handOver()) {
                        yield fill(handOver, chunks.get());
                    }
                }
            };
        } finally {
            keys.ifPresent(pairwise -> pairwise.close());
        }
    }

    private static Outcome fill(OpenHandOver handOver, Chunks chunks) throws InvalidHandOverException {
        int count = handOver.facts().shape().chunkCount();
        for (int index = 0; index < count; index++) {
            try (var content = chunks.next(handOver.facts(), index)) {
                var refusal = handOver.seal(new Place(Kind.VALUES, index), content);
                if (refusal.isPresent()) {
                    return Outcome.rejected(refusal.get());
                }
            }
        }
        chunks.end(handOver.facts());
        return handOver.complete()
                .<Outcome>map(Outcome::rejected)
                .orElseGet(() -> new Outcome.Accepted(handOver.facts().id(), DeliveryState.SEALED.text()));
    }
}
