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

                Every error response is `application/problem+json` (RFC 9457) with one of these types. Its `detail` states what happened
                where. It also has the `advice` below and, if useful, the `members` concerned. In a 429 or 503, `Retry-After` states when
                to retry. A response of a container or a proxy has the type `about:blank` or another format. It is never a refusal of
                this project: repeat the request. This page is generated from the code.

                A type is a link relative to the service's address: `/problem-types#not-found` of `https://relay.example:8443` is
                `https://relay.example:8443/problem-types#not-found`, where members read the table below in the service's own version.
                Programs compare types as text, as they are sent.

                `finality` states whether the same request, byte for byte, can succeed later:

                * `temporary`: it succeeds as soon as the service can accept it. Senders retry automatically.
                * `curable`: it succeeds after someone has changed something: a setting, a roster, a certificate, a clock, a version.
                  Parties and the relay keep what was refused in this way, show it as `held`, submit it again every 15 minutes
                  (`shareferry.party.held-retry`, `shareferry.relay.held-retry`), and at once on `POST /v1/redeliveries`, until the
                  delivery expires.
                * `final`: it never succeeds. A sender accepts this only if `judged` repeats the digest of the body that it sent
                  (`sha-256=:…:`, as in `Content-Digest`, RFC 9530). Otherwise the connection broke, or something in between
                  changed the body, and the sender repeats the request. `judged` is a member of the problem because a `Content-Digest`
                  of the response would be that of the response's own content.

                Requests may carry `Content-Digest` with a SHA-256. The services' own requests do, except batches: there `judged` repeats
                the digest of each item. If the body differs from its digest, the response is `body-damaged`, and nothing is stored.

                | status | type | finality | title | what to do |
                |---|---|---|---|---|
                """);
        Stream.of(ProblemType.values())
                .sorted(Comparator.comparing((ProblemType type) -> type.status().value())
                        .thenComparing(type -> type.uri().toString()))
                .forEach(type -> text.append("| %d | <a id=\"%s\"></a>`%s` | %s | %s | %s |%n"
                        .formatted(
                                type.status().value(),
                                type.id(),
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
        assertThat(DOCUMENT)
                .as("docs/problem-types.md; to write it anew, run `./mvnw verify -pl shared-service -am"
                        + " -Dtest=ProblemTypesDocumentTest -DargLine=-Dshareferry.write-docs=true`")
                .hasContent(expected());
    }
}
