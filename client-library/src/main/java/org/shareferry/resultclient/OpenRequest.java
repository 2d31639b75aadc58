// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A program's request for inputs that has no answer yet.
///
/// @param id of the request's delivery
/// @param parties that ask
/// @param label under which they ask
/// @param protocol of theirs
/// @param count how many values they ask for
/// @param precision f: they compute with value * 2^f
/// @param bits of the integers that they compute with
/// @param program the digest of the program, if they name one
/// @param verdict whether the request is VERIFIED
/// @param created when its envelopes were made, by the earliest of the parties' clocks
/// @param reason why it has no answer yet, for programs, such as `asked-before-input`; docs/input-delivery.md lists
/// them
/// @param detail why it has no answer yet, for people
public record OpenRequest(
        String id,
        List<String> parties,
        long label,
        String protocol,
        long count,
        int precision,
        int bits,
        Optional<String> program,
        Verdict verdict,
        Instant created,
        String reason,
        String detail) {
    public OpenRequest {
        parties = List.copyOf(parties);
    }

    static OpenRequest of(JsonObject json) {
        return new OpenRequest(
                json.text("id"),
                json.texts("parties"),
                json.number("label"),
                json.text("protocol"),
                json.number("count"),
                Math.toIntExact(json.number("precision")),
                Math.toIntExact(json.number("bits")),
                json.optional("program"),
                Verdict.valueOf(json.text("verdict")),
                Instant.parse(json.text("created")),
                json.text("reason"),
                json.text("detail"));
    }
}
