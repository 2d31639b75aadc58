// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.shareferry.check.VerdictPolicy;
import org.shareferry.client.ClientProperties.SetProperties;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.StartupException;

/// The sets of parties whose shares this client takes, each with its own policy.
public final class PartySets {
    /// For parties that are no set of this client any more: nothing of them is VERIFIED.
    private static final VerdictPolicy NOTHING = new VerdictPolicy(Set.of(), Set.of(), 1);

    private final Map<PartySet, Policy> policies;

    /// What one set's results and inputs are judged by.
    ///
    /// @param verdict when a check that held is worth the word VERIFIED
    /// @param acceptable protocols that an input's `acceptUnverified` may name; empty for any
    private record Policy(VerdictPolicy verdict, Optional<Set<String>> acceptable) {}

    private PartySets(Map<PartySet, Policy> policies) {
        this.policies = Map.copyOf(policies);
    }

    /// @throws StartupException when a set has fewer than two parties or is there twice, or a policy lists protocols
    ///     that are not known to be secure
    static PartySets of(ClientProperties properties) {
        Map<PartySet, Policy> policies = new HashMap<>();
        policies.put(
                set("shareferry.client", properties.parties()), policy("shareferry.client", properties.ownPolicy()));
        for (var entry : new TreeMap<>(properties.partySets()).entrySet()) {
            var setting = "shareferry.client.party-sets." + entry.getKey();
            var set = set(setting, entry.getValue().parties());
            if (policies.put(set, policy(setting, entry.getValue())) != null) {
                throw new StartupException(setting + ".parties are " + set
                        + ", which are a set of this client already. Each set has one policy: take one of them out.");
            }
        }
        return new PartySets(policies);
    }

    private static PartySet set(String setting, List<MemberName> parties) {
        try {
            return new PartySet(List.copyOf(new TreeSet<>(parties)));
        } catch (IllegalArgumentException e) {
            throw new StartupException(
                    setting + ".parties are " + parties + "; name at least two parties, such as P0, P1.");
        }
    }

    private static Policy policy(String setting, SetProperties set) {
        require(
                setting + ".actively-secure-protocols",
                set.activelySecureProtocols(),
                Protocol.activelySecure(),
                "not known to be secure while all parties but one cheat");
        require(
                setting + ".honest-majority-protocols",
                set.honestMajorityProtocols(),
                Protocol.secureWithHonestMajority(),
                "not known to be secure while a minority of the parties cheats");
        set.acceptable()
                .ifPresent(names -> require(setting + ".accept-unverified", names, Protocol.all(), "not known here"));
        return new Policy(
                new VerdictPolicy(set.activelySecureProtocols(), set.honestMajorityProtocols(), set.minThreshold()),
                set.acceptable());
    }

    private static void require(String setting, Set<String> listed, Set<String> possible, String why) {
        var unfit = new TreeSet<>(listed);
        unfit.removeAll(possible);
        if (!unfit.isEmpty()) {
            throw new StartupException(setting + " has " + unfit + ", " + why + ". Take them out; there can be "
                    + new TreeSet<>(possible) + ".");
        }
    }

    /// @return whether shares of exactly these parties are taken
    public boolean has(PartySet parties) {
        return policies.containsKey(parties);
    }

    /// Any set of parties can use an id, also one that others use. Who names only an id means these parties if no
    /// others
    /// can be meant.
    ///
    /// @return whether shares of these parties are taken, and of no others
    public boolean isOnly(PartySet parties) {
        return policies.size() == 1 && has(parties);
    }

    /// @return by which results of these parties are judged
    public VerdictPolicy verdictOf(PartySet parties) {
        return Optional.ofNullable(policies.get(parties)).map(Policy::verdict).orElse(NOTHING);
    }

    /// @param acceptUnverified protocols for which an answer accepts a request that is not verified
    /// @return why no input for these parties may say so, as a sentence; empty when it may
    public Optional<String> objection(PartySet parties, Set<String> acceptUnverified) {
        var policy = Optional.ofNullable(policies.get(parties));
        if (policy.isEmpty()) {
            return Optional.of("The parties " + parties + " are no set of this client.");
        }
        return policy.flatMap(Policy::acceptable)
                .filter(names -> !names.containsAll(acceptUnverified))
                .map(names -> "For the parties " + parties + " this client accepts unverified requests of "
                        + new TreeSet<>(names) + " only (accept-unverified).");
    }
}
