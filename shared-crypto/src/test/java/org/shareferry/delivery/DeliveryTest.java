// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;

/// Names, shapes and domains of deliveries: what they are, and what is none.
class DeliveryTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1099511627777, 65536", "1, 0", "1, -1", "1, 65537", "1099511627776, 1"})
    void a_shape_outside_of_its_limits_is_refused(long count, int valuesPerChunk) {
        assertThatThrownBy(() -> new Shape(count, valuesPerChunk)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // count, values per chunk, chunks, values in the last, position of its first
        "1, 1, 1, 1, 0",
        "1, 65536, 1, 1, 0",
        "5, 2, 3, 1, 4",
        "6, 2, 3, 2, 4",
        "1099511627776, 65536, 16777216, 65536, 1099511562240"
    })
    void a_shape_cuts_values_into_chunks(long count, int valuesPerChunk, int chunks, int inLast, long first) {
        var shape = new Shape(count, valuesPerChunk);

        assertThat(shape.chunkCount()).isEqualTo(chunks);
        assertThat(shape.valuesInChunk(chunks - 1)).isEqualTo(inLast);
        assertThat(shape.firstValue(chunks - 1)).isEqualTo(first);
        assertThatThrownBy(() -> shape.valuesInChunk(chunks)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shape.firstValue(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"ADDITIVE, 3", "TRIPLE, 3", "QUINTUPLE, 3", "BATCHED, 3", "COMMITTED, 4"})
    void a_scheme_lists_the_places_of_each_party(Scheme scheme, int count) {
        var shape = new Shape(5, 2);

        assertThat(shape.placeCount(scheme)).isEqualTo(count);
        assertThat(shape.places(scheme)).hasSize(count).doesNotHaveDuplicates().startsWith(new Place(Kind.VALUES, 0));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-1, -1", "257, 64", "64, 0", "64, 65", "64, -1"})
    void a_ring_outside_of_its_limits_is_refused(int shareBits, int clearBits) {
        assertThatThrownBy(() -> new Domain.Ring(shareBits, clearBits)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-7", "0", "1", "2", "4", "9", "341", "4294967297"})
    void a_modulus_must_be_an_odd_prime(BigInteger modulus) {
        assertThatThrownBy(() -> new Domain.PrimeField(modulus)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_prime_of_257_bits_is_too_large() {
        var prime = BigInteger.ONE.shiftLeft(256).nextProbablePrime();

        assertThatThrownBy(() -> new Domain.PrimeField(prime)).isInstanceOf(IllegalArgumentException.class);
    }

    /// MP-SPDZ writes ring elements in whole bytes and field elements in whole 64-bit words.
    @Test
    void elements_have_the_size_that_mp_spdz_writes() {
        assertThat(new Domain.Ring(72, 64).elementBytes()).isEqualTo(9);
        assertThat(new Domain.Ring(65, 64).elementBytes()).isEqualTo(9);
        assertThat(new Domain.Ring(65, 64).spareBits()).isEqualTo(1);
        assertThat(new Domain.PrimeField(BigInteger.valueOf(65_537)).elementBytes())
                .isEqualTo(8);
        assertThat(new Domain.PrimeField(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE)).elementBytes())
                .isEqualTo(16);
    }

    @Test
    void the_text_of_a_domain_names_its_kind_and_size() {
        assertThat(new Domain.Ring(72, 64)).hasToString("ring 72/64");
        assertThat(new Domain.PrimeField(BigInteger.valueOf(7))).hasToString("prime 7");
    }

    @Test
    void a_delivery_id_is_written_and_read_as_the_design_shows_it() {
        var text = "53b9abd5dfc3b9ff2723a929934da8c3-0";

        var id = DeliveryId.parse(text);

        assertThat(id).hasToString(text).isEqualTo(new DeliveryId(id.run(), 0));
        assertThat(id.run()).isEqualTo(new RunId(0x53b9abd5dfc3b9ffL, 0x2723a929934da8c3L));
        assertThat(id.run().toBytes().toHex()).isEqualTo("ffb9c3dfd5abb953c3a84d9329a92327");
        assertThat(RunId.fromBytes(id.run().toBytes())).isEqualTo(id.run());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-0",
                "53b9abd5dfc3b9ff2723a929934da8c3",
                "53b9abd5dfc3b9ff2723a929934da8c3-",
                "53b9abd5dfc3b9ff2723a929934da8c3--1",
                "53b9abd5dfc3b9ff2723a929934da8c3-00",
                "53b9abd5dfc3b9ff2723a929934da8c3-0 ",
                "53b9abd5dfc3b9ff2723a929934da8c3-٣",
                "53b9abd5dfc3b9ff2723a929934da8c3-1000000000000000000",
                "53B9ABD5DFC3B9FF2723A929934DA8C3-0",
                "53b9abd5dfc3b9ff2723a929934da8c-0",
                "../etc-0"
            })
    void a_malformed_delivery_id_is_refused(String text) {
        assertThatThrownBy(() -> DeliveryId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "53b9abd5dfc3b9ff2723a929934da8c", "53b9abd5dfc3b9ff2723a929934da8cG"})
    void a_malformed_run_id_is_refused(String text) {
        assertThatThrownBy(() -> RunId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 17})
    void a_run_id_has_16_bytes(int size) {
        assertThatThrownBy(() -> RunId.fromBytes(Bytes.of(new byte[size])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
    void a_sequence_number_out_of_its_bounds_is_refused(long sequence) {
        var run = new RunId(1, 2);

        assertThatThrownBy(() -> new DeliveryId(run, sequence)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"VALUES, -1", "CLOSING, -1", "CLOSING, 1"})
    void a_malformed_place_is_refused(Kind kind, int index) {
        assertThatThrownBy(() -> new Place(kind, index)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void a_kind_is_found_by_its_code_and_by_its_name(Kind kind) {
        assertThat(Kind.ofCode(kind.code())).isEqualTo(kind);
        assertThat(Kind.parse(kind.text())).isEqualTo(kind);
        assertThat(new Place(kind, 0)).hasToString(kind.text() + " 0");
    }

    @ParameterizedTest
    @EnumSource
    void a_scheme_is_found_by_its_code_and_by_its_name(Scheme scheme) {
        assertThat(Scheme.ofCode(scheme.code())).isEqualTo(scheme);
        assertThat(Scheme.parse(scheme.text())).isEqualTo(scheme);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 6, 4294967296L})
    void unknown_codes_are_refused(long code) {
        assertThatThrownBy(() -> Kind.ofCode(code)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scheme.ofCode(code)).isInstanceOf(IllegalArgumentException.class);
    }

    /// They were masks and tails, which are in the chunks now.
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void codes_of_earlier_kinds_are_refused(int code) {
        assertThatThrownBy(() -> Kind.ofCode(code)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Five values in chunks of two: the elements of the first chunk and of the last, and how many of them follow
    /// those of the values.
    @ParameterizedTest
    @CsvSource({
        "ADDITIVE, 2, 0, 1, 0, 2",
        "TRIPLE, 6, 0, 3, 0, 6",
        "QUINTUPLE, 10, 0, 5, 0, 10",
        "BATCHED, 7, 3, 5, 3, 7",
        "COMMITTED, 2, 0, 65, 64, 65"
    })
    void the_size_of_a_chunk_depends_on_its_scheme(
            Scheme scheme, int first, int firstBehind, int last, int lastBehind, int most) {
        var shape = new Shape(5, 2);

        assertThat(shape.elementsInChunk(scheme, 0)).isEqualTo(first);
        assertThat(shape.checkElementsInChunk(scheme, 0)).isEqualTo(firstBehind);
        assertThat(shape.elementsInChunk(scheme, 2)).isEqualTo(last);
        assertThat(shape.checkElementsInChunk(scheme, 2)).isEqualTo(lastBehind);
        assertThat(shape.mostElementsInChunk(scheme)).isEqualTo(most);
        assertThatThrownBy(() -> shape.checkElementsInChunk(scheme, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "VALUES", "Additive", "value"})
    void unknown_names_are_refused(String name) {
        assertThatThrownBy(() -> Kind.parse(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scheme.parse(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
