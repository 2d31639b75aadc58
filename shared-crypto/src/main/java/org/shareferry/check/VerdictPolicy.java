// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.EnumSet;
import java.util.Set;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;

/// When a check that held is worth the word VERIFIED.
///
/// @param activelySecure names of protocols that the client takes for secure while all parties but one cheat;
///     only such that are, by [Protocol]
public record VerdictPolicy(Set<String> activelySecure) {
    private static final int MIN_PRIME_BITS = 64;

    public VerdictPolicy {
        activelySecure = Set.copyOf(activelySecure);
        if (!Protocol.activelySecure().containsAll(activelySecure)) {
            throw new IllegalArgumentException("Only protocols that are secure while all parties but one cheat: "
                    + Protocol.activelySecure() + ", not " + activelySecure);
        }
    }

    /// @param facts what all envelopes say alike
    /// @return why the values would not be verified even if the check holds; empty when they would
    public Set<Doubt> doubts(DeliveryFacts facts) {
        var doubts = EnumSet.noneOf(Doubt.class);
        if (facts.scheme() == Scheme.ADDITIVE) {
            doubts.add(Doubt.NO_CHECK);
        }
        if (isTooSmall(facts.domain())) {
            doubts.add(Doubt.DOMAIN_TOO_SMALL);
        }
        if (!facts.macsChecked()) {
            doubts.add(Doubt.MACS_NOT_CHECKED);
        }
        if (!facts.rerandomised()) {
            doubts.add(Doubt.NOT_RERANDOMISED);
        }
        if (!activelySecure.contains(facts.protocol())) {
            doubts.add(Doubt.PROTOCOL_NOT_LISTED);
        }
        if (Protocol.contradiction(facts.protocol(), facts.domain()).isPresent()) {
            doubts.add(Doubt.PROTOCOL_NOT_OF_DOMAIN);
        }
        return doubts;
    }

    private static boolean isTooSmall(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring -> ring.spareBits() < Protocol.MIN_SPARE_BITS;
            case Domain.PrimeField field -> field.modulus().bitLength() < MIN_PRIME_BITS;
        };
    }

    /// @param facts what all envelopes say alike
    /// @param held whether the scheme's check held; true for additive, which has none
    public Verdict judge(DeliveryFacts facts, CheckResult held) {
        return switch (held) {
            case FAILED -> Verdict.REJECTED;
            case HELD -> doubts(facts).isEmpty() ? Verdict.VERIFIED : Verdict.UNVERIFIED;
        };
    }
}
