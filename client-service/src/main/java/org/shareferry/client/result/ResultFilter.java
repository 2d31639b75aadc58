// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.delivery.PartySet;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// The filters and the order of a list of results.
/// @param label only results with this label
/// @param verdict only results with this verdict
/// @param parties only results of exactly these parties
/// @param state only results in this state
/// @param since only results that changed at this time or later
/// @param isNewestFirst whether the delivery whose first bundle arrived last comes first
record ResultFilter(
        Optional<Long> label,
        Optional<PartySet> parties,
        Optional<Verdict> verdict,
        Optional<DeliveryState> state,
        Instant since,
        boolean isNewestFirst) {
    private static final String STATES = Arrays.stream(DeliveryState.values())
            .map(DeliveryState::text)
            .sorted()
            .collect(Collectors.joining(", "));

    /// @throws ProblemException when a parameter has an invalid value
    static ResultFilter parse(
            Optional<Long> label,
            Optional<PartySet> parties,
            Optional<String> verdict,
            Optional<String> state,
            Optional<String> since,
            String order) {
        return new ResultFilter(
                label,
                parties,
                verdict.map(ResultFilter::verdict),
                state.map(ResultFilter::state),
                since.map(ResultFilter::time).orElse(Instant.EPOCH),
                isNewestFirst(order));
    }

    private static Verdict verdict(String text) {
        try {
            return Verdict.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw malformed("`verdict` must be VERIFIED, UNVERIFIED or REJECTED.");
        }
    }

    private static DeliveryState state(String text) {
        return DeliveryState.named(text).orElseThrow(() -> malformed("`state` must be one of " + STATES + "."));
    }

    private static Instant time(String text) {
        try {
            // The database stores milliseconds in 64 bits.
            return Instant.ofEpochMilli(Instant.parse(text).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw malformed("`since` must be a time such as 2026-01-01T12:00:00Z or, for an event"
                    + " stream, the number of a change.");
        }
    }

    private static boolean isNewestFirst(String order) {
        return switch (order) {
            case "newest" -> true;
            case "oldest" -> false;
            default -> throw malformed("`order` must be newest or oldest.");
        };
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, detail));
    }
}
