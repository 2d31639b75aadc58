// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Challenges;
import org.shareferry.check.CheckResult;
import org.shareferry.check.ChunkCheck;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.share.DecodedValues;
import org.shareferry.share.ElementVector;

/// What comes out of all parties' hand-overs of one delivery.
///
/// @param result of the scheme's check over all chunks
/// @param values the numbers; none when the check failed
record Reconstruction(CheckResult result, List<BigDecimal> values) {
    Reconstruction {
        values = List.copyOf(values);
    }

    /// @param handOvers of all parties, with the same facts
    /// @throws MalformedException when chunks are missing, or of another size than the facts say
    static Reconstruction of(List<HandOver> handOvers) throws MalformedException {
        var facts = handOvers.getFirst().facts();
        var decoded = new DecodedValues(facts.domain(), facts.precision());
        var values = new ArrayList<BigDecimal>();
        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), facts.id())) {
            for (int index = 0; index < facts.shape().chunkCount(); index++) {
                int count = facts.shape().valuesInChunk(index);
                var elements = sum(
                        handOvers,
                        index,
                        count * facts.scheme().elementsPerValue(),
                        chunk -> Optional.of(chunk.elements()));
                var tail = sum(handOvers, index, facts.scheme().elementsPerTail(), HandOver.Chunk::tail);
                if (!ChunkCheck.holds(facts.scheme(), elements, tail, challenges.ofChunk(index))) {
                    return new Reconstruction(CheckResult.FAILED, List.of());
                }
                var raw = decoded.toRaw(elements, facts.scheme().elementsPerValue());
                for (int i = 0; i < count; i++) {
                    values.add(decoded.number(raw, i));
                }
            }
        }
        return new Reconstruction(CheckResult.HELD, values);
    }

    private static ElementVector sum(
            List<HandOver> handOvers, int index, int size, Function<HandOver.Chunk, Optional<SecretBytes>> which)
            throws MalformedException {
        var sum = ElementVector.zeros(handOvers.getFirst().facts().domain(), size);
        for (var handOver : handOvers) {
            if (handOver.chunks().size() != handOver.facts().shape().chunkCount()) {
                throw new MalformedException("A hand-over has "
                        + handOver.chunks().size() + " chunks where its count" + " and values per chunk make "
                        + handOver.facts().shape().chunkCount() + ".");
            }
            try (var part = part(handOver, which.apply(handOver.chunks().get(index)))) {
                if (part.size() != size) {
                    throw new MalformedException("Chunk " + index + " of a hand-over has " + part.size()
                            + " elements, or elements in its tail, where " + size + " were expected.");
                }
                sum.add(part);
            }
        }
        return sum;
    }

    private static ElementVector part(HandOver handOver, Optional<SecretBytes> bytes) throws MalformedException {
        var domain = handOver.facts().domain();
        return bytes.isPresent() ? ElementVector.decode(domain, bytes.get()) : ElementVector.zeros(domain, 0);
    }
}
