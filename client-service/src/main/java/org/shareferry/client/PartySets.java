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

/// The sets of parties whose shares this client accepts, each with its own policy.
public final class PartySets {
    /// For parties that are no longer a set of this client: nothing from them is VERIFIED.
    private static final VerdictPolicy NOTHING = new VerdictPolicy(Set.of(), Set.of(), 1);

    private final Map<PartySet, Policy> policies;

    /// The policy for the results and inputs of one set.
    ///
    /// @param verdict decides when a passed check means VERIFIED
    /// @param acceptable protocols that an input's `acceptUnverified` may name; empty for any
    private record Policy(VerdictPolicy verdict, Optional<Set<String>> acceptable) {}

    private PartySets(Map<PartySet, Policy> policies) {
        this.policies = Map.copyOf(policies);
    }

    /// @throws StartupException when a set has fewer than two parties or is configured twice, or a policy lists
    ///     protocols that are not known to be secure
    static PartySets of(ClientProperties properties) {
        Map<PartySet, Policy> policies = new HashMap<>();
        policies.put(
                set("shareferry.client", properties.parties()), policy("shareferry.client", properties.ownPolicy()));
        for (var entry : new TreeMap<>(properties.partySets()).entrySet()) {
            var setting = "shareferry.client.party-sets." + entry.getKey();
            var set = set(setting, entry.getValue().parties());
            if (policies.put(set, policy(setting, entry.getValue())) != null) {
                throw new StartupException(setting + ".parties are " + set
                        + ", which are already a set of this client. Each set has one policy: remove one of the two.");
            }
        }
        return new PartySets(policies);
    }

    private static PartySet set(String setting, List<MemberName> parties) {
        try {
            return new PartySet(List.copyOf(new TreeSet<>(parties)));
        } catch (IllegalArgumentException e) {
            throw new StartupException(
                    setting + ".parties are " + parties + "; at least two parties are required, such as P0, P1.");
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
        set.acceptable().ifPresent(names -> require(setting + ".accept-unverified", names, Protocol.all(), "unknown"));
        return new Policy(
                new VerdictPolicy(set.activelySecureProtocols(), set.honestMajorityProtocols(), set.minThreshold()),
                set.acceptable());
    }

    private static void require(String setting, Set<String> listed, Set<String> possible, String why) {
        var unfit = new TreeSet<>(listed);
        unfit.removeAll(possible);
        if (!unfit.isEmpty()) {
            throw new StartupException(setting + " has " + unfit + ", " + why + ". Remove them; allowed are "
                    + new TreeSet<>(possible) + ".");
        }
    }

    /// @return whether shares of exactly these parties are accepted
    public boolean has(PartySet parties) {
        return policies.containsKey(parties);
    }

    /// Different sets of parties can use the same id. A request that names only an id refers to these parties if
    /// the client has no other set.
    ///
    /// @return whether this is the only set of this client
    public boolean isOnly(PartySet parties) {
        return policies.size() == 1 && has(parties);
    }

    /// @return the policy for results of these parties
    public VerdictPolicy verdictOf(PartySet parties) {
        return Optional.ofNullable(policies.get(parties)).map(Policy::verdict).orElse(NOTHING);
    }

    /// @param acceptUnverified protocols for which an unverified request is accepted
    /// @return why an input for these parties may not have this value, for people; empty if it may
    public Optional<String> objection(PartySet parties, Set<String> acceptUnverified) {
        var policy = Optional.ofNullable(policies.get(parties));
        if (policy.isEmpty()) {
            return Optional.of("The parties " + parties + " are not a set of this client.");
        }
        return policy.flatMap(Policy::acceptable)
                .filter(names -> !names.containsAll(acceptUnverified))
                .map(names -> "For the parties " + parties + " this client accepts unverified requests of "
                        + new TreeSet<>(names) + " only (accept-unverified).");
    }
}
