// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/problem-types.md is made from [ProblemType] and nothing else. With `-Dshareferry.write-docs=true`
/// this test writes it; without, it fails when the two differ.
class ProblemTypesDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "problem-types.md");

    private static String expected() {
        var text = new StringBuilder("""
                # Problem types

                Every error is answered as `application/problem+json` (RFC 9457) with one of these types, a `detail` that says what
                happened where, the `advice` below and, where it helps, the `members` concerned. What can never succeed is a 4xx and
                is not to be retried, but for 408 and 429; 429 and 503 say in `Retry-After` when to come again. This page is made from the
                code.

                | status | type | title | what to do |
                |---|---|---|---|
                """);
        Stream.of(ProblemType.values())
                .sorted(Comparator.comparing((ProblemType type) -> type.status().value())
                        .thenComparing(type -> type.uri().toString()))
                .forEach(type -> text.append("| %d | `%s` | %s | %s |%n"
                        .formatted(type.status().value(), type.uri(), type.title(), type.advice())));
        return text.toString();
    }

    @Test
    void the_document_lists_every_problem_type() throws IOException {
        if (Boolean.getBoolean("shareferry.write-docs")) {
            Files.writeString(DOCUMENT, expected());
        }
        assertThat(Files.readString(DOCUMENT))
                .as(
                        "run `./mvnw -pl shared-service -am verify -DargLine=-Dshareferry.write-docs=true` to write it anew")
                .isEqualTo(expected());
    }
}
