// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class TerminalTest {
    @CommandLine.Command
    private static final class Command {}

    private static Paint paint(Ansi ansi) {
        var line = new CommandLine(new Command());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
        return Paint.of(line);
    }

    @Test
    void colours_are_for_terminals_that_want_them() {
        var terminal = Optional.of("out err");

        assertThat(Terminal.of(terminal, false, Map.of()).isColoured()).isTrue();
        assertThat(Terminal.of(terminal, false, Map.of("NO_COLOR", "1")).isColoured())
                .isFalse();
        assertThat(Terminal.of(terminal, false, Map.of("NO_COLOR", "")).isColoured())
                .isTrue();
        assertThat(Terminal.of(terminal, false, Map.of("TERM", "dumb")).isColoured())
                .isFalse();
        assertThat(Terminal.of(Optional.of("err"), true, Map.of()).isColoured()).isFalse();
        assertThat(Terminal.of(Optional.of(""), true, Map.of())).isEqualTo(new Terminal(false, false, false));
        assertThat(Terminal.of(Optional.empty(), true, Map.of())).isEqualTo(new Terminal(true, true, true));
    }

    @Test
    void a_table_has_the_same_text_with_and_without_colours() {
        var table = new Table(List.of("delivery", "state"));
        table.add(List.of("4c33-0", "checked, REJECTED"));
        var plain = new StringWriter();
        var coloured = new StringWriter();

        table.print(new PrintWriter(plain, true), paint(Ansi.OFF));
        table.print(new PrintWriter(coloured, true), paint(Ansi.ON));

        assertThat(plain.toString()).isEqualTo("delivery  state\n4c33-0    checked, REJECTED\n");
        assertThat(coloured.toString())
                .contains("\u001b[31mchecked, REJECTED\u001b[0m")
                .matches(text -> text.replaceAll("\u001b\\[[0-9]+m", "").equals(plain.toString()));
    }

    @Test
    void progress_is_overwritten_and_shown_on_a_terminal_only() {
        var err = new StringWriter();
        var out = new StringWriter();
        var onTerminal = new Progress(new PrintWriter(out), new LiveLine(Optional.of(new PrintWriter(err))));
        var without = new Progress(new PrintWriter(new StringWriter()), new LiveLine(Optional.empty()));

        onTerminal.show(2, 4, "services are ready");
        without.show(2, 4, "services are ready");
        onTerminal.print("done");

        assertThat(err.toString())
                .isEqualTo("\r\u001b[K[##########----------] 2 of 4 services are ready, 0 s\r\u001b[K");
        assertThat(out.toString()).isEqualTo("done\n");
    }

    @Test
    void ages_use_the_largest_unit_with_at_least_two() {
        assertThat(Age.words(Duration.ofSeconds(119))).isEqualTo("119 s");
        assertThat(Age.words(Duration.ofMinutes(2))).isEqualTo("2 min");
        assertThat(Age.words(Duration.ofMinutes(119))).isEqualTo("119 min");
        assertThat(Age.words(Duration.ofHours(47))).isEqualTo("47 h");
        assertThat(Age.words(Duration.ofDays(9))).isEqualTo("9 d");
    }

    @Test
    void a_malformed_time_has_no_age_and_a_future_one_is_now() {
        var now = Instant.parse("2026-03-01T12:00:00Z");

        assertThat(Age.of("-", now)).isEmpty();
        assertThat(Age.of("2026-03-01T12:00:05Z", now)).contains(Duration.ZERO);
    }
}
