// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.util.Optional;
import org.shareferry.check.Assumption;
import org.shareferry.json.PlainText;
import org.shareferry.member.MemberName;
import tools.jackson.databind.JsonNode;

/// A verdict from a client's response, in words.
public final class VerdictText {
    private VerdictText() {}

    /// @param result what `GET /v1/results/{id}` answers
    /// @return what the verdict rests on; empty when it is not VERIFIED
    public static Optional<Assumption> assumption(JsonNode result) {
        var assumption = result.path("assumption");
        if (!assumption.isObject()) {
            return Optional.empty();
        }
        var parties = assumption
                .path("parties")
                .valueStream()
                .map(party -> MemberName.parse(party.asString("")))
                .toList();
        return Optional.of(new Assumption(parties, assumption.path("corrupt").asInt()));
    }

    /// @param result what `GET /v1/results/{id}` answers
    /// @return the verdict with its assumption, or the verdict alone; without a full stop
    public static String of(JsonNode result) {
        return assumption(result)
                .map(Assumption::inWords)
                .orElseGet(() -> PlainText.of(result.path("verdict").asString("")));
    }
}
