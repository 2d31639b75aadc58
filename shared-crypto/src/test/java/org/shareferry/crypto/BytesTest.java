// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Public bytes are values; secret bytes are kept to themselves and wiped.
class BytesTest {
    @Test
    void changing_a_source_or_result_array_does_not_change_bytes() {
        var array = new byte[] {1, 2, 3};
        var bytes = Bytes.of(array);

        array[0] = 9;
        bytes.toArray()[1] = 9;

        assertThat(bytes).isEqualTo(Bytes.fromHex("010203")).hasSameHashCodeAs(Bytes.fromHex("010203"));
        assertThat(bytes).isNotEqualTo(Bytes.fromHex("010204"));
    }

    @Test
    void bytes_are_written_and_read_as_hex_and_base64url() throws Exception {
        var bytes = Bytes.fromHex("fbffFE00");

        assertThat(bytes.toHex()).isEqualTo("fbfffe00");
        assertThat(bytes.toBase64Url()).isEqualTo("-__-AA");
        assertThat(Bytes.fromBase64Url("-__-AA")).isEqualTo(bytes);
        assertThat(Bytes.ofRange(bytes.toArray(), 1, 3)).isEqualTo(Bytes.fromHex("fffe"));
        assertThat(bytes.stream().readAllBytes()).isEqualTo(bytes.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0g", "00 00", "0x00", "é0"})
    void malformed_hex_is_refused(String text) {
        assertThatThrownBy(() -> Bytes.fromHex(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "AA==", "AA=", "+/+/", "AA A", "AAA\n", "é"})
    void malformed_or_padded_base64url_is_refused(String text) {
        assertThatThrownBy(() -> Bytes.fromBase64Url(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /// RFC 4648 §3.5: bits that stand for nothing must be zero, or one value has several texts.
    @ParameterizedTest
    @ValueSource(strings = {"AB", "AAB", "-__-AB"})
    void base64url_with_stray_bits_at_its_end_is_refused(String text) {
        assertThatThrownBy(() -> Bytes.fromBase64Url(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void long_bytes_print_their_size_only() {
        assertThat(Bytes.of(new byte[33])).hasToString("33 bytes");
        assertThat(Bytes.of((byte) 0xab)).hasToString("ab");
    }

    @Test
    void secret_bytes_print_redacted() {
        assertThat(SecretBytes.copyOf(new byte[] {0x41, 0x42})).hasToString("[redacted]");
        assertThat(List.of(SecretBytes.copyOf(new byte[] {0x41, 0x42}))).hasToString("[[redacted]]");
        assertThat(KeyStream.of(SecretBytes.random(32))).hasToString("[redacted]");
    }

    @Test
    void closed_secret_bytes_are_wiped_and_cannot_be_read() {
        var array = new byte[] {1, 2, 3};
        var secret = SecretBytes.takeOver(array);
        var copied = SecretBytes.copyOf(array);

        secret.close();
        secret.close();

        assertThat(array).containsOnly(0);
        assertThat(secret.size()).isEqualTo(3);
        assertThat(copied.reveal()).containsExactly(1, 2, 3);
        assertThatThrownBy(secret::reveal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void secret_bytes_are_compared_by_value_and_their_hash_tells_the_size_only() {
        var one = SecretBytes.copyOf(new byte[] {1, 2});
        var same = SecretBytes.copyOf(new byte[] {1, 2});
        var other = SecretBytes.copyOf(new byte[] {1, 3});

        assertThat(one).isEqualTo(same).isNotEqualTo(other);
        assertThat(one).hasSameHashCodeAs(other);
        assertThat(one.equals((Object) Bytes.of((byte) 1, (byte) 2))).isFalse();
    }

    @Test
    void random_secret_bytes_differ() {
        assertThat(SecretBytes.random(16)).isNotEqualTo(SecretBytes.random(16));
    }

    @Test
    void a_key_stream_requires_a_key_of_32_bytes() {
        assertThatThrownBy(() -> KeyStream.of(SecretBytes.random(16))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void a_hash_takes_one_byte_at_a_time(int value) {
        assertThatThrownBy(() -> Sha256.begin().addByte(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_hash_takes_words_little_endian_and_starts_afresh() {
        var hash = Sha256.begin();
        var first = hash.addWord(0x0102030405060708L).addByte(0xff).digest();

        assertThat(first).isEqualTo(Sha256.of(Bytes.fromHex("0807060504030201ff")));
        assertThat(hash.digest()).isEqualTo(Sha256.of(Bytes.empty()));
    }
}
