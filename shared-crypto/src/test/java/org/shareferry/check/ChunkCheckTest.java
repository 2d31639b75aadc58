// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;

/// Honest chunks pass and a party that shifts anything at all is caught, in every domain and scheme with a
/// check.
class ChunkCheckTest {
    private static final int VALUES = 5;
    private static final Random RANDOM = new Random(42);

    static Stream<Arguments> checked() {
        var domains = List.of(
                Domains.RINGS.get(0),
                Domains.RINGS.get(1),
                Domains.RINGS.get(2),
                Domains.RINGS.get(3),
                Domains.FIELDS.get(1),
                Domains.FIELDS.get(3),
                Domains.FIELDS.get(6));
        return domains.stream()
                .flatMap(domain -> Stream.of(Scheme.TRIPLE, Scheme.QUINTUPLE, Scheme.BATCHED)
                        .map(scheme -> Arguments.of(domain, scheme)));
    }

    record Chunk(BigInteger[] values, BigInteger[] tail) {
        boolean holds(Domain domain, Scheme scheme) {
            return ChunkCheck.holds(scheme, elements(domain), fresh());
        }

        ElementVector elements(Domain domain) {
            return Domains.of(
                    domain, Stream.concat(Stream.of(values), Stream.of(tail)).toArray(BigInteger[]::new));
        }
    }

    private static KeyStream fresh() {
        return KeyStream.of(SecretBytes.random(KeyStream.KEY_SIZE));
    }

    private static BigInteger uniform(Domain domain) {
        return new BigInteger(300, RANDOM).mod(Domains.order(domain));
    }

    static Chunk honest(Domain domain, Scheme scheme) {
        var values = new ArrayList<BigInteger>();
        var r = uniform(domain);
        for (int i = 0; i < VALUES; i++) {
            var y = uniform(domain);
            if (scheme == Scheme.BATCHED) {
                values.addAll(List.of(y, y.multiply(r)));
            } else {
                var ri = uniform(domain);
                var v = uniform(domain);
                values.addAll(
                        scheme == Scheme.TRIPLE
                                ? List.of(y, ri, y.multiply(ri))
                                : List.of(y, ri, v, y.multiply(ri), v.multiply(ri)));
            }
        }
        var v = uniform(domain);
        var tail = scheme == Scheme.BATCHED ? List.of(r, v, v.multiply(r)) : List.<BigInteger>of();
        return new Chunk(values.toArray(BigInteger[]::new), tail.toArray(BigInteger[]::new));
    }

