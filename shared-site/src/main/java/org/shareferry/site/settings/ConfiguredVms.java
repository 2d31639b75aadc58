// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;

/// The configured VMs of a party.
public final class ConfiguredVms {
    private static final int LAST_PORT = 65_535;

    private ConfiguredVms() {}

    /// @param own this party
    /// @param main of `shareferry.party.vm`
    /// @param more of `shareferry.party.vms`
    /// @return that of `shareferry.party.vm` first, then by name
    /// @throws SettingsException when settings contradict each other
    public static List<ConfiguredVm> of(MemberName own, PartyProperties party, VmProperties main, VmsProperties more)
            throws SettingsException {
        var vms = new ArrayList<ConfiguredVm>();
        if (main.isConfigured()) {
            vms.add(vm(ConfiguredVm.MAIN, own, party, main));
        }
        for (var entry : new TreeMap<>(more.vms()).entrySet()) {
            vms.add(vm(entry.getKey(), own, party, entry.getValue()));
        }
        requireApart(vms);
        return List.copyOf(vms);
    }

    private static ConfiguredVm vm(String name, MemberName own, PartyProperties party, VmProperties properties)
            throws SettingsException {
        if (properties.partyOr(own.number()) != own.number()) {
            // Envelopes name their senders, so a party with another number would look like a cheating one.
            throw new SettingsException(
                    ConfiguredVm.setting(name, "party") + " is " + properties.party() + ", but this member is "
                            + own + ": a member must compute as the party with its own number. Remove the setting, or"
                            + " rename the member.");
        }
        if (properties.tcpPort(own.number()) > LAST_PORT) {
            throw new SettingsException(ConfiguredVm.setting(name, "port") + " plus the party's number is "
                    + properties.tcpPort(own.number()) + ", but the last port is " + LAST_PORT
                    + ": choose a lower one.");
        }
        return new ConfiguredVm(
                name,
                own,
                properties,
                properties.ownProtocol().orElse(party.protocol()),
                properties.ownProgram().map(Bytes::fromHex).orElseGet(party::programDigest),
                properties.parties().isEmpty() ? party.parties() : properties.parties());
    }

    /// A second connection to a VM would abort its program. A VM listens on all addresses of its machine.
    private static void requireApart(List<ConfiguredVm> vms) throws SettingsException {
        Map<String, ConfiguredVm> places = new HashMap<>();
        for (var vm : vms) {
            var before = places.put(vm.listener(), vm);
            if (before != null) {
                throw new SettingsException(before.setting("port") + " and " + vm.setting("port")
                        + " are the same address, " + vm.place() + ". Each VM needs its own port.");
            }
        }
    }
}
