// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
    @TempDir
    Path folder;

    static Stream<CommandLine> commands() {
        return all(Main.commandLine(Clock.systemUTC()));
    }

    private static Stream<CommandLine> all(CommandLine line) {
        return Stream.concat(
                Stream.of(line), line.getSubcommands().values().stream().flatMap(HelpTest::all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_has_examples_of_its_own_that_it_accepts(CommandLine line) {
        var spec = line.getCommandSpec();

        var examples = ShellLines.commands(Stream.of(spec.usageMessage().footer())
                .filter(text -> text.startsWith("  "))
                .toList());

        assertThat(examples).as(spec.qualifiedName()).isNotEmpty();
        assertThat(examples)
                .anyMatch(words ->
                        String.join(" ", words).startsWith(spec.qualifiedName().replaceFirst("^shareferry ?", "")));
        for (var words : examples) {
            assertThatCode(() -> Main.commandLine(Clock.systemUTC()).parseArgs(words.toArray(String[]::new)))
                    .as(String.join(" ", words))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "statsu                     | Did you mean status?",
                "result list                | Did you mean results?",
                "results lst --dir site     | Did you mean list?",
                "results list --lable 7 --dir site | Did you mean --label?",
                "roster sohw                | Did you mean show?",
            })
    void a_mistyped_command_gets_a_suggestion(String command, String suggestion) {
        var run = Run.of((Object[]) command.strip().split(" +"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(suggestion.strip());
    }

    @Test
    void an_unknown_word_gets_no_suggestion() {
        var run = Run.of("frobnicate");

        assertThat(run.err()).doesNotContain("Did you mean");
    }

    @Test
    void bash_completes_commands_and_options() throws Exception {
        var script = Files.writeString(
                folder.resolve("completion"),
                Run.of("completion", "bash").succeeded().out());

        assertThat(completed(script, "shareferry stat")).contains("status");
        assertThat(completed(script, "shareferry status --wa")).contains("--watch");
    }

    private static String completed(Path script, String typed) throws Exception {
        var words = typed.split(" ");
        var bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(" + typed + "); COMP_CWORD=" + (words.length - 1)
                                + "; COMP_LINE='" + typed + "'; COMP_POINT=" + typed.length()
                                + "; _complete_shareferry; echo \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        var output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void the_completions_of_fish_and_zsh_have_every_command() {
        var fish = Run.of("completion", "fish").succeeded().out();
        var zsh = Run.of("completion", "zsh").succeeded().out();

        assertThat(fish.lines())
                .allMatch(line -> line.startsWith("complete -c shareferry "))
                .anyMatch(line -> line.contains("-a join "))
                .anyMatch(line -> line.contains("__fish_seen_subcommand_from status") && line.contains("-l watch"));
        assertThat(zsh).contains("bashcompinit");
    }

    @Test
    void manual_pages_have_options_and_examples() throws Exception {
        Run.of("man", folder.resolve("man1")).succeeded();

        var page = Files.readString(folder.resolve("man1/shareferry-results-get.1"));
        assertThat(page)
                .startsWith(".TH \"SHAREFERRY-RESULTS-GET\" 1\n")
                .contains(".SH SYNOPSIS", ".SH OPTIONS", "\\-\\-latest", "shareferry results get \\-\\-latest")
                .doesNotContain("${", "@|");
        assertThat(folder.resolve("man1/shareferry.1")).exists();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_suggests_an_option_for_a_mistyped_one(CommandLine line) {
        var spec = line.getCommandSpec();
        var option = spec.options().stream()
                .filter(one -> !one.hidden())
                .map(one -> one.longestName())
                .filter(name -> name.startsWith("--") && name.length() > 5)
                .findFirst()
                .orElseThrow();
        var mistyped = "--" + option.charAt(3) + option.charAt(2) + option.substring(4);
        var words = Stream.concat(Stream.of(spec.qualifiedName().split(" ")).skip(1), Stream.of(mistyped, "x"))
                .toArray();

        Run.of(words).failedWith("Did you mean").failedWith(option);
    }
}
