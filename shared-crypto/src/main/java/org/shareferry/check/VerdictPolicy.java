// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;

/// Decides whether a passed check means VERIFIED.
///
/// @param activelySecure names of protocols that the client trusts even if all parties but one cheat; only those
///     that [Protocol] lists as such
/// @param honestMajority names of protocols that the client trusts if only a minority of the parties cheats; only
///     those that [Protocol] lists as such
/// @param minThreshold the minimum number of corrupt parties that a protocol must tolerate; 1 or more
public record VerdictPolicy(Set<String> activelySecure, Set<String> honestMajority, int minThreshold) {
    private static final int MIN_PRIME_BITS = 64;

    public VerdictPolicy {
        activelySecure = Set.copyOf(activelySecure);
        honestMajority = Set.copyOf(honestMajority);
        require(Protocol.activelySecure(), activelySecure, "all parties but one cheat");
        require(Protocol.secureWithHonestMajority(), honestMajority, "a minority of the parties cheats");
        if (minThreshold < 1) {
            throw new IllegalArgumentException("The minimum threshold must be at least 1, not " + minThreshold + ".");
        }
    }

    private static void require(Set<String> secure, Set<String> listed, String cheating) {
        if (!secure.containsAll(listed)) {
            throw new IllegalArgumentException(
                    "Only protocols that are secure while " + cheating + ": " + secure + ", not " + listed);
        }
    }

    /// @param facts that all envelopes share
    /// @return why the values are not verified even if the check passes; empty if they are
    public Set<Doubt> doubts(DeliveryFacts facts) {
        var doubts = EnumSet.noneOf(Doubt.class);
        note(doubts, Doubt.NO_CHECK, facts.scheme() == Scheme.ADDITIVE);
        note(doubts, Doubt.DOMAIN_TOO_SMALL, isTooSmall(facts));
        note(doubts, Doubt.MACS_NOT_CHECKED, !facts.macsChecked());
        note(doubts, Doubt.NOT_RERANDOMISED, !facts.rerandomised());
        unlisted(facts.protocol()).ifPresent(doubts::add);
        note(
                doubts,
                Doubt.PROTOCOL_NOT_OF_DOMAIN,
                Protocol.contradiction(facts.protocol(), facts.domain()).isPresent());
        note(doubts, Doubt.THRESHOLD_NOT_OF_PROTOCOL, contradictsThreshold(facts));
        note(doubts, Doubt.BEARS_TOO_FEW, facts.threshold() < minThreshold);
        return doubts;
    }

    private static void note(Set<Doubt> doubts, Doubt doubt, boolean holds) {
        if (holds) {
            doubts.add(doubt);
        }
    }

    private Optional<Doubt> unlisted(String protocol) {
        if (activelySecure.contains(protocol) || honestMajority.contains(protocol)) {
            return Optional.empty();
        }
        return Optional.of(
                Protocol.secureWithHonestMajority().contains(protocol)
                        ? Doubt.MAJORITY_NOT_TRUSTED
                        : Doubt.PROTOCOL_NOT_LISTED);
    }

    private static boolean contradictsThreshold(DeliveryFacts facts) {
        return Protocol.named(facts.protocol())
                .flatMap(protocol -> protocol.contradiction(facts.parties().size(), facts.threshold()))
                .isPresent();
    }

    /// In a ring without spare bits a flipped top bit of a share passes batched and triple with probability 1/2.
    /// Committed compares combinations in the ring itself, so it needs no spare bits if the protocol's own checks
    /// need none.
    private static boolean isTooSmall(DeliveryFacts facts) {
        return switch (facts.domain()) {
            case Domain.Ring ring -> ring.spareBits() < Protocol.MIN_SPARE_BITS && !needsNoSpareBits(facts);
            case Domain.PrimeField field -> field.modulus().bitLength() < MIN_PRIME_BITS;
        };
    }

    private static boolean needsNoSpareBits(DeliveryFacts facts) {
        return facts.scheme().isCommitted()
                && Protocol.named(facts.protocol())
                        .filter(protocol ->
                                protocol.isSecureWithHonestMajority() && protocol.computesIn(facts.domain()))
                        .isPresent();
    }

    /// @param facts that all envelopes share
    /// @param held the result of the scheme's check; HELD for additive, which has none
    public Verdict judge(DeliveryFacts facts, CheckResult held) {
        return switch (held) {
            case FAILED -> Verdict.REJECTED;
            case HELD -> doubts(facts).isEmpty() ? Verdict.VERIFIED : Verdict.UNVERIFIED;
        };
    }
}
