// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;

class ElementVectorTest {
    private static final Domain.Ring RING = new Domain.Ring(128, 64);

    @Test
    void a_vector_of_wrong_length_is_refused_with_the_sizes() {
        assertThatThrownBy(() -> ElementVector.decode(RING, SecretBytes.copyOf(new byte[17])))
                .isInstanceOf(MalformedException.class)
                .hasMessage("A vector over ring 128/64 must have a multiple of 16 bytes, not 17.");
    }

    @Test
    void an_element_that_is_not_below_the_modulus_is_refused_without_showing_it() {
        var field = new Domain.PrimeField(BigInteger.valueOf(65537));
        var bytes = new byte[16];
        bytes[8] = 1;
        bytes[10] = 1;
        assertThatThrownBy(() -> ElementVector.decode(field, SecretBytes.copyOf(bytes)))
                .isInstanceOf(MalformedException.class)
                .hasMessage("Element 1 of a vector is out of range for prime 65537.");
    }

    @Test
    void an_element_with_bits_above_the_ring_is_refused() {
        assertThatThrownBy(() -> ElementVector.decode(new Domain.Ring(6, 3), SecretBytes.copyOf(new byte[] {64})))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void nothing_of_the_content_is_printed() {
        assertThat(Domains.of(RING, 123456789L)).hasToString("1 elements over ring 128/64");
    }

    @Test
    void closing_wipes_the_elements() {
        var vector = Domains.of(RING, 5, 6);
        vector.close();
        assertThat(Domains.integer(vector, 0)).isZero();
        assertThat(Domains.integer(vector, 1)).isZero();
    }

    @Test
    void vectors_of_other_domains_or_sizes_do_not_mix() {
        var vector = Domains.of(RING, 1, 2);
        assertThatThrownBy(() -> vector.add(Domains.of(RING, 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vector.subtract(Domains.of(new Domain.Ring(112, 64), 1, 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vector.addAt(0, Domains.of(new Domain.Ring(64, 64), 1), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vector.truncate(new Domain.Ring(136, 72)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void uniform_elements_are_in_range_and_spread_over_the_domain() {
        for (var domain : Domains.FIELDS) {
            var vector = ElementVector.zeros(domain, 400);
            vector.fillUniformly(KeyStream.of(SecretBytes.copyOf(new byte[KeyStream.KEY_SIZE])));
            var half = Domains.order(domain).shiftRight(1);
            long high = 0;
            for (int i = 0; i < vector.size(); i++) {
                var element = Domains.integer(vector, i);
                assertThat(element).isLessThan(Domains.order(domain));
                high += element.compareTo(half) > 0 ? 1 : 0;
            }
            // Binomial(400, 1/2): outside of these bounds with probability below 2^-40.
            assertThat(high).isBetween(120L, 280L);
        }
    }

    @Test
    void fixed_point_values_are_exact_decimals() {
        var decoded = new DecodedValues(RING, 16);
        var raw = decoded.toRaw(Domains.of(RING, 98304, -1, 0, 65536), 1, 4);

        assertThat(decoded.number(raw, 0)).isEqualByComparingTo("1.5");
        assertThat(decoded.number(raw, 1)).isEqualByComparingTo("-0.0000152587890625");
        assertThat(decoded.number(raw, 2)).isEqualTo(BigDecimal.ZERO);
        assertThat(decoded.number(raw, 3)).isEqualByComparingTo("1");
    }

    @Test
    void only_the_value_of_each_interleaved_group_is_decoded() {
        var decoded = new DecodedValues(RING, 0);
        var raw = decoded.toRaw(Domains.of(RING, 1, 100, 101, -2, 102, 103, 7, 8, 9), 3, 2);

        assertThat(raw).hasSize(16);
        assertThat(decoded.number(raw, 0)).isEqualByComparingTo("1");
        assertThat(decoded.number(raw, 1)).isEqualByComparingTo("-2");
    }

    @Test
    void elements_of_a_ring_take_the_next_whole_limbs_of_the_stream_cut_to_its_bits() {
        var key = SecretBytes.copyOf(new byte[KeyStream.KEY_SIZE]);
        var whole = ElementVector.zeros(RING, 3);
        whole.fillUniformly(KeyStream.of(key));
        var cut = ElementVector.zeros(new Domain.Ring(72, 72), 3);
        cut.fillUniformly(KeyStream.of(key));

        for (int i = 0; i < 3; i++) {
            assertThat(Domains.integer(cut, i))
                    .isEqualTo(Domains.integer(whole, i).mod(BigInteger.ONE.shiftLeft(72)));
        }
    }

    @Test
    void a_sum_with_itself_at_another_place_is_right() {
        var vector = Domains.of(RING, 1, 2, 3, 4);
        vector.addAt(2, vector, 0, 2);
        assertThat(Domains.integer(vector, 2)).isEqualTo(4);
        assertThat(Domains.integer(vector, 3)).isEqualTo(6);
    }

    /// Numbers of any size take other steps for negative and for large ones, and other memory. Whoever can time a
    /// client would learn something of the values.
    @Test
    void making_values_raw_takes_the_same_memory_whatever_they_are() {
        for (var domain :
                Stream.concat(Domains.RINGS.stream(), Domains.FIELDS.stream()).toList()) {
            var zeros = new BigInteger[1_000];
            var negative = new BigInteger[1_000];
            Arrays.fill(zeros, BigInteger.ZERO);
            Arrays.fill(negative, Domains.order(domain).shiftRight(1).negate());
            // What the first call alone does is not counted.
            allocatedByRaw(domain, zeros);

            assertThat(allocatedByRaw(domain, negative))
                    .as(domain.toString())
                    .isCloseTo(allocatedByRaw(domain, zeros), within(2_000L));
        }
    }

    private static long allocatedByRaw(Domain domain, BigInteger... values) {
        var vector = Domains.of(domain, values);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        new DecodedValues(domain, 0).toRaw(vector, 1, vector.size());
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void raw_values_are_little_endian_twos_complement() {
        assertThat(new DecodedValues(RING, 0).toRaw(Domains.of(RING, -2), 1, 1))
                .asHexString()
                .isEqualTo("FEFFFFFFFFFFFFFF");
        var wide = new Domain.Ring(136, 72);
        assertThat(new DecodedValues(wide, 0).toRaw(Domains.of(wide, -2, 258), 1, 2))
                .asHexString()
                .isEqualTo("FEFFFFFFFFFFFFFFFF" + "020100000000000000");
        var field = Domains.FIELDS.get(3);
        assertThat(new DecodedValues(field, 0).toRaw(Domains.of(field, -2), 1, 1))
                .asHexString()
                .isEqualTo("FEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
    }

    @Test
    void the_largest_precision_is_still_exact() {
        var decoded = new DecodedValues(RING, 255);
        var raw = decoded.toRaw(Domains.of(RING, 1), 1, 1);
        assertThat(decoded.number(raw, 0).multiply(new BigDecimal(BigInteger.ONE.shiftLeft(255))))
                .isEqualByComparingTo("1");
    }
}
