// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.shareferry.check.BatchedRestatement.Errors;
import org.shareferry.delivery.Domain;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;

/// The two statements about the scheme batched, on rings so small that everything can be gone through:
/// whether a cheated chunk is accepted does not depend on its values, and it is rarely accepted when a value
/// is wrong.
class BatchedExhaustiveTest {

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
                    var elements = new long[2 * m + 3];
                    for (int i = 0; i < m; i++) {
                        elements[2 * i] = y[i] + e.y()[i];
                        elements[2 * i + 1] = y[i] * r + e.w()[i];
                    }
                    elements[2 * m] = r + e.r();
                    elements[2 * m + 1] = v + e.v();
                    elements[2 * m + 2] = v * r + e.u();
                    accepted += acceptedFor(Domains.of(ring, elements), chis, 0, ElementVector.zeros(ring, m));
                }
            }
            return accepted;
        }

        private long acceptedFor(ElementVector sums, long[] chis, int at, ElementVector chi) {
            if (at == chis.length) {
                return ChunkCheck.batchedWith(sums, chi) ? 1 : 0;
            }
            long accepted = 0;
            for (int c = 0; c < order; c++) {
                accepted += acceptedFor(sums, chis, at + 1, chi);
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
    void in_the_ring_of_four_every_error_is_accepted_as_often_for_every_value() {
        var tiny = new Tiny(1, 1);
        var restatement = new BatchedRestatement(2);
        for (int code = 0; code < 1 << 10; code++) {
            var errors = new Errors(
                    new long[] {code & 3}, new long[] {code >> 2 & 3}, code >> 4 & 3, code >> 6 & 3, code >> 8 & 3);
            long first = tiny.accepted(new long[] {0}, errors);
            for (long y = 0; y < 4; y++) {
                assertThat(tiny.accepted(new long[] {y}, errors)).isEqualTo(first);
                assertThat(restatement.accepted(new long[] {y}, errors)).isEqualTo(first);
            }
            assertSound(first, errors, 1, 1, 3);
        }
    }

    @Test
    void the_restatement_is_the_check_that_clients_run() {
        var random = new Random(3);
        for (int trial = 0; trial < 20_000; trial++) {
            int spare = 1 + random.nextInt(8);
            var ring = new Domain.Ring(spare + 8, 8);
            int order = 1 << ring.shareBits();
            var errors = random(random, trial % 2 == 0 ? 1 : order, 3);
            var y = random.longs(3, 0, order).toArray();
            var chi = random.longs(3, 0, order).toArray();
            long r = random.nextInt(order);
            long v = random.nextInt(order);
            var elements = new long[9];
            for (int i = 0; i < 3; i++) {
                elements[2 * i] = y[i] + errors.y()[i];
                elements[2 * i + 1] = y[i] * r + errors.w()[i];
            }
            elements[6] = r + errors.r();
            elements[7] = v + errors.v();
            elements[8] = v * r + errors.u();

            assertThat(ChunkCheck.batchedWith(Domains.of(ring, elements), Domains.of(ring, chi)))
                    .isEqualTo(new BatchedRestatement(ring.shareBits()).accepts(y, errors, r, v, chi));
        }
    }

    /// Every second time some of the errors are of high valuation, which are those that are worth trying.
    private static Errors cunning(Random random, int bits, int m) {
        var errors = random(random, 1 << bits, m);
        if (random.nextBoolean()) {
            return errors;
        }
        long mask = (1L << bits) - 1;
        var y = LongStream.of(errors.y())
                .map(e -> e << random.nextInt(bits) & mask)
                .toArray();
        var w = LongStream.of(errors.w())
                .map(e -> e << random.nextInt(bits + 1) & mask)
                .toArray();
        return new Errors(
                y,
                w,
                errors.r() << random.nextInt(bits + 1) & mask,
                errors.v() << random.nextInt(bits + 1) & mask,
                errors.u() << random.nextInt(bits + 1) & mask);
    }

    @Test
    void acceptance_depends_on_no_value_for_many_errors_with_three_and_three_bits() {
        var restatement = new BatchedRestatement(6);
        var random = new Random(4);
        for (int trial = 0; trial < 16; trial++) {
            var errors = cunning(random, 6, 1);
            long first = restatement.accepted(new long[] {0}, errors);
            for (long y = 1; y < 64; y++) {
                assertThat(restatement.accepted(new long[] {y}, errors)).isEqualTo(first);
            }
            assertSound(first, errors, 3, 3, 3);
        }
    }

    @Test
    void acceptance_depends_on_neither_of_two_values_with_two_and_two_bits() {
        var restatement = new BatchedRestatement(4);
        var random = new Random(5);
        for (int trial = 0; trial < 16; trial++) {
            var errors = cunning(random, 4, 2);
            long first = restatement.accepted(new long[] {0, 0}, errors);
            for (int y = 1; y < 256; y++) {
                assertThat(restatement.accepted(new long[] {y % 16, y / 16}, errors))
                        .isEqualTo(first);
            }
            assertSound(first, errors, 2, 2, 4);
        }
    }

    /// The bound is no idle one: the top bit of a value, flipped, comes within a factor of two of it.
    @Test
    void a_flipped_top_bit_comes_near_the_bound() {
        var restatement = new BatchedRestatement(6);
        var errors = new Errors(new long[] {4}, new long[] {0}, 0, 0, 0);
        double chance = restatement.accepted(new long[] {0}, errors) / Math.pow(2, 18);
        assertThat(chance).isBetween(5 / 16.0 / 2, 5 / 16.0);
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
