// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.party.handover.Beginning.AlreadyHandedOver;
import org.shareferry.party.handover.Beginning.Begun;
import org.shareferry.party.handover.Beginning.NotBegun;
import org.shareferry.party.handover.Completion.Completed;
import org.shareferry.party.handover.Completion.NotCompleted;
import org.shareferry.party.handover.PlaceSealing.PlaceRefused;
import org.shareferry.party.handover.PlaceSealing.PlaceSealed;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Takes a hand-over from a body as it streams in: one chunk is read, sealed and wiped before the next one.
@Component
class HandOverReading {
    private final HandOvers handOvers;
    private final FactsMaker factsMaker;

    HandOverReading(HandOvers handOvers, FactsMaker factsMaker) {
        this.handOvers = handOvers;
        this.factsMaker = factsMaker;
    }

    /// What came of it.
    sealed interface Outcome {
        /// Everything is committed.
        record Taken(DeliveryId delivery) implements Outcome {}

        /// It had been handed over before; nothing was sealed again.
        ///
        /// @param state what became of it, as people see it
        record TakenBefore(DeliveryId delivery, String state) implements Outcome {}

        /// Nothing of it stays.
        record NotTaken(HandOverRefusal why) implements Outcome {}
    }

    Outcome read(BodyReader body) {
        try (var head = HeadReader.read(body);
                var delivery = MDC.putCloseable("delivery", head.id().toString())) {
            return read(head, body);
        } catch (UnreadableException e) {
            return new Outcome.NotTaken(e.refusal());
        }
    }

    private Outcome read(HandOverHead head, BodyReader body) throws UnreadableException {
        var facts = factsMaker.facts(head);
        var keys = factsMaker.pairwiseKeys(head);
        try {
            return switch (handOvers.begin(facts, keys)) {
                case NotBegun refused -> new Outcome.NotTaken(refused.why());
                case AlreadyHandedOver before -> new Outcome.TakenBefore(before.delivery(), before.state());
                case Begun begun -> {
                    try (var handOver = begun.handOver()) {
                        yield fill(handOver, body);
                    }
                }
            };
        } finally {
            keys.ifPresent(pairwise -> pairwise.close());
        }
    }

    private static Outcome fill(OpenHandOver handOver, BodyReader body) throws UnreadableException {
        int chunks = handOver.facts().shape().chunkCount();
        for (int index = 0; index < chunks; index++) {
            if (!body.nextObject("Chunks")) {
                throw UnreadableException.unfit("There are only " + index + " chunks where " + chunks + " belong.");
            }
            var refusal = chunk(handOver, index, body);
            if (refusal.isPresent()) {
                return new Outcome.NotTaken(refusal.get());
            }
        }
        if (body.nextObject("Chunks")) {
            throw UnreadableException.unfit("There are more than the " + chunks + " chunks that belong.");
        }
        var surplus = body.nextName();
        if (surplus.isPresent()) {
            throw UnreadableException.malformed("The chunks must be the last property of a hand-over.");
        }
        body.end();
        return switch (handOver.complete()) {
            case Completed completed -> new Outcome.Taken(completed.delivery());
            case NotCompleted refused -> new Outcome.NotTaken(refused.why());
        };
    }

    private static Optional<HandOverRefusal> chunk(OpenHandOver handOver, int index, BodyReader body)
            throws UnreadableException {
        try (var chunk = new ChunkContent(handOver.facts(), index)) {
            for (var name = body.nextName(); name.isPresent(); name = body.nextName()) {
                chunk.read(name.get(), body);
            }
            try (var content = chunk.content()) {
                return switch (handOver.seal(new Place(Kind.VALUES, index), content)) {
                    case PlaceSealed sealed -> Optional.empty();
                    case PlaceRefused refused -> Optional.of(refused.why());
                };
            }
        }
    }
}
