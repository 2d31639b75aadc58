// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;

/// The outcome of one item of a batch. It equals the answer to a request with this item alone.
///
/// @param status the HTTP status
/// @param problem the problem details (RFC 9457) of a refused item; `judged` is the Content-Digest of the item
/// @param retryAfter seconds after which the same item may be accepted
@Schema(name = "Outcome")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Outcome(@Schema(example = "202") int status, Map<String, Object> problem, Optional<Long> retryAfter) {

    /// @return the outcome of an accepted item
    public static Outcome taken(int status) {
        return new Outcome(status, Map.of(), Optional.empty());
    }

    /// @param item the item as it was received
    public static Outcome of(Problem problem, Bytes item) {
        var details = details(problem);
        details.put(ContentDigest.JUDGED, ContentDigest.of(List.of(item)).toString());
        return outcome(problem, details);
    }

    /// @return the outcome of an item that could not be read completely
    public static Outcome of(Problem problem) {
        return outcome(problem, details(problem));
    }

    private static Outcome outcome(Problem problem, Map<String, Object> details) {
        return new Outcome(
                problem.type().status().value(), details, problem.retryAfter().map(Duration::toSeconds));
    }

    private static Map<String, Object> details(Problem problem) {
        var body = problem.body();
        var details = new LinkedHashMap<String, Object>();
        ProblemType type = problem.type();
        details.put("type", type.uri().toString());
        details.put("title", type.title());
        details.put("status", body.getStatus());
        details.put("detail", problem.detail());
        details.putAll(Objects.requireNonNull(body.getProperties(), "A problem has extension members."));
        return details;
    }
}
