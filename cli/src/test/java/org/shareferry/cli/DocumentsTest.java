// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The commands that the documents tell to paste. Blocks that need services or containers are run where those are; here
/// every block is read by a shell, every command of ours by its parser, and what needs nothing else is run in order.
class DocumentsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```sh\\n(.*?)^ *```$");
    /// At whose site a command is given: the comment behind it, or behind the last one that has one.
    private static final Pattern WHERE = Pattern.compile("^(.*?) +# (?:at )?([PRC]\\d)\\b.*$");

    @TempDir
    Path folder;

    static Stream<String> documents() throws IOException {
        var names = new TreeSet<String>();
        for (var folder : List.of(".", "docs", "clients/python", "clients/mpspdz", "examples")) {
            try (var files = Files.list(PROJECT.resolve(folder))) {
                files.map(file -> PROJECT.relativize(file.normalize()).toString())
                        .filter(name -> name.endsWith(".md"))
                        .forEach(names::add);
            }
        }
        return names.stream();
    }

    /// @return what is to be pasted into a shell, in order
    static List<String> blocks(String document) throws IOException {
        return BLOCK.matcher(Files.readString(PROJECT.resolve(document)))
                .results()
                .map(block -> block.group(1).stripTrailing().stripIndent() + "\n")
                .toList();
    }

    private static String block(String document, String words) throws IOException {
        return blocks(document).stream()
                .filter(block -> block.contains(words))
                .reduce((one, other) -> {
                    throw new AssertionError("Several blocks of " + document + " have " + words);
                })
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_block_is_a_script(String document) throws Exception {
        for (var block : blocks(document)) {
            var file = Files.writeString(folder.resolve("block.sh"), block);
            var bash = new ProcessBuilder("bash", "-n", file.toString())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(bash.waitFor()).as(document + ": " + said + block).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_command_of_shareferry_is_accepted(String document) throws Exception {
        for (var block : blocks(document)) {
            for (var words : ShellLines.commands(block.lines().toList())) {
                // Of another module, which is not here.
                if (!words.getFirst().equals("bench")) {
                    assertThatCode(() -> Main.commandLine(Clock.systemUTC()).parseArgs(words.toArray(String[]::new)))
                            .as(document + ": " + String.join(" ", words))
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("newcomers")
    void the_first_commands_of_a_document_set_up_a_site(String document) throws Exception {
        var mpspdz = folder.resolve("MP-SPDZ");
        Files.createDirectories(mpspdz.resolve("Player-Data"));
        Files.createFile(mpspdz.resolve("compile.py"));

        for (var words : ShellLines.commands(
                block(document, "shareferry module --to").lines().toList())) {
            if (List.of("module", "init").contains(words.getFirst())) {
                Run.of(words.stream()
                                .map(word -> word.replace("~/MP-SPDZ", mpspdz.toString())
                                        .replaceFirst(
                                                "^site(?:-1755)?$",
                                                folder.resolve("site").toString()))
                                .toArray())
                        .succeeded();
            }
        }

        assertThat(mpspdz.resolve("shareferry.py")).exists();
        assertThat(Files.readString(folder.resolve("site/P0/application.yml")))
                .contains(
                        "protocol: spdz2k",
                        "port: 14000",
                        mpspdz.resolve("Player-Data").toString());
    }

    static Stream<String> newcomers() {
        return Stream.of("README.md", "docs/from-issue-1755.md");
    }

    @Test
    void the_demo_exports_the_variables_of_the_readme_commands() throws Exception {
        var used = new TreeSet<String>();
        for (var block : blocks("README.md")) {
            Pattern.compile("\\$([A-Z][A-Z0-9]*)").matcher(block).results().forEach(name -> used.add(name.group(1)));
        }

        assertThat(used).isNotEmpty().isSubsetOf("D", "P0", "P1", "R0", "C0", "ID");
    }

    /// Of docs/deploy.md, without the containers.
    @Test
    void four_sites_make_keys_and_join_as_the_guide_says() throws Exception {
        var shared = Files.createDirectories(folder.resolve("from-others"));
        follow("shareferry keygen --member P1", shared);
        for (var member : List.of("P0", "P1", "R0", "C0")) {
            Files.copy(site(member).resolve(member + ".invite"), shared.resolve(member + ".invite"));
        }

        var printed = follow("shareferry join /from-others/P0.invite", shared);

        assertThat(printed.stream()
                        .map(out -> out.substring(out.lastIndexOf("start:")))
                        .distinct())
                .as("the digest of everyone")
                .hasSize(1);
    }

    private Path site(String member) {
        return folder.resolve(member);
    }

    private List<String> follow(String words, Path shared) throws Exception {
        var printed = new ArrayList<String>();
        var where = "";
        for (var line : block("docs/deploy.md", words).strip().lines().toList()) {
            var place = WHERE.matcher(line);
            where = place.matches() ? place.group(2) : where;
            var site = site(where).toString();
            var arguments = new ArrayList<Object>();
            for (var word : ShellLines.commands(List.of(line)).getFirst()) {
                arguments.add(word.equals(".") ? site : word.replace("/from-others", shared.toString()));
            }
            if (List.of("invite", "join").contains(arguments.getFirst())) {
                arguments.addAll(1, List.of("--dir", site));
            }
            printed.add(Run.of(arguments.toArray()).succeeded().out());
        }
        return printed;
    }
}
