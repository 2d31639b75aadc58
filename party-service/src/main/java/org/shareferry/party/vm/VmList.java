// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.party.PartyProperties;
import org.shareferry.service.member.StartupException;

/// The configured VMs of this service.
///
/// @param vms that of `shareferry.party.vm` first, then by name
record VmList(List<Vm> vms) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final int LAST_PORT = 65_535;

    VmList {
        vms = List.copyOf(vms);
        requireApart(vms);
    }

    /// @param own this party
    /// @param main of `shareferry.party.vm`
    /// @param more of `shareferry.party.vms`
    /// @throws StartupException when settings contradict each other
    static VmList of(MemberName own, PartyProperties party, VmProperties main, VmsProperties more) {
        var vms = new ArrayList<Vm>();
        if (main.isConfigured()) {
            vms.add(vm(Vm.MAIN, own, party, main));
        }
        for (var entry : new TreeMap<>(more.vms()).entrySet()) {
            requireName(entry.getKey());
            if (!entry.getValue().isConfigured()) {
                throw new StartupException(Vm.setting(entry.getKey(), "port")
                        + " is not set: set it to the port that the program passes to connect(), or remove this VM.");
            }
            vms.add(vm(entry.getKey(), own, party, entry.getValue()));
        }
        return new VmList(vms);
    }

    private static void requireName(String name) {
        if (name.equals(Vm.MAIN) || !NAME.matcher(name).matches()) {
            throw new StartupException("shareferry.party.vms contains a VM named \"" + name + "\". A name must be"
                    + " up to 32 lower-case letters, digits and hyphens, and not \"main\", which is the VM of"
                    + " shareferry.party.vm.");
        }
    }

    private static Vm vm(String name, MemberName own, PartyProperties party, VmProperties properties) {
        if (properties.partyOr(own.number()) != own.number()) {
            // Envelopes name their senders, so a party with another number would look like a cheating one.
            throw new StartupException(Vm.setting(name, "party") + " is " + properties.party() + ", but this member is "
                    + own + ": a member must compute as the party with its own number. Remove the setting, or"
                    + " rename the member.");
        }
        if (properties.tcpPort(own.number()) > LAST_PORT) {
            throw new StartupException(Vm.setting(name, "port") + " plus the party's number is "
                    + properties.tcpPort(own.number()) + ", but the last port is " + LAST_PORT
                    + ": choose a lower one.");
        }
        var protocol = properties.ownProtocol().orElse(party.protocol());
        return new Vm(
                name,
                own,
                properties,
                Protocol.named(protocol).orElseThrow(() -> unknown(name, protocol)),
                properties.ownProgram().map(Bytes::fromHex).orElseGet(party::programDigest),
                properties.parties().isEmpty() ? party.partyNames() : properties.partyNames());
    }

    private static StartupException unknown(String name, String protocol) {
        return new StartupException(Vm.setting(name, "protocol") + " is \"" + protocol
                + "\", which is not a supported MP-SPDZ protocol. Name the protocol that this VM runs: "
                + Protocol.names() + ".");
    }

    /// A second connection to a VM would abort its program. A VM listens on all addresses of its machine.
    private static void requireApart(List<Vm> vms) {
        Map<String, Vm> places = new HashMap<>();
        for (var vm : vms) {
            var before = places.put(vm.listener(), vm);
            if (before != null) {
                throw new StartupException(before.setting("port") + " and " + vm.setting("port")
                        + " are the same address, " + vm.place() + ". Each VM needs its own port.");
            }
        }
    }
}
