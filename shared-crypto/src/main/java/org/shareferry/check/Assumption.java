// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;

/// The assumption behind VERIFIED: that no more parties cheat than their protocol tolerates.
///
/// @param parties all parties of the computation
/// @param corrupt the maximum number of cheating parties
public record Assumption(List<MemberName> parties, int corrupt) {
    public Assumption {
        parties = List.copyOf(parties);
        if (corrupt < 0 || corrupt >= parties.size()) {
            throw new IllegalArgumentException("The number of cheating parties must be 0 to N-1.");
        }
    }

    /// @param facts of a delivery that is VERIFIED
    public static Assumption of(DeliveryFacts facts) {
        return new Assumption(facts.parties(), facts.threshold());
    }

    /// @return verdict and assumption for people, without a full stop
    public String inWords() {
        if (corrupt == parties.size() - 1) {
            return "Verified, even if all parties but one cheat";
        }
        var names = parties.stream().map(MemberName::toString).collect(Collectors.joining(", "));
        return "Verified, provided at most " + corrupt + " of " + names + (corrupt == 1 ? " cheats" : " cheat");
    }
}
