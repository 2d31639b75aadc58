// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.check.CoinStretch;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.input.InputValues;
import org.shareferry.mpspdz.Dialog;
import org.shareferry.mpspdz.DialogHead;

/// `shareferry.py` and this service use the same dialog.
class ModuleTest {
    private final ModuleSource module = ModuleSource.read();

    @Test
    void the_module_has_the_magic_word_and_version_of_the_service() {
        assertThat(module.constant("MAGIC")).isEqualTo(Dialog.MAGIC);
        assertThat(module.constant("VERSION")).isEqualTo(Dialog.VERSION);
    }

    @Test
    void the_module_has_the_codes_and_elements_of_the_schemes() {
        var lines = Arrays.stream(Scheme.values())
                .filter(scheme -> !scheme.text().equals("input"))
                .map(scheme -> "'%s': (%d, %d)".formatted(scheme.text(), scheme.code(), scheme.elementsPerValue()))
                .toList();

        assertThat(module.all("^    ('[a-z]+': \\([0-9], [0-9]\\)),$")).isEqualTo(lines);
    }

    @Test
    void the_module_has_the_words_of_ask_and_take() {
        assertThat(module.constant("ASK")).isEqualTo(5);
        assertThat(module.constant("TAKE")).isEqualTo(DialogHead.TAKE);
        assertThat(module.constant("HEAD_WORDS")).isEqualTo(DialogHead.WORDS);
        assertThat(module.constant("MAX_BITS")).isEqualTo(InputValues.MAX_BITS);
    }

    @Test
    void the_module_has_the_tables_of_the_coin() {
        assertThat(module.constant("ROW")).isEqualTo(CoinStretch.ROW);
        assertThat(module.constant("TABLES")).isEqualTo(CoinStretch.TABLES);
        assertThat(module.all("^CELLS = (.*)$")).containsExactly("2 * ROW - 1");
        assertThat(CoinStretch.CELLS).isEqualTo(2 * CoinStretch.ROW - 1);
        assertThat(module.constant("MASKS")).isEqualTo(Scheme.MASKS);
        assertThat(module.constant("BIT_WORDS")).isEqualTo(CoinStretch.BIT_WORDS);
    }

    @Test
    void the_module_has_the_limits_of_the_service() {
        assertThat(module.constant("MAX_COUNT")).isEqualTo(1L << 40);
        assertThat(module.constant("MAX_COMMITTED_COUNT")).isEqualTo(CommittedClosing.MAX_VALUES);
    }

    @Test
    void the_module_makes_no_chunks_above_the_limit() {
        assertThat(module.constant("MAX_CHUNK")).isEqualTo(Shape.MAX_VALUES_PER_CHUNK);
        assertThat(List.of(module.constant("CHUNK"), module.constant("COMMITTED_CHUNK")))
                .allMatch(chunk -> chunk <= Shape.MAX_VALUES_PER_CHUNK);
    }

    @Test
    void the_module_has_a_message_for_every_error() {
        var numbers = Arrays.stream(VmRefusal.values())
                .map(why -> Integer.toString(why.number()))
                .toList();

        assertThat(module.all("^    (1[0-9]{3}): '.+',$")).isEqualTo(numbers);
        assertThat(numbers)
                .allMatch(number -> Integer.parseInt(number) >= module.constant("FIRST_ERROR")
                        && Integer.parseInt(number) <= module.constant("LAST_ERROR"));
    }

    @Test
    void python_can_parse_the_module() throws IOException, InterruptedException {
        var script = "import ast, pathlib, sys; ast.parse(pathlib.Path(sys.argv[1]).read_text('ascii'), sys.argv[1])";
        Process python;
        try {
            python = new ProcessBuilder("python3", "-W", "error", "-c", script, ModuleSource.FILE.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            abort("There is no python3 here to parse shareferry.py.");
            return;
        }
        assertThat(new String(python.getInputStream().readAllBytes())).isEmpty();
        assertThat(python.waitFor()).isZero();
    }
}
