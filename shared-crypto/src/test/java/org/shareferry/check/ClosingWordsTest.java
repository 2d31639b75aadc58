// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;

class ClosingWordsTest {
    private static final Bytes A = Sha256.of(Bytes.ascii("a"));
    private static final Bytes B = Sha256.of(Bytes.ascii("b"));
    private static final Bytes T = Bytes.of((byte) 1, (byte) 2);

    @Test
    void closing_words_are_an_array_of_digests_coin_shares_and_combinations() throws Exception {
        var words = new ClosingWords(List.of(A, B), List.of(B, A), T);
        var expected = "83" // an array of three
                + "82" + "5820" + A.toHex() + "5820" + B.toHex()
                + "82" + "5820" + B.toHex() + "5820" + A.toHex()
                + "42" + "0102";

        assertThat(words.encode().toHex()).isEqualTo(expected);
        assertThat(ClosingWords.decode(Bytes.fromHex(expected))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "83808040ff", // a byte too many
                "848080400a", // four items
                "82808040", // two items
                "839f" + "ff8040", // an array of indefinite length
                "838080" + "5f40ff", // a byte string of indefinite length
                "83808000", // a number for T
                "83814161814162" + "40", // words of one byte
                "8380805800", // a length that is not the shortest
                "a0",
                "f6"
            })
    void another_array_is_refused(String hex) {
        assertThatThrownBy(() -> ClosingWords.decode(Bytes.fromHex(hex))).isInstanceOf(MalformedException.class);
    }

    @Test
    void more_digests_than_coin_shares_are_refused() {
        assertThatThrownBy(() -> new ClosingWords(List.of(A, B), List.of(A), T))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClosingWords.decode(Bytes.fromHex("83" + "81" + "5820" + A.toHex() + "80" + "40")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void digests_and_coin_shares_have_32_bytes() {
        assertThatThrownBy(() -> new ClosingWords(List.of(T), List.of(A), T))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ClosingWords(List.of(A), List.of(T), T))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
