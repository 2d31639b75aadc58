// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.member.MemberName;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/// One occurrence of a problem.
/// @param type of the problem
/// @param detail text of this project about this occurrence: what and where; no share, value or key
/// @param members the members concerned, if any
/// @param retryAfter when to retry, if that may help
public record Problem(ProblemType type, String detail, Set<MemberName> members, Optional<Duration> retryAfter) {
    public Problem {
        members = Set.copyOf(members);
    }

    /// @return a problem that concerns no particular member
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Set.of(), Optional.empty());
    }

    /// @return the same problem, naming these members
    public Problem about(Set<MemberName> concerned) {
        return new Problem(type, detail, concerned, retryAfter);
    }

    /// @return the same problem with a Retry-After
    public Problem retryAfter(Duration delay) {
        return new Problem(type, detail, members, Optional.of(delay));
    }

    /// @return the body (RFC 9457 §3.1), with `advice`, `finality` and, if not empty, `members`
    public ProblemDetail body() {
        var body = ProblemDetail.forStatusAndDetail(type.status(), detail);
        body.setType(type.uri());
        body.setTitle(type.title());
        body.setProperty("advice", type.advice());
        body.setProperty("finality", type.finality().text());
        if (!members.isEmpty()) {
            body.setProperty(
                    "members",
                    new TreeSet<>(members).stream().map(MemberName::toString).toList());
        }
        return body;
    }

    /// @return the answer with status, body and Retry-After
    public ResponseEntity<Object> toResponse() {
        var response = ResponseEntity.status(type.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        retryAfter.ifPresent(delay -> response.header(HttpHeaders.RETRY_AFTER, seconds(delay)));
        return response.body(body());
    }

    static String seconds(Duration delay) {
        return Long.toString(Math.max(1, delay.toSeconds()));
    }
}
