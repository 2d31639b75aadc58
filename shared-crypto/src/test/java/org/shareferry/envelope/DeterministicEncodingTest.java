// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;

/// A meaning has one encoding (RFC 8949 §4.2.1): any other is refused, however well it would decode. Shown on
/// headers, which hold every type of item that the formats use.
class DeterministicEncodingTest {
    private static final String START = HeaderTest.START_ENCODED;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // what, in START, becomes
        "version in two bytes,                 b60102,         b6011802",
        "version in nine bytes,                b60102,         b6011b0000000000000002",
        "key in two bytes,                     b60102,         b6180102",
        "key as text,                          b60102,         b6613102",
        "length of the map in two bytes,       b60102,         b8160102",
        "length of a byte string in two bytes, 0250ff,         025810ff",
        "length of a text in two bytes,        0c6250,         0c780250",
        "length of an array in two bytes,      0e8262,         0e980262",
        "byte string in chunks,                0250ffb9,       025f41ff4fb9",
        "text in chunks,                       0c625030,       0c7f61506130ff",
        "array of no stated length,            0e82625030625031, 0e9f625030625031ff",
        "count in four bytes,                  061880,         0619000000000080",
        "whole number as float,                0a10,           0af94c00",
        "whole number as big number,           0a10,           0ac24110",
        "tag before a number,                  0a10,           0ac110",
        "tag before a byte string,             0250ff,         02c450ff",
        "tag before a text,                    0c6250,         0cd8206250",
        "tag before the map,                   b60102,         d9d9f7b60102",
        "two keys in another order,            03030400,       04000303",
        "a key twice,                          03030400,       0303030304 00",
        "a key left out,                       03030400,       0400",
        "a key too many,                       b60102,         b700000102",
        "a map longer than its length says,    b60102,         b50102",
        "a map shorter than its length says,   b60102,         b70102",
        "null for a number,                    0a10,           0af6",
        "undefined for a number,               0a10,           0af7",
        "null for a byte string,               0250ffb9c3dfd5abb953c3a84d9329a92327, 02f6",
        "undefined for a byte string,          0250ffb9c3dfd5abb953c3a84d9329a92327, 02f7",
        "simple value for a byte string,       0250ffb9c3dfd5abb953c3a84d9329a92327, 02f0",
        "simple value 255 for a byte string,   0250ffb9c3dfd5abb953c3a84d9329a92327, 02f8ff",
        "big number for a byte string,         0250ff,         02c250ff",
        "simple value for true,                10f5,           10f815",
        "number for true,                      10f5,           1001",
        "number beyond 64 bits,                0a10,           0a1bffffffffffffffff",
        "negative number beyond 64 bits,       0b07,           0b3bffffffffffffffff",
        "byte string of 2^31 - 1 bytes,        0250ff,         025a7fffffffff",
        "byte string of 2^63 - 1 bytes,        0250ff,         025b7fffffffffffffffff",
        "text of 2^31 - 1 bytes,               0c6250,         0c7a7fffffff50",
        "array of 2^31 - 1 items,              0e8262,         0e9a7fffffff62",
        "text that is not UTF-8,               0c625030,       0c62ff30",
        "text of an overlong zero,             0c625030,       0c6350c0b0",
        "prime with a leading zero,            088218801840,   08430000fb",
        "reserved initial byte,                0a10,           0a1c",
        "break where an item belongs,          0a10,           0aff"
    })
    void another_encoding_is_refused(String what, String original, String replacement) {
        var from = original.strip();
        assertThat(START).as(what).containsOnlyOnce(from);
        var changed = START.replace(from, replacement.replace(" ", ""));

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(changed))).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_map_of_indefinite_length_is_refused() {
        var changed = "bf" + START.substring(2) + "ff";

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(changed))).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "f6", "ff", "a0", "b60102"})
    void bytes_after_the_end_are_refused(String tail) {
        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(START + tail))).isInstanceOf(MalformedException.class);
    }

    @Test
    void empty_input_is_not_a_header() {
        assertThatThrownBy(() -> Header.decode(Bytes.empty()))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason())
                                .isEqualTo("This is not an envelope's header: a map was expected near byte 0."));
    }

    @Test
    void nesting_without_end_is_refused() {
        assertThatThrownBy(() -> Header.decode(Bytes.fromHex("81".repeat(100_000))))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void a_refusal_says_what_was_expected_and_where() {
        var changed = START.replace("0a10", "0a6161");

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(changed)))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason())
                                .startsWith("This is not an envelope's header: an integer was expected near byte "));
    }

    @Test
    void a_field_out_of_range_is_named() {
        var changed = START.replace("061880", "0600");

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(changed)))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason())
                                .isEqualTo(
                                        "This is not an envelope's header: field 7 is out of range, or contradicts the"
                                                + " fields before it."));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "kind 4,                    0400,         0404",
        "scheme 5,                  0904,         0905",
        "negative index,            0500,         0520",
        "index of 2^31,             0500,         051a80000000",
        "sequence below zero,       0303,         0320",
        "run of 15 bytes,           0250ff,       024f",
        "domain of one number,      088218801840, 08811880",
        "domain of three numbers,   088218801840, 088318801840 00",
        "domain of no bytes,        088218801840, 0840",
        "domain that is not prime,  088218801840, 084109",
        "sender that is no name,    0c625030,     0c625830",
        "257 parties,               0e8262,       0e99010162",
        "one key id,                11825820,     11815820",
        "key id of 31 bytes,        11825820,     1182581f",
        "time before 1970,          121b00,       121bff",
    })
    void a_contradictory_field_is_refused(String what, String original, String replacement) {
        assertThat(START).as(what).containsOnlyOnce(original);
        var changed = START.replace(original, replacement.replace(" ", ""));

        assertThatThrownBy(() -> Header.decode(Bytes.fromHex(changed))).isInstanceOf(MalformedException.class);
    }
}
