// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.shareferry.delivery.Domain;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;

/// The two statements about the scheme batched, on rings so small that everything can be gone through: whether
/// a
/// cheated chunk is accepted does not depend on its values, and it is rarely accepted when a value is wrong.
class BatchedExhaustiveTest {

    /// What a cheating party adds to the sums.
    record Errors(long[] y, long[] w, long r, long v, long u) {}

    /// All elements of the ring as vectors of one, so that the inner loop decodes nothing.
    private static final class Tiny {
        final Domain.Ring ring;
        final int order;
        final ElementVector[] elements;

        Tiny(int spare, int clear) {
            ring = new Domain.Ring(spare + clear, clear);
            order = 1 << (spare + clear);
            elements = new ElementVector[order];
            for (int i = 0; i < order; i++) {
                elements[i] = Domains.of(ring, (long) i);
            }
        }

        /// @return how many of all (r, v, χ) accept these values with these errors
        long accepted(long[] y, Errors e) {
            int m = y.length;
            long accepted = 0;
            var chis = new long[m];
            for (long r = 0; r < order; r++) {
                for (long v = 0; v < order; v++) {
                    var values = new long[2 * m];
                    for (int i = 0; i < m; i++) {
                        values[2 * i] = y[i] + e.y()[i];
                        values[2 * i + 1] = y[i] * r + e.w()[i];
                    }
                    var sums = Domains.of(ring, values);
                    var tail = Domains.of(ring, r + e.r(), v + e.v(), v * r + e.u());
                    accepted += acceptedFor(sums, tail, chis, 0, ElementVector.zeros(ring, m));
                }
            }
            return accepted;
        }

        private long acceptedFor(ElementVector sums, ElementVector tail, long[] chis, int at, ElementVector chi) {
            if (at == chis.length) {
                return ChunkCheck.batchedWith(sums, tail, chi) ? 1 : 0;
            }
            long accepted = 0;
            for (int c = 0; c < order; c++) {
                accepted += acceptedFor(sums, tail, chis, at + 1, chi);
                chi.addAt(at, elements[1], 0, 1);
            }
            return accepted;
        }
    }

    private static Errors random(Random random, int order, int m) {
        var y = random.longs(m, 0, order).toArray();
        var w = random.longs(m, 0, order).toArray();
        return new Errors(y, w, random.nextInt(order), random.nextInt(order), random.nextInt(order));
    }

    @Test
    void acceptance_does_not_depend_on_the_value_and_is_rare_for_one_value_and_two_and_two_bits() {
        var tiny = new Tiny(2, 2);
        var random = new Random(1);
        for (int trial = 0; trial < 120; trial++) {
            var errors = random(random, tiny.order, 1);
            if (trial % 3 == 0) {
                // The worst shifts are those of high valuation.
                errors = new Errors(new long[] {2}, new long[] {0}, 8L * (trial % 2), 0, 8L * (trial % 5 % 2));
            }
            long first = tiny.accepted(new long[] {0}, errors);
            for (long y = 1; y < tiny.order; y++) {
                assertThat(tiny.accepted(new long[] {y}, errors)).isEqualTo(first);
            }
            assertSound(first, errors, 2, 2, 3);
        }
    }

    @Test
    void acceptance_does_not_depend_on_the_value_with_three_and_three_bits() {
        var tiny = new Tiny(3, 3);
        for (var errors : new Errors[] {
            new Errors(new long[] {4}, new long[] {0}, 0, 0, 0),
            new Errors(new long[] {4}, new long[] {32}, 32, 1, 7),
            new Errors(new long[] {0}, new long[] {0}, 32, 0, 0)
        }) {
            long first = tiny.accepted(new long[] {0}, errors);
            for (long y : new long[] {1, 4, 31, 63}) {
                assertThat(tiny.accepted(new long[] {y}, errors)).isEqualTo(first);
            }
            assertSound(first, errors, 3, 3, 3);
        }
    }

    @Test
    void acceptance_does_not_depend_on_two_values() {
        var tiny = new Tiny(1, 2);
        var random = new Random(2);
        for (int trial = 0; trial < 25; trial++) {
            var errors = random(random, tiny.order, 2);
            long first = tiny.accepted(new long[] {0, 0}, errors);
            for (int y = 1; y < tiny.order * tiny.order; y += 5) {
                assertThat(tiny.accepted(new long[] {y % tiny.order, y / tiny.order}, errors))
                        .isEqualTo(first);
            }
            assertSound(first, errors, 1, 2, 4);
        }
    }

    @Test
    void an_honest_chunk_is_always_accepted() {
        var tiny = new Tiny(2, 2);
        var none = new Errors(new long[] {0}, new long[] {0}, 0, 0, 0);
        assertThat(tiny.accepted(new long[] {5}, none)).isEqualTo(16L * 16 * 16);
    }

    /// P(accept) ≤ (s+2)·2^-(s+1) when some value is off modulo 2^k (docs/output-delivery.md).
    private static void assertSound(long accepted, Errors errors, int spare, int clear, int drawn) {
        boolean isWrong = Arrays.stream(errors.y()).anyMatch(delta -> delta % (1 << clear) != 0);
        if (isWrong) {
            double all = Math.pow(2, (spare + clear) * drawn);
            double bound = (spare + 2) * Math.pow(2, -(spare + 1));
            assertThat(accepted / all).isLessThanOrEqualTo(bound);
        }
    }
}
