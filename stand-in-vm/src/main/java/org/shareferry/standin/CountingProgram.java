// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.share.ElementVector;

/// Delivers 0, 1, 2, … over a ring, as many as wanted: shares are made when they are asked for, from the
/// run's
/// id, so that a delivery of any length needs no memory.
///
/// @param domain a ring
/// @param run the run's id; decides all shares
/// @param party the party's number
/// @param parties N
/// @param scheme committed or additive
/// @param shapes of the deliveries, in order
public record CountingProgram(Domain.Ring domain, RunId run, int party, int parties, Scheme scheme, List<Shape> shapes)
        implements Program {
    private static final String LABEL = "stand-in";

    public CountingProgram {
        shapes = List.copyOf(shapes);
        if (scheme != Scheme.COMMITTED && scheme != Scheme.ADDITIVE) {
            throw new IllegalArgumentException("Shares that are made on the way cannot be multiplied.");
        }
    }

    @Override
    public List<Output> outputs() {
        return java.util.stream.IntStream.range(0, shapes.size())
                .<Output>mapToObj(Counting::new)
                .toList();
    }

    private final class Counting implements Output {
        private final int sequence;

        private Counting(int sequence) {
            this.sequence = sequence;
        }

        @Override
        public int recipient() {
            return 0;
        }

        @Override
        public Scheme scheme() {
            return scheme;
        }

        @Override
        public Shape shape() {
            return shapes.get(sequence);
        }

        @Override
        public int precision() {
            return 0;
        }

        @Override
        public long label() {
            return sequence;
        }

        /// The last party's shares make up for everyone else's.
        @Override
        public SecretBytes elements(Place place) {
            int count = size(place);
            if (party < parties - 1) {
                try (var drawn = drawn(party, place, count)) {
                    return drawn.encode();
                }
            }
            try (var rest = plain(place, count)) {
                for (int other = 0; other < party; other++) {
                    try (var share = drawn(other, place, count)) {
                        rest.subtract(share);
                    }
                }
                return rest.encode();
            }
        }

        private int size(Place place) {
            return switch (place.kind()) {
                case VALUES -> shape().valuesInChunk(place.index());
                case MASKS -> Scheme.MASKS;
                case TAIL, CLOSING -> throw new IllegalArgumentException("There is no " + place + ".");
            };
        }

        private ElementVector plain(Place place, int count) {
            int bytes = domain.elementBytes();
            var content = ByteBuffer.allocate(count * bytes).order(ByteOrder.LITTLE_ENDIAN);
            long first = place.kind() == org.shareferry.delivery.Kind.VALUES ? shape().firstValue(place.index()) : 0;
            for (int i = 0; i < count; i++) {
                content.putLong(i * bytes, first + i);
            }
            try (var encoded = SecretBytes.takeOver(content.array())) {
                return ElementVector.decode(domain, encoded);
            } catch (MalformedException e) {
                throw new IllegalStateException("Small numbers are elements of every ring.", e);
            }
        }

        private ElementVector drawn(int whose, Place place, int count) {
            var share = ElementVector.zeros(domain, count);
            var parts = List.of(Bytes.ascii(sequence + " " + whose + " " + place));
            try (var seed = SecretBytes.copyOf(run.toBytes().toArray());
                    var key = Hkdf.derive(seed, LABEL, parts, KeyStream.KEY_SIZE)) {
                share.fillUniformly(KeyStream.of(key));
            }
            return share;
        }
    }
}
