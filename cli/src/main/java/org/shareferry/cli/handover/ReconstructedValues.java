// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Challenges;
import org.shareferry.check.CheckResult;
import org.shareferry.check.ChunkCheck;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.share.DecodedValues;
import org.shareferry.share.ElementVector;

/// The values of all parties' hand-overs of one delivery.
///
/// @param result of the scheme's check over all chunks
/// @param values the numbers; none when the check failed
record ReconstructedValues(CheckResult result, List<BigDecimal> values) {
    ReconstructedValues {
        values = List.copyOf(values);
    }

    /// @param handOvers of all parties, with the same facts
    /// @throws MalformedException when chunks are missing, or of another size than the facts say
    static ReconstructedValues of(List<HandOver> handOvers) throws MalformedException {
        var facts = handOvers.getFirst().facts();
        var decoded = new DecodedValues(facts.domain(), facts.precision());
        var values = new ArrayList<BigDecimal>();
        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), facts.id())) {
            for (int index = 0; index < facts.shape().chunkCount(); index++) {
                int count = facts.shape().valuesInChunk(index);
                var elements = sum(handOvers, index);
                if (!ChunkCheck.holds(facts.scheme(), elements, challenges.ofChunk(index))) {
                    return new ReconstructedValues(CheckResult.FAILED, List.of());
                }
                var raw = decoded.toRaw(elements, facts.scheme().elementsPerValue(), count);
                for (int i = 0; i < count; i++) {
                    values.add(decoded.number(raw, i));
                }
            }
        }
        return new ReconstructedValues(CheckResult.HELD, values);
    }

    /// @return the sums of a chunk's elements, those of the tail last
    private static ElementVector sum(List<HandOver> handOvers, int index) throws MalformedException {
        var facts = handOvers.getFirst().facts();
        var sum = ElementVector.zeros(facts.domain(), facts.shape().elementsInChunk(facts.scheme(), index));
        for (var handOver : handOvers) {
            if (handOver.chunks().size() != facts.shape().chunkCount()) {
                throw new MalformedException("A hand-over has "
                        + handOver.chunks().size() + " chunks, but its count and values per chunk require "
                        + facts.shape().chunkCount() + ".");
            }
            var chunk = handOver.chunks().get(index);
            var tail = chunk.tail().orElseGet(() -> SecretBytes.takeOver(new byte[0]));
            check(
                    facts,
                    index,
                    "elements",
                    chunk.elements(),
                    sum.size() - facts.scheme().elementsPerTail());
            check(facts, index, "tail", tail, facts.scheme().elementsPerTail());
            try (var content = SecretBytes.join(chunk.elements(), tail);
                    var part = ElementVector.decode(facts.domain(), content)) {
                sum.add(part);
            }
        }
        return sum;
    }

    private static void check(HandOver.Facts facts, int index, String part, SecretBytes elements, int wanted)
            throws MalformedException {
        int expected = wanted * facts.domain().elementBytes();
        if (elements.size() != expected) {
            throw new MalformedException("Chunk " + index + " of a hand-over has " + elements.size() + " bytes of "
                    + part + "; " + expected + " were expected.");
        }
    }
}
