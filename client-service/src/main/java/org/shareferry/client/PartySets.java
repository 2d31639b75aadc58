// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.shareferry.check.VerdictPolicy;
import org.shareferry.delivery.PartySet;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.ClientProperties.SetProperties;
import org.shareferry.site.settings.ConfiguredPartySets;
import org.shareferry.site.settings.SettingsException;

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

    /// @throws StartupException when settings contradict each other
    static PartySets of(ClientProperties properties) {
        try {
            return new PartySets(ConfiguredPartySets.of(properties).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> policy(entry.getValue()))));
        } catch (SettingsException e) {
            throw new StartupException(e.sentence(), e);
        }
    }

    private static Policy policy(SetProperties set) {
        return new Policy(
                new VerdictPolicy(set.activelySecureProtocols(), set.honestMajorityProtocols(), set.minThreshold()),
                set.acceptable());
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
