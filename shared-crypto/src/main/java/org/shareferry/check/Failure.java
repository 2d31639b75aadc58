// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.member.MemberName;

/// Why a delivery is REJECTED. A party is named only where bytes that it signed are at fault by themselves; a sum that
/// is wrong does not tell whose share is.
///
/// @param kind what failed
/// @param chunk where, from 0; nothing where the fault is of the delivery as a whole
/// @param sender whose signed envelope is at fault; nothing where none can be named
public record Failure(Kind kind, Optional<Integer> chunk, Optional<MemberName> sender) {
    /// As many are kept of one delivery.
    public static final int MOST = 20;

    /// What failed.
    public enum Kind {
        /// The scheme's relation does not hold in a chunk.
        CHECK,
        /// What an envelope contains are not elements of the delivery's domain.
        NOT_SHARES,
        /// What a closing envelope contains are not closing words.
        CLOSING,
        /// Digests, commitments or combined values of a committed delivery do not fit together.
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

    /// @return a committed delivery does not fit together
    public static Failure ofCommitted() {
        return new Failure(Kind.COMMITTED, Optional.empty(), Optional.empty());
    }

    /// @return the reason in words
    public String text() {
        return switch (kind) {
            case CHECK -> "the check failed in chunk " + number();
            case NOT_SHARES ->
                name() + " signed an envelope for chunk " + number()
                        + " that does not hold shares of the delivery's domain";
            case CLOSING -> name() + " signed a closing envelope that does not hold closing words";
            case COMMITTED -> "the parties' closing words, the envelopes and the values do not fit together";
        };
    }

    private String number() {
        return chunk.map(Object::toString).orElse("?");
    }

    private String name() {
        return sender.map(MemberName::toString).orElse("A party");
    }

    /// @return the first [#MOST] with commas between them, as [#parse] reads them
    public static String join(List<Failure> failures) {
        return failures.stream()
                .distinct()
                .sorted(Comparator.comparing(Failure::kind).thenComparing(one -> one.chunk.orElse(-1)))
                .limit(MOST)
                .map(one -> one.kind + ":" + one.chunk.map(Object::toString).orElse("") + ":"
                        + one.sender.map(MemberName::toString).orElse(""))
                .collect(Collectors.joining(","));
    }

    /// @param joined what [#join] gives
    /// @throws IllegalArgumentException when it is anything else
    public static List<Failure> parse(String joined) {
        var failures = new ArrayList<Failure>();
        if (!joined.isEmpty()) {
            for (var one : joined.split(",", -1)) {
                var parts = one.split(":", -1);
                if (parts.length != 3) {
                    throw new IllegalArgumentException("A failure has three parts.");
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
