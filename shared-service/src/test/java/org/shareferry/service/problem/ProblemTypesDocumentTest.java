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
                happened where, the `advice` below and, where it helps, the `members` concerned. 429 and 503 say in `Retry-After` when
                to come again. A container or a proxy answers with `about:blank` or with something else: that is never a refusal of
                this project, and the request is to be repeated. This page is made from the code.

                `finality` says whether the same request, byte for byte, can succeed later:

                * `temporary`: it succeeds as soon as the service can take it. Senders repeat it by themselves.
                * `curable`: it succeeds after someone has changed something: a setting, a roster, a certificate, a clock, a version.
                  Parties and the relay keep what was refused so, show it as `held`, offer it again every 15 minutes
                  (`shareferry.party.held-retry`, `shareferry.relay.held-retry`), and at once on `POST /v1/redeliveries`, until the
                  delivery expires.
                * `final`: it never succeeds. A sender believes this only when `judged` repeats the digest of the body as it was sent
                  (`sha-256=:…:`, as in `Content-Digest`, RFC 9530): otherwise the connection broke off, or something in between
                  changed the body, and the request is repeated. It is a member of the problem because a `Content-Digest` of the
                  answer would be that of the answer's own content.

                Requests may carry `Content-Digest` with a SHA-256; the services' own do, except batches: there the digest of each item
                is what `judged` repeats. A body that differs is answered `body-damaged` and nothing of it is taken.

                | status | type | finality | title | what to do |
                |---|---|---|---|---|
                """);
        Stream.of(ProblemType.values())
                .sorted(Comparator.comparing((ProblemType type) -> type.status().value())
                        .thenComparing(type -> type.uri().toString()))
                .forEach(type -> text.append("| %d | `%s` | %s | %s | %s |%n"
                        .formatted(
                                type.status().value(),
                                type.uri(),
                                type.finality().text(),
                                type.title(),
                                type.advice())));
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
