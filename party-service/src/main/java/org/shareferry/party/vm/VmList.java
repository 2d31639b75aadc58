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

/// The VMs of this service, as its settings have them.
///
/// @param vms the one of `shareferry.party.vm` first, then by name
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
                        + " is not set: name the port that its program gives to" + " connect(), or take this VM out.");
            }
            vms.add(vm(entry.getKey(), own, party, entry.getValue()));
        }
        return new VmList(vms);
    }

    private static void requireName(String name) {
        if (name.equals(Vm.MAIN) || !NAME.matcher(name).matches()) {
            throw new StartupException("shareferry.party.vms has a VM called \"" + name
                    + "\". Names are up to 32 lower-case letters, digits and hyphens; \"main\" is the VM of"
                    + " shareferry.party.vm.");
        }
    }

    private static Vm vm(String name, MemberName own, PartyProperties party, VmProperties properties) {
        if (properties.partyOr(own.number()) != own.number()) {
            // Envelopes name their senders: a party by another number would be taken for one that cheats.
            throw new StartupException(Vm.setting(name, "party") + " is " + properties.party() + ", but this member is "
                    + own + ": a member computes as the party of its own number. Leave the setting out, or rename the"
                    + " member.");
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
                + "\", which is not a protocol of MP-SPDZ that shares can be delivered from. Name the one that this VM"
                + " runs: " + Protocol.names() + ".");
    }

    /// Two connections to one VM would end its program. A VM listens on all addresses of its machine.
    private static void requireApart(List<Vm> vms) {
        Map<String, Vm> places = new HashMap<>();
        for (var vm : vms) {
            var before = places.put(vm.listener(), vm);
            if (before != null) {
                throw new StartupException(before.setting("port") + " and " + vm.setting("port")
                        + " are the same place, " + vm.place() + ". Each VM has a port of its own.");
            }
        }
    }
}
