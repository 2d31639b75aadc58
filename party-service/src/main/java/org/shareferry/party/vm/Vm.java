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

/// A VM as it is configured: what it must show to be taken for it.
///
/// @param name by which people tell the VMs of this service apart
/// @param own this party
/// @param properties where it is and how it is spoken to
/// @param protocol what it runs
/// @param program the digest of its program, 32 bytes; empty where none is configured
/// @param parties of its computation, ascending; empty for all that the roster has
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

    /// The service's own setting counts where the VM has none.
    private String settingOf(String what, boolean isItsOwn) {
        return isItsOwn ? setting(what) : "shareferry.party." + what;
    }

    /// @return host and port, as configured
    String place() {
        return properties.host() + ":" + tcpPort();
    }

    /// @return the same for all ways to name one port of this machine, or of another host
    String listener() {
        return properties.isOnLoopback() ? "loopback:" + tcpPort() : place().toLowerCase(Locale.ROOT);
    }

    /// @return the TCP port on which the VM listens
    int tcpPort() {
        return properties.tcpPort(own.number());
    }

    /// @param number that the VM gives itself
    /// @param count N
    /// @param roster the parties that it has
    /// @throws DialogRefusedException when this is the VM of another party, or computes with others
    void checkParties(long number, int count, List<MemberName> roster) throws DialogRefusedException {
        if (number != own.number()) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES, "The VM is that of party " + number + ", this service that of " + own + ".");
        }
        var configured = parties.isEmpty() ? roster : parties;
        var computing = IntStream.range(0, count).mapToObj(MemberName::party).toList();
        if (!configured.equals(computing)) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The computation has the parties " + computing + ", but this service is configured for "
                            + configured + " ("
                            + settingOf("parties", !properties.parties().isEmpty()) + ", or else the roster).");
        }
    }

    /// What a VM shows of itself must be what the configured protocol would show. Not every protocol can be told from
    /// every other so: those that need an honest majority need a canary run that was passed, too.
    ///
    /// @throws DialogRefusedException when the VM runs another protocol, or could
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
                .mapToObj(known ->
                        protocol.text() + " writes shares of " + known + " elements, this VM of " + elements + ".")
                .findFirst();
    }
}
