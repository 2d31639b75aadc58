// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The table in docs/doctor.md is made from [Fault] and nothing else. With `-Dshareferry.write-docs=true`
/// this test writes it; without, it fails when the two differ.
class DoctorDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "doctor.md");
    private static final String HEAD = "| | finding | what it means | what mends it |\n|---|---|---|---|\n";

    private static String table() {
        return Stream.of(Fault.values())
                .map(fault -> "| %s | `%s` | %s | %s |%n"
                        .formatted(fault.mark().sign(), fault.id(), fault.meaning(), fault.mend()))
                .collect(Collectors.joining("", HEAD, ""));
    }

    @Test
    void the_document_lists_every_fault() throws IOException {
        var text = Files.readString(DOCUMENT);
        int begin = text.indexOf(HEAD);
        int end = text.indexOf("\n\n", begin) + 1;
        assertThat(begin).as("the head of the table").isPositive();
        if (Boolean.getBoolean("shareferry.write-docs")) {
            Files.writeString(DOCUMENT, text.substring(0, begin) + table() + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("run `./mvnw -pl doctor -am verify -DargLine=-Dshareferry.write-docs=true` to write it anew")
                .isEqualTo(table());
    }

    @Test
    void every_fault_has_a_test_named_after_it() throws IOException {
        var tests = new StringBuilder();
        for (var file : List.of("MpSpdzFolderTest", "VmPortTest", "OwnFilesTest", "NeighbourTest")) {
            tests.append(Files.readString(Path.of("src/test/java/org/shareferry/doctor", file + ".java")));
        }

        for (var fault : Fault.values()) {
            assertThat(tests).as("a test that asserts %s", fault.id()).contains("Fault." + fault.name());
        }
    }
}
