// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.Optional;
import org.shareferry.crypto.SecretBytes;
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
import org.shareferry.party.seal.ShareSealer;
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
        boolean hasTail = handOver.facts().scheme().elementsPerTail() > 0;
        boolean elementsSeen = false;
        boolean tailSeen = false;
        for (var name = body.nextName(); name.isPresent(); name = body.nextName()) {
            var place = switch (name.get()) {
                case "elements" -> new Place(Kind.VALUES, index);
                case "tail" -> tailPlace(index, hasTail, elementsSeen);
                default -> throw BodyReader.unknown("A chunk", name.get());
            };
            if (place.kind() == Kind.VALUES ? elementsSeen : tailSeen) {
                throw UnreadableException.malformed(
                        "Chunk " + index + " names the property \"" + name.get() + "\" twice.");
            }
            elementsSeen |= place.kind() == Kind.VALUES;
            tailSeen |= place.kind() == Kind.TAIL;
            var refusal = seal(handOver, place, body);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (!elementsSeen || tailSeen != hasTail) {
            throw UnreadableException.unfit("Chunk " + index + " lacks its " + (elementsSeen ? "tail." : "elements."));
        }
        return Optional.empty();
    }

    private static Place tailPlace(int index, boolean hasTail, boolean elementsSeen) throws UnreadableException {
        if (!hasTail) {
            throw UnreadableException.unfit("Chunk " + index + " has a tail, which this scheme has not.");
        }
        if (!elementsSeen) {
            throw UnreadableException.malformed("The tail of chunk " + index + " must follow its elements.");
        }
        return new Place(Kind.TAIL, index);
    }

    private static Optional<HandOverRefusal> seal(OpenHandOver handOver, Place place, BodyReader body)
            throws UnreadableException {
        int size = Math.toIntExact(ShareSealer.handedOverSize(handOver.facts(), place));
        try (SecretBytes content =
                body.bytes("chunk " + place.index() + " (" + place.kind().text() + ")", size)) {
            return switch (handOver.seal(place, content)) {
                case PlaceSealed sealed -> Optional.empty();
                case PlaceRefused refused -> Optional.of(refused.why());
            };
        }
    }
}
