// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;

/// What VERIFIED rests on: that no more of the parties cheat than their protocol bears.
///
/// @param parties all parties of the computation
/// @param corrupt how many of them may cheat, at most
public record Assumption(List<MemberName> parties, int corrupt) {
    public Assumption {
        parties = List.copyOf(parties);
        if (corrupt < 0 || corrupt >= parties.size()) {
            throw new IllegalArgumentException("Of N parties, 0 to N-1 may cheat.");
        }
    }

    /// @param facts of a delivery that is VERIFIED
    public static Assumption of(DeliveryFacts facts) {
        return new Assumption(facts.parties(), facts.threshold());
    }

    /// @return the verdict and what it rests on, as people read it; without a full stop
    public String inWords() {
        if (corrupt == parties.size() - 1) {
            return "Verified, even if all parties but one cheat";
        }
        var names = parties.stream().map(MemberName::toString).collect(Collectors.joining(", "));
        return "Verified, provided at most " + corrupt + " of " + names + (corrupt == 1 ? " cheats" : " cheat");
    }
}
