// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.time.Instant;
import java.util.List;

/// An input that waits for a request. Its values are not shown.
///
/// @param id names it
/// @param label of the request that it is for
/// @param parties of that request
/// @param count values
/// @param times how many requests it may still answer
/// @param until when it may be used
public record WaitingInput(String id, long label, List<String> parties, long count, int times, Instant until) {
    public WaitingInput {
        parties = List.copyOf(parties);
    }

    static WaitingInput of(JsonObject json) {
        return new WaitingInput(
                json.text("id"),
                json.number("label"),
                json.texts("parties"),
                json.number("count"),
                Math.toIntExact(json.number("times")),
                Instant.parse(json.text("until")));
    }
}
