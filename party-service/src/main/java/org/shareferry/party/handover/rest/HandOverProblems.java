// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.time.Duration;
import java.util.Set;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;

/// Maps refusals to problems.
final class HandOverProblems {
    private static final Duration LATER = Duration.ofSeconds(2);

    private HandOverProblems() {}

    static Problem busy(String detail) {
        return Problem.of(ProblemType.STORE_BUSY, detail).retryAfter(LATER);
    }

    static Problem of(HandOverRefusal why) {
        return switch (why) {
            case HandOverRefusal.RecipientUnknown unknown ->
                Problem.of(
                                ProblemType.RECIPIENT_UNKNOWN,
                                "The recipient " + unknown.recipient() + " is not a client of the roster.")
                        .about(Set.of(unknown.recipient()));
            case HandOverRefusal.PartiesUnfit unfit ->
                Problem.of(ProblemType.PARTIES_DIFFER, unfit.detail()).about(unfit.members());
            case HandOverRefusal.Unfit unfit -> Problem.of(ProblemType.HAND_OVER_INVALID, unfit.detail());
            case HandOverRefusal.ChunkTooLarge large ->
                Problem.of(
                        ProblemType.BODY_TOO_LARGE,
                        "A chunk would have " + large.bytes() + " bytes; shareferry.party.chunk-limit allows "
                                + large.limit() + ". Reduce valuesPerChunk.");
            case HandOverRefusal.OtherFacts other ->
                Problem.of(
                        ProblemType.DELIVERY_CONFLICT,
                        "The delivery was handed over before with a different " + String.join(", ", other.fields())
                                + ".");
            case HandOverRefusal.UsedLongAgo used ->
                Problem.of(
                        ProblemType.DELIVERY_CONFLICT,
                        "This id, or a later one of its run, was used by a delivery that is already deleted."
                                + " Deliver in a new run.");
            case HandOverRefusal.Ended(var state, var reason) ->
                Problem.of(
                        ProblemType.DELIVERY_ENDED,
                        "The delivery was handed over before and is " + state
                                + reason.map(detail -> ": " + detail).orElse("."));
            case HandOverRefusal.Busy busy -> busy(busy.detail());
            case HandOverRefusal.Dropped dropped ->
                Problem.of(
                                ProblemType.STORE_BUSY,
                                "The hand-over was dropped because it made no progress for too long"
                                        + " (shareferry.party.hand-over-timeout). Hand over again.")
                        .retryAfter(LATER);
            case HandOverRefusal.KeyMissing missing ->
                Problem.of(ProblemType.KEYS_UNAVAILABLE, missing.why()).retryAfter(LATER);
        };
    }
}
