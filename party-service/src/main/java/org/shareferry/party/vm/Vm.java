// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.shareferry.canary.CanaryFolder;
import org.shareferry.canary.VmKind;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;

/// The configuration of a VM, and the checks that a connected VM must pass.
///
/// @param name identifies the VM in settings, logs and metrics
/// @param own this party
/// @param properties its settings
/// @param protocol that it runs
/// @param program the digest of its program, 32 bytes; empty if none is configured
/// @param parties of its computation, ascending; empty for all parties of the roster
record Vm(
        String name,
        MemberName own,
        VmProperties properties,
        Protocol protocol,
        Bytes program,
        List<MemberName> parties) {
    /// The name of the VM that `shareferry.party.vm` configures.
    static final String MAIN = "main";

    Vm {
        parties = List.copyOf(parties);
    }

    /// @return the name of one of its settings
    String setting(String of) {
        return setting(name, of);
    }

    /// @param name a VM's
    /// @return the name of one of its settings
    static String setting(String name, String of) {
        return "shareferry.party." + (name.equals(MAIN) ? "vm" : "vms." + name) + "." + of;
    }

    /// The name of the VM's setting, or of the service's setting if the VM has none.
    private String settingOf(String what, boolean isItsOwn) {
        return isItsOwn ? setting(what) : "shareferry.party." + what;
    }

    /// @return host and port, as configured
    String place() {
        return properties.host() + ":" + tcpPort();
    }

    /// @return a normal form of host and port: the same for all names of this machine
    String listener() {
        return properties.isOnLoopback() ? "loopback:" + tcpPort() : place().toLowerCase(Locale.ROOT);
    }

    /// @return the TCP port on which the VM listens
    int tcpPort() {
        return properties.tcpPort(own.number());
    }

    /// @param number the party number in the VM's greeting
    /// @param count N
    /// @param roster the parties of the roster
    /// @throws DialogRefusedException when the VM belongs to another party or computes with other parties
    void checkParties(long number, int count, List<MemberName> roster) throws DialogRefusedException {
        if (number != own.number()) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The VM belongs to party " + number + ", but this service belongs to " + own + ".");
        }
        var configured = parties.isEmpty() ? roster : parties;
        var computing = IntStream.range(0, count).mapToObj(MemberName::party).toList();
        if (!configured.equals(computing)) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The computation has the parties " + computing + ", but this service is configured for "
                            + configured + " ("
                            + settingOf("parties", !properties.parties().isEmpty()) + ", by default the roster).");
        }
    }

    /// The VM's properties must match the configured protocol. This does not distinguish all protocols, so those
    /// that need an honest majority also need a passed canary run.
    ///
    /// @throws DialogRefusedException when the VM runs, or may run, another protocol
    void checkKind(VmKind kind, CanaryFolder canary) throws DialogRefusedException {
        var wrong = Protocol.contradiction(protocol.text(), kind.domain())
                .or(() -> protocol.contradiction(kind.parties(), kind.threshold()))
                .or(() -> otherShares(kind.elementsInShare()))
                .map(why -> why + " Set "
                        + settingOf("protocol", properties.ownProtocol().isPresent())
                        + " to the protocol that this VM runs.")
                .or(() -> canary.objection(protocol, kind));
        if (wrong.isPresent()) {
            throw new DialogRefusedException(VmRefusal.PROTOCOL, wrong.get());
        }
    }

    private Optional<String> otherShares(int elements) {
        return protocol.elementsInShare().stream()
                .filter(known -> known != elements)
                .mapToObj(known -> protocol.text() + " writes shares of " + known + " elements, but this VM writes "
                        + elements + ".")
                .findFirst();
    }
}
