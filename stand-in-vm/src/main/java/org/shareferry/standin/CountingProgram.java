// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.share.ElementVector;

/// Delivers 0, 1, 2, … over any domain and in any scheme. Shares are computed from the run's id when they are
/// needed, so a delivery of any length needs no memory.
/// @param domain of the shares
/// @param run the run's id, from which all shares are derived
/// @param party the party's number
/// @param parties N
/// @param scheme of the deliveries
/// @param shapes of the deliveries, in order; delivery i has the label i
public record CountingProgram(Domain domain, RunId run, int party, int parties, Scheme scheme, List<Shape> shapes)
        implements Program {

    public CountingProgram {
        shapes = List.copyOf(shapes);
    }

    @Override
    public List<Output> outputs() {
        return IntStream.range(0, shapes.size()).<Output>mapToObj(Counting::new).toList();
    }

    private final class Counting implements Output {
        private final int sequence;
        private final CountedValues values;

        private Counting(int sequence) {
            this.sequence = sequence;
            this.values = new CountedValues(domain, scheme, shapes.get(sequence), run, sequence);
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

        @Override
        public SecretBytes elements(int chunk) {
            return shares("values " + chunk, () -> values.values(chunk));
        }

        @Override
        public SecretBytes checkElements(int chunk) {
            return shares("behind values " + chunk, () -> values.behind(chunk));
        }

        /// The last party's shares complete the sum.
        private SecretBytes shares(String what, Supplier<ElementVector> plain) {
            try (var rest = plain.get()) {
                if (party < parties - 1) {
                    try (var drawn = values.drawn(party, what, rest.size())) {
                        return drawn.encode();
                    }
                }
                for (int other = 0; other < party; other++) {
                    try (var share = values.drawn(other, what, rest.size())) {
                        rest.subtract(share);
                    }
                }
                return rest.encode();
            }
        }
    }
}
