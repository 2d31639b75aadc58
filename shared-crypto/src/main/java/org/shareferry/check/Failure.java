// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.member.MemberName;

/// Why a delivery is REJECTED. A party is named only if its signed bytes alone prove the fault. A wrong sum does not
/// show whose share is wrong.
///
/// @param kind what failed
/// @param chunk index of the chunk, from 0; empty if the fault concerns the whole delivery
/// @param sender of the faulty envelope; empty if none can be named
public record Failure(Kind kind, Optional<Integer> chunk, Optional<MemberName> sender) {
    /// The maximum number to keep for one delivery.
    public static final int MOST = 20;

    /// What failed.
    public enum Kind {
        /// The scheme's relation does not hold in a chunk.
        CHECK,
        /// An envelope does not contain elements of the delivery's domain.
        NOT_SHARES,
        /// A closing envelope does not contain closing words.
        CLOSING,
        /// Digests, commitments or combinations of a committed delivery do not match.
        COMMITTED
    }

    /// @return the scheme's relation does not hold in this chunk
    public static Failure ofCheck(int chunk) {
        return new Failure(Kind.CHECK, Optional.of(chunk), Optional.empty());
    }

    /// @return this party's envelope for this chunk has no shares of the domain
    public static Failure ofShares(int chunk, MemberName sender) {
        return new Failure(Kind.NOT_SHARES, Optional.of(chunk), Optional.of(sender));
    }

    /// @return this party's closing envelope has no closing words
    public static Failure ofClosing(MemberName sender) {
        return new Failure(Kind.CLOSING, Optional.empty(), Optional.of(sender));
    }

    /// @return the parts of a committed delivery do not match
    public static Failure ofCommitted() {
        return new Failure(Kind.COMMITTED, Optional.empty(), Optional.empty());
    }

    /// @return the reason, for people
    public String text() {
        return switch (kind) {
            case CHECK -> "the check failed in chunk " + number();
            case NOT_SHARES ->
                name() + " signed an envelope for chunk " + number()
                        + " that does not contain shares of the delivery's domain";
            case CLOSING -> name() + " signed a closing envelope that does not contain closing words";
            case COMMITTED -> "the parties' closing words, the envelopes and the values do not match";
        };
    }

    private String number() {
        return chunk.map(Object::toString).orElse("?");
    }

    private String name() {
        return sender.map(MemberName::toString).orElse("A party");
    }

    /// @return the first [#MOST], separated by commas, for [#parse]
    public static String join(List<Failure> failures) {
        return failures.stream()
                .distinct()
                .sorted(Comparator.comparing(Failure::kind).thenComparing(one -> one.chunk.orElse(-1)))
                .limit(MOST)
                .map(one -> one.kind + ":" + one.chunk.map(Object::toString).orElse("") + ":"
                        + one.sender.map(MemberName::toString).orElse(""))
                .collect(Collectors.joining(","));
    }

    /// @param joined the result of [#join]
    /// @throws IllegalArgumentException when it is anything else
    public static List<Failure> parse(String joined) {
        var failures = new ArrayList<Failure>();
        if (!joined.isEmpty()) {
            for (var one : joined.split(",", -1)) {
                var parts = one.split(":", -1);
                if (parts.length != 3) {
                    throw new IllegalArgumentException("A failure must have three parts.");
                }
                failures.add(new Failure(
                        Kind.valueOf(parts[0]),
                        parts[1].isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(parts[1])),
                        parts[2].isEmpty() ? Optional.empty() : Optional.of(MemberName.parse(parts[2]))));
            }
        }
        return failures;
    }
}
