// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.util.List;
import java.util.function.BiConsumer;
import org.shareferry.client.check.OpenedBodies.Opened;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.share.ElementVector;
import org.springframework.stereotype.Component;

/// The random values r of a checked request. They are in memory only while an answer is made.
@Component
public class RandomValues {
    private final Reconstruction reconstruction;
    private final OpenedBodies bodies;

    RandomValues(Reconstruction reconstruction, OpenedBodies bodies) {
        this.reconstruction = reconstruction;
        this.bodies = bodies;
    }

    /// Passes r on, chunk by chunk.
    ///
    /// @param consumer of the first value's index and the chunk's values; it may change them, and they are wiped
    ///     afterwards
    /// @return SHA-256 of the encoding of the closing words
    public Bytes each(DeliveryFacts facts, BiConsumer<Long, ElementVector> consumer) {
        try (var opened = bodies.take(facts.key())) {
            for (int index = 0; index < facts.shape().chunkCount(); index++) {
                give(facts, index, opened, consumer);
            }
            return closing(List.copyOf(reconstruction
                    .bodies(facts, new Place(Kind.CLOSING, 0), opened)
                    .values()));
        } finally {
            reconstruction.end(facts);
        }
    }

    private void give(DeliveryFacts facts, int index, Opened opened, BiConsumer<Long, ElementVector> consumer) {
        int count = facts.shape().valuesInChunk(index);
        try (var sum = reconstruction.sum(facts, new Place(Kind.VALUES, index), opened);
                var values = sum.elements().zerosAlike(count)) {
            if (!sum.areShares()) {
                throw new IllegalStateException("A checked chunk does not decode any more.");
            }
            values.addAt(0, sum.elements(), 0, count);
            consumer.accept(facts.shape().firstValue(index), values);
        }
    }

    /// All are equal; otherwise the check would have failed.
    private static Bytes closing(List<Bytes> words) {
        if (words.stream().distinct().count() != 1) {
            throw new IllegalStateException("Checked closing words are no longer equal.");
        }
        return Sha256.of(words.getFirst());
    }
}
