// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.util.List;
import java.util.Optional;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// The form of labels and values in JSON. Many JSON parsers read every number as a double and silently round those
/// above 2^53 (RFC 8259 §6).
enum NumberForm {
    /// As JSON numbers in full precision.
    NUMBER,
    /// As JSON strings, exact for every reader.
    STRING;

    /// The media type whose parameter asks for strings.
    static final String STRINGS = "application/json;numbers=string";

    private static final String PARAMETER = "numbers";

    /// @param query the query parameter `numbers`
    /// @param accept the header Accept
    /// @throws ProblemException when the parameter is neither `string` nor `number`, or the header is malformed
    static NumberForm of(Optional<String> query, Optional<String> accept) {
        return query.map(NumberForm::parse)
                .orElseGet(() -> accept.stream()
                                .flatMap(text -> types(text).stream())
                                .filter(type -> type.includes(MediaType.APPLICATION_JSON))
                                .anyMatch(type -> "string".equals(type.getParameter(PARAMETER)))
                        ? STRING
                        : NUMBER);
    }

    private static List<MediaType> types(String accept) {
        try {
            return MediaType.parseMediaTypes(accept);
        } catch (InvalidMediaTypeException e) {
            throw new ProblemException(
                    Problem.of(ProblemType.REQUEST_MALFORMED, "The header Accept is not a list of media types."));
        }
    }

    private static NumberForm parse(String text) {
        return switch (text) {
            case "string" -> STRING;
            case "number" -> NUMBER;
            default ->
                throw new ProblemException(
                        Problem.of(ProblemType.REQUEST_MALFORMED, "`numbers` must be string or number."));
        };
    }

    /// @return the response's media type
    String mediaType() {
        return this == STRING ? STRINGS : MediaType.APPLICATION_JSON_VALUE;
    }

    /// @return the value as JSON
    String json(String number) {
        return this == STRING ? '"' + number + '"' : number;
    }
}
