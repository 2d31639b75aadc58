// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.site.settings.ClientProperties.SetProperties;

/// The configured sets of parties of a client.
public final class ConfiguredPartySets {
    private ConfiguredPartySets() {}

    /// @return the policy for each set
    /// @throws SettingsException when a set has fewer than two parties or is configured twice, or a policy lists
    ///     protocols that are not known to be secure
    public static Map<PartySet, SetProperties> of(ClientProperties properties) throws SettingsException {
        Map<PartySet, SetProperties> sets = new HashMap<>();
        add(sets, "shareferry.client", properties.ownPolicy());
        for (var entry : new TreeMap<>(properties.partySets()).entrySet()) {
            add(sets, "shareferry.client.party-sets." + entry.getKey(), entry.getValue());
        }
        return sets;
    }

    private static void add(Map<PartySet, SetProperties> sets, String setting, SetProperties properties)
            throws SettingsException {
        var set = set(setting, properties.parties());
        requirePolicy(setting, properties);
        if (sets.put(set, properties) != null) {
            throw new SettingsException(setting + ".parties are " + set
                    + ", which are already a set of this client. Each set has one policy: remove one of the two.");
        }
    }

    private static PartySet set(String setting, List<MemberName> parties) throws SettingsException {
        try {
            return new PartySet(List.copyOf(new TreeSet<>(parties)));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    setting + ".parties are " + parties + "; at least two parties are required, such as P0, P1.", e);
        }
    }

    private static void requirePolicy(String setting, SetProperties set) throws SettingsException {
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
        require(setting + ".accept-unverified", set.acceptable().orElse(Set.of()), Protocol.all(), "unknown");
    }

    private static void require(String setting, Set<String> listed, Set<String> possible, String why)
            throws SettingsException {
        var unfit = new TreeSet<>(listed);
        unfit.removeAll(possible);
        if (!unfit.isEmpty()) {
            throw new SettingsException(setting + " has " + unfit + ", " + why + ". Remove them; allowed are "
                    + new TreeSet<>(possible) + ".");
        }
    }
}
