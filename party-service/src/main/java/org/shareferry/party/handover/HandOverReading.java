// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.io.InputStream;
import java.util.function.Supplier;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.party.handover.Beginning.AlreadyHandedOver;
import org.shareferry.party.handover.Beginning.Begun;
import org.shareferry.party.handover.Beginning.NotBegun;
import org.shareferry.party.handover.Completion.Completed;
import org.shareferry.party.handover.Completion.NotCompleted;
import org.shareferry.party.handover.PlaceSealing.PlaceRefused;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Reads a hand-over from a streamed body: each chunk is read, sealed and wiped before the next one.
@Component
class HandOverReading {
    private final HandOvers handOvers;
    private final FactsMaker factsMaker;

    HandOverReading(HandOvers handOvers, FactsMaker factsMaker) {
        this.handOvers = handOvers;
        this.factsMaker = factsMaker;
    }

    /// The result of a hand-over.
    sealed interface Outcome {
        /// Everything is committed.
        record Taken(DeliveryId delivery) implements Outcome {}

        /// It was already handed over; nothing was sealed again.
        ///
        /// @param state its state, as shown to users
        record TakenBefore(DeliveryId delivery, String state) implements Outcome {}

        /// Nothing of it is kept.
        record NotTaken(HandOverRefusal why) implements Outcome {}
    }

    /// Reads a hand-over in JSON or CBOR with named properties in each chunk.
    Outcome read(BodyReader body) {
        return read(() -> HeadReader.read(body), () -> new NamedChunks(body));
    }

    /// Reads a hand-over whose head is followed by raw shares.
    ///
    /// @param rest returns the stream after the head
    Outcome read(BodyReader head, Supplier<InputStream> rest) {
        return read(() -> HeadReader.readAlone(head), () -> new RawChunks(rest.get()));
    }

    /// Reads a head.
    private interface Head {
        HandOverHead read() throws UnreadableException;
    }

    private Outcome read(Head reading, Supplier<Chunks> chunks) {
        try (var head = reading.read();
                var delivery = MDC.putCloseable("delivery", head.id().toString())) {
            return read(head, chunks);
        } catch (UnreadableException e) {
            return new Outcome.NotTaken(e.refusal());
        }
    }

    private Outcome read(HandOverHead head, Supplier<Chunks> chunks) throws UnreadableException {
        var facts = factsMaker.facts(head);
        var keys = factsMaker.pairwiseKeys(head);
        try {
            return switch (handOvers.begin(facts, keys)) {
                case NotBegun refused -> new Outcome.NotTaken(refused.why());
                case AlreadyHandedOver before -> new Outcome.TakenBefore(before.delivery(), before.state());
                case Begun begun -> {
                    try (var handOver = begun.handOver()) {
                        yield fill(handOver, chunks.get());
                    }
                }
            };
        } finally {
            keys.ifPresent(pairwise -> pairwise.close());
        }
    }

    private static Outcome fill(OpenHandOver handOver, Chunks chunks) throws UnreadableException {
        int count = handOver.facts().shape().chunkCount();
        for (int index = 0; index < count; index++) {
            try (var content = chunks.next(handOver.facts(), index)) {
                if (handOver.seal(new Place(Kind.VALUES, index), content) instanceof PlaceRefused refused) {
                    return new Outcome.NotTaken(refused.why());
                }
            }
        }
        chunks.end(handOver.facts());
        return switch (handOver.complete()) {
            case Completed completed -> new Outcome.Taken(completed.delivery());
            case NotCompleted refused -> new Outcome.NotTaken(refused.why());
        };
    }
}
