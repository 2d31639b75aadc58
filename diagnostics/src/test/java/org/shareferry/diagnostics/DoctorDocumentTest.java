// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.shareferry.diagnostics.finding.Fault;

/// The table in docs/doctor.md is made from [Fault] and nothing else. With `-Dshareferry.write-docs=true`
/// this test writes it; without, it fails when the two differ.
class DoctorDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "doctor.md");
    private static final String HEAD = "| | finding | what it means | remedy |\n|---|---|---|---|\n";

    private static String table() {
        return Stream.of(Fault.values())
                .map(fault -> "| %s | `%s` | %s | %s |%n"
                        .formatted(fault.severity().sign(), fault.id(), fault.meaning(), fault.fix()))
                .collect(Collectors.joining("", HEAD, ""));
    }

    @Test
    void the_document_lists_every_fault() throws IOException {
        var text = Files.readString(DOCUMENT);
        int begin = text.indexOf(HEAD);
        int end = text.indexOf("\n\n", begin) + 1;
        assertThat(begin).as("the head of the table").isPositive();
        var expected = text.substring(0, begin) + table() + text.substring(end);
        if (Boolean.getBoolean("shareferry.write-docs")) {
            Files.writeString(DOCUMENT, expected);
        }
        assertThat(DOCUMENT)
                .as("docs/doctor.md; to write it anew, run `./mvnw verify -pl diagnostics -am"
                        + " -Dtest=DoctorDocumentTest -DargLine=-Dshareferry.write-docs=true`")
                .hasContent(expected);
    }

    /// It is not enough that a test mentions a fault.
    @Test
    void every_fault_has_a_test_that_requires_it() throws IOException {
        var tests = new StringBuilder();
        try (var files = Files.walk(Path.of("src/test/java"))) {
            for (var file :
                    files.filter(file -> file.toString().endsWith("Test.java")).toList()) {
                tests.append(Files.readString(file));
            }
        }
        var required = Pattern.compile(
                        "\\b(?:only|keys|fix)\\([^;]*?\\bFault\\.([A-Z_]+)[),]|contains\\(Fault\\.([A-Z_]+)\\)")
                .matcher(tests)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .collect(Collectors.toSet());

        assertThat(Stream.of(Fault.values()).map(Enum::name).filter(fault -> !required.contains(fault)))
                .as("faults without a test in this module: require each with only(findings, Fault.NAME), or, among"
                        + " others, with contains(Fault.NAME)")
                .isEmpty();
    }
}
