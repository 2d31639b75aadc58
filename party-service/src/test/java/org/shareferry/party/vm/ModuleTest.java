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

/// `shareferry.py` and this service speak the same dialog.
class ModuleTest {
    private final ModuleSource module = ModuleSource.read();

    @Test
    void it_uses_the_same_magic_word_and_version() {
        assertThat(module.constant("MAGIC")).isEqualTo(Dialog.MAGIC);
        assertThat(module.constant("VERSION")).isEqualTo(Dialog.VERSION);
    }

    @Test
    void it_gives_schemes_the_same_codes_and_elements() {
        var lines = Arrays.stream(Scheme.values())
                .filter(scheme -> !scheme.text().equals("input"))
                .map(scheme -> "'%s': (%d, %d)".formatted(scheme.text(), scheme.code(), scheme.elementsPerValue()))
                .toList();

        assertThat(module.all("^    ('[a-z]+': \\([0-9], [0-9]\\)),$")).isEqualTo(lines);
    }

    @Test
    void it_asks_and_takes_with_the_same_words() {
        assertThat(module.constant("ASK")).isEqualTo(5);
        assertThat(module.constant("TAKE")).isEqualTo(DialogHead.TAKE);
        assertThat(module.constant("HEAD_WORDS")).isEqualTo(DialogHead.WORDS);
        assertThat(module.constant("MAX_BITS")).isEqualTo(InputValues.MAX_BITS);
    }

    @Test
    void it_folds_values_into_the_same_tables() {
        assertThat(module.constant("ROW")).isEqualTo(CoinStretch.ROW);
        assertThat(module.constant("TABLES")).isEqualTo(CoinStretch.TABLES);
        assertThat(module.all("^CELLS = (.*)$")).containsExactly("2 * ROW - 1");
        assertThat(CoinStretch.CELLS).isEqualTo(2 * CoinStretch.ROW - 1);
        assertThat(module.constant("MASKS")).isEqualTo(Scheme.MASKS);
        assertThat(module.constant("BIT_WORDS")).isEqualTo(CoinStretch.BIT_WORDS);
    }

    @Test
    void it_delivers_as_many_values_as_the_service_takes() {
        assertThat(module.constant("MAX_COUNT")).isEqualTo(1L << 40);
        assertThat(module.constant("MAX_COMMITTED_COUNT")).isEqualTo(CommittedClosing.MOST_VALUES);
    }

    @Test
    void its_chunks_are_not_larger_than_chunks_may_be() {
        assertThat(module.constant("MAX_CHUNK")).isEqualTo(Shape.MAX_VALUES_PER_CHUNK);
        assertThat(List.of(module.constant("CHUNK"), module.constant("COMMITTED_CHUNK")))
                .allMatch(chunk -> chunk <= Shape.MAX_VALUES_PER_CHUNK);
    }

    @Test
    void it_has_a_message_for_every_error() {
        var numbers = Arrays.stream(VmRefusal.values())
                .map(why -> Integer.toString(why.number()))
                .toList();

        assertThat(module.all("^    (1[0-9]{3}): '.+',$")).isEqualTo(numbers);
        assertThat(numbers)
                .allMatch(number -> Integer.parseInt(number) >= module.constant("FIRST_ERROR")
                        && Integer.parseInt(number) <= module.constant("LAST_ERROR"));
    }

    @Test
    void python_parses_it() throws IOException, InterruptedException {
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
