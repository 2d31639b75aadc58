// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.member.MemberName;

/// The form of an input and of an answer, for the API's document alone: bodies are read as a stream and never become
/// this. Numbers are texts here, since every reader and writer keeps these exact.
@Schema(name = "Input")
record InputDocument(
        @Schema(description = LABEL, pattern = INTEGER, example = "1755")
        String label,

        @Schema(description = "All parties of the request", example = "[\"P0\", \"P1\"]")
        List<MemberName> parties,

        @Schema(description = PROTOCOLS, example = "[\"spdz2k\"]")
        List<String> protocols,

        @Schema(description = "Until when it may be used") Instant until,

        @Schema(description = PRECISION, defaultValue = "0") Optional<Integer> precision,

        @Schema(description = BITS, minimum = "1", maximum = "256")
        int bits,

        @Schema(description = "How many requests it may answer", defaultValue = "1")
        Optional<Integer> times,

        @Schema(description = ACCEPT) Optional<List<String>> acceptUnverified,

        @Schema(description = PROGRAM) Optional<String> program,

        @ArraySchema(
                arraySchema = @Schema(example = "[\"4\", \"-9007199254740993\"]"),
                schema = @Schema(description = VALUE))
        List<String> values) {
    static final String INTEGER = "-?[0-9]+";
    static final String LABEL = "The request's label, an integer of 64 bits. A JSON number up to 2^53 is accepted too";
    static final String PROTOCOLS = "MPC protocols of docs/protocols.md. The request may have any of them";
    static final String PRECISION = "f: values are multiplied by 2^f and rounded; 0 to 255";
    static final String BITS = "The integers are from -2^(bits-1) to 2^(bits-1)-1";
    static final String ACCEPT = "The protocols for which the request need not be VERIFIED";
    static final String PROGRAM = "The digest of the only program that may use it, 64 hex digits";
    static final String SIZE = "Bytes of a value in application/octet-stream; bits / 8, rounded up, when absent";
    static final String VALUE = "A decimal number, exact. A JSON number up to 2^53 is accepted too";

    /// @param values as many as the request asks for; absent in a refusal
    @Schema(name = "AnswerToRequest")
    record Answer(
            @ArraySchema(schema = @Schema(description = VALUE))
            Optional<List<String>> values,

            @Schema(description = "true: the request is refused for ever, and there are no values")
            Optional<Boolean> refuse,

            @Schema(description = ACCEPT) Optional<List<String>> acceptUnverified) {}
}
