// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/troubleshooting.md quotes what people see. Each quoted message is in the sources, word for word.
class TroubleshootingTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern QUOTED = Pattern.compile("(?ms)^```text *([^\\n]*)\\n(.*?)^```$");
    private static final Pattern ERROR = Pattern.compile("(?m)^\\| (1\\d{3}) \\| (.*?) \\|");
    private static final Pattern ERROR_OF_MODULE = Pattern.compile("(?m)^    (1\\d{3}): '(.*)',$");
    /// Stands for what differs.
    private static final String ANYTHING = "…";
    /// Shorter ones say nothing.
    private static final int LEAST = 10;

    /// What others say; curl's words are produced by DocumentsTest in end-to-end-tests.
    private static final List<String> OTHERS = List.of("curl", "MP-SPDZ", "Spring Boot");

    private static String page() throws IOException {
        return Files.readString(PROJECT.resolve("docs/troubleshooting.md"));
    }

    /// The sources, with what stands in several literals behind each other in one.
    private static String sources() throws IOException {
        try (var files = Files.walk(PROJECT, 20)) {
            return Stream.concat(
                            files.filter(file -> file.toString().contains("/src/main/"))
                                    .filter(file -> !file.toString().contains("/target/"))
                                    .filter(file -> file.toString().matches(".*\\.(?:java|py)")),
                            Stream.of("shareferry", ".mvn/programs.sh", ".mvn/find-java.sh")
                                    .map(PROJECT::resolve))
                    .map(TroubleshootingTest::text)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "").replaceAll("'\\n\\s*'", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<MatchResult> quoted() throws IOException {
        return QUOTED.matcher(page()).results();
    }

    @Test
    void every_quoted_message_is_in_the_sources() throws IOException {
        var sources = sources();
        var missing = new ArrayList<String>();

        quoted().filter(block -> block.group(1).isEmpty())
                .flatMap(block -> block.group(2).lines())
                .filter(line -> !parts(line).allMatch(sources::contains))
                .forEach(missing::add);

        assertThat(missing).isEmpty();
    }

    @Test
    void every_quoted_message_is_long_enough_for_a_search() throws IOException {
        assertThat(quoted().filter(block -> block.group(1).isEmpty())
                        .flatMap(block -> block.group(2).lines()))
                .isNotEmpty()
                .filteredOn(line -> parts(line).noneMatch(part -> part.length() >= LEAST))
                .containsExactly("Delivery … is …");
    }

    private static Stream<String> parts(String line) {
        return Arrays.stream(line.split(ANYTHING)).map(String::strip).filter(part -> !part.isEmpty());
    }

    @Test
    void messages_of_other_programs_are_marked() throws IOException {
        assertThat(quoted().map(block -> block.group(1)).filter(name -> !name.isEmpty()))
                .isSubsetOf(OTHERS);
    }

    @Test
    void the_page_lists_exactly_the_errors_of_the_module() throws IOException {
        var module = Files.readString(PROJECT.resolve("party-service/src/main/mpspdz/shareferry.py"));

        assertThat(ERROR.matcher(page()).results().map(error -> error.group(1) + " " + error.group(2)))
                .containsExactlyElementsOf(ERROR_OF_MODULE
                        .matcher(module)
                        .results()
                        .map(error -> error.group(1) + " " + error.group(2))
                        .toList());
    }
}
