// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void what_steers_a_terminal_or_breaks_a_line_becomes_a_space() {
        assertThat(PlainText.of("a\u001b[2Jb")).isEqualTo("a [2Jb");
        assertThat(PlainText.of("a\u009b2Jb")).isEqualTo("a 2Jb");
        assertThat(PlainText.of("a\u202eb\u2066c")).isEqualTo("a b c");
        assertThat(PlainText.of("a\r\nb\u0085c\u2028d\u2029e")).isEqualTo("a b c d e");
    }

    @Test
    void letters_of_all_languages_stay() {
        assertThat(PlainText.of("Größe, 大小, ✓")).isEqualTo("Größe, 大小, ✓");
    }
}