    @ParameterizedTest
    @MethodSource("checked")
    void an_honest_chunk_passes(Domain domain, Scheme scheme) {
        for (int i = 0; i < 20; i++) {
            assertThat(honest(domain, scheme).holds(domain, scheme)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("checked")
    void a_shift_of_any_element_is_caught(Domain domain, Scheme scheme) {
        var chunk = honest(domain, scheme);
        for (int i = 0; i < chunk.values().length; i++) {
            var shifted = chunk.values().clone();
            shifted[i] = shifted[i].add(uniform(domain)).add(BigInteger.ONE);
            assertThat(new Chunk(shifted, chunk.tail()).holds(domain, scheme)).isFalse();
        }
        for (int i = 0; i < chunk.tail().length; i++) {
            var shifted = chunk.tail().clone();
            shifted[i] = shifted[i].add(uniform(domain)).add(BigInteger.ONE);
            assertThat(new Chunk(chunk.values(), shifted).holds(domain, scheme)).isFalse();
        }
    }

    /// Modulo 2^k alone the flipped top bit of a value would pass whenever r is even; in the whole ring
    /// never, since the spare bits of r would all have to be zero.
    @ParameterizedTest
    @MethodSource("checked")
    void a_flipped_top_bit_of_a_value_is_caught(Domain domain, Scheme scheme) {
        if (domain instanceof Domain.Ring ring) {
            for (int i = 0; i < 64; i++) {
                var chunk = honest(domain, scheme);
                chunk.values()[0] = chunk.values()[0].add(BigInteger.ONE.shiftLeft(ring.clearBits() - 1));
                assertThat(chunk.holds(domain, scheme)).isFalse();
            }
        }
    }

    @Test
    void additive_has_nothing_to_check() {
        var ring = Domains.RINGS.getFirst();
        assertThat(ChunkCheck.holds(Scheme.ADDITIVE, Domains.of(ring, 1, 2), fresh()))
                .isTrue();
    }

    @Test
    void chunks_of_the_wrong_size_and_committed_are_refused() {
        var ring = Domains.RINGS.getFirst();
        var seven = Domains.of(ring, 1, 2, 3, 4, 5, 6, 7);
        assertThatThrownBy(() -> ChunkCheck.holds(Scheme.TRIPLE, seven, fresh()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChunkCheck.holds(Scheme.BATCHED, Domains.of(ring, 1, 2), fresh()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChunkCheck.holds(Scheme.BATCHED, Domains.of(ring, 1, 2, 3, 4), fresh()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChunkCheck.holds(Scheme.COMMITTED, seven, fresh()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Why a verdict is told to nobody who could have cheated: an error on r alone passes or fails with the
    /// value.
    @Test
    void acceptance_of_a_triple_can_depend_on_the_value() {
        var ring = new Domain.Ring(6, 3);
        for (long y = 0; y < 64; y++) {
            long r = 11;
            var shifted = Domains.of(ring, y, r + 32, y * r);
            boolean accepted = ChunkCheck.holds(Scheme.TRIPLE, shifted, fresh());
            assertThat(accepted).isEqualTo(y % 2 == 0);
        }
    }

    /// The same of a quintuple: whoever learned the verdict would learn the lowest bit of y.
    @Test
    void acceptance_of_a_quintuple_can_depend_on_the_value() {
        var ring = new Domain.Ring(6, 3);
        for (long y = 0; y < 64; y++) {
            long r = 11;
            long v = 6;
            var shifted = Domains.of(ring, y, r + 32, v, y * r, v * r);
            assertThat(ChunkCheck.holds(Scheme.QUINTUPLE, shifted, fresh())).isEqualTo(y % 2 == 0);
        }
    }

    /// Why the checks are made in the whole ring: without spare bits the top bit of a value passes half the
    /// time.
    @Test
    void without_spare_bits_a_flipped_top_bit_would_pass_half_the_time() {
        var ring = new Domain.Ring(64, 64);
        int passed = 0;
        for (int i = 0; i < 400; i++) {
            var y = uniform(ring);
            var r = uniform(ring);
            var shifted = y.add(BigInteger.ONE.shiftLeft(63));
            var triple = new Chunk(new BigInteger[] {shifted, r, y.multiply(r)}, new BigInteger[0]);
            passed += triple.holds(ring, Scheme.TRIPLE) ? 1 : 0;
        }
        // Binomial(400, 1/2): outside of these bounds with probability below 2^-40.
        assertThat(passed).isBetween(120, 280);
    }

    /// Why χ is drawn only when all envelopes are stored: errors that are fitted to it cancel. It also shows
    /// that χ is what the stream gives and nothing else.
    @ParameterizedTest
    @MethodSource("checked")
    void errors_fitted_to_the_challenges_pass_under_these_and_fail_under_others(Domain domain, Scheme scheme) {
        if (scheme == Scheme.BATCHED) {
            var known = ElementVector.zeros(domain, VALUES);
            known.fillUniformly(KeyStream.of(SecretBytes.takeOver(new byte[KeyStream.KEY_SIZE])));
            var chunk = honest(domain, scheme);
            // y_0 + χ_1 and y_1 - χ_0: in Σ χ_i y_i they make up for each other.
            chunk.values()[0] = chunk.values()[0].add(Domains.integer(known, 1));
            chunk.values()[2] = chunk.values()[2].subtract(Domains.integer(known, 0));
            var elements = chunk.elements(domain);

            var same = KeyStream.of(SecretBytes.takeOver(new byte[KeyStream.KEY_SIZE]));
            assertThat(ChunkCheck.holds(scheme, elements, same)).isTrue();
            assertThat(ChunkCheck.holds(scheme, elements, fresh())).isFalse();
        }
    }
}
