// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A delivery as the client-service shows it, without its values.
///
/// @param id of the delivery; deliveries of different parties can have the same
/// @param parties whose shares make the values, ascending
/// @param label the application's number for it
/// @param scheme what accompanied the values, such as `committed`
/// @param protocol the MPC protocol that all parties name, such as `spdz2k`
/// @param count how many values
/// @param precision f: a value is an integer / 2^f; 0 for integers
/// @param state `receiving`, `checking`, `checked`, `expired` or `deleted`
/// @param verdict once there is one
/// @param mostCorrupt of VERIFIED: how many parties may cheat for it to be true
/// @param reasons of UNVERIFIED: why, though no check failed; of REJECTED: what failed
/// @param firstSeen when the first bundle came
/// @param ended when it was checked or expired
/// @param valuesDeleted when its values were deleted, if they were and its verdict was kept
/// @param changed when something last happened
/// @param change the number of that change; every later change, of any delivery, has a higher one
public record Result(
        String id,
        List<String> parties,
        long label,
        String scheme,
        String protocol,
        long count,
        int precision,
        String state,
        Optional<Verdict> verdict,
        OptionalInt mostCorrupt,
        List<String> reasons,
        Instant firstSeen,
        Optional<Instant> ended,
        Optional<Instant> valuesDeleted,
        Instant changed,
        long change) {
    public Result {
        parties = List.copyOf(parties);
        reasons = List.copyOf(reasons);
    }

    /// @return whether its values were deleted, alone or with the whole delivery
    public boolean isWithoutValues() {
        return valuesDeleted.isPresent() || state.equals("deleted");
    }

    static Result of(JsonObject json) {
        return new Result(
                json.text("id"),
                json.texts("parties"),
                json.number("label"),
                json.text("scheme"),
                json.text("protocol"),
                json.number("count"),
                Math.toIntExact(json.number("precision")),
                json.text("state"),
                json.optional("verdict").map(Verdict::valueOf),
                json.object("assumption")
                        .map(assumption -> OptionalInt.of(Math.toIntExact(assumption.number("corrupt"))))
                        .orElse(OptionalInt.empty()),
                json.texts("reasons"),
                Instant.parse(json.text("firstSeen")),
                json.optional("ended").map(Instant::parse),
                json.optional("valuesDeleted").map(Instant::parse),
                Instant.parse(json.text("changed")),
                json.number("change"));
    }
}
