// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// The plan of a demo deployment: its members and their common settings.
///
/// @param folder where to; does not exist yet, or is empty
/// @param parties how many, 2 … 256
/// @param clients at least one
/// @param protocol the MPC protocol's name as the parties will state it
/// @param basePort the first port; without it free ones are taken
/// @param vms where the parties' VMs are; without it programs hand over by REST
/// @param trust whom the clients trust
public record Plan(
        Path folder,
        int parties,
        List<MemberName> clients,
        String protocol,
        Optional<Integer> basePort,
        Optional<Vms> vms,
        Trust trust) {
    /// The relay's name.
    public static final MemberName RELAY = new MemberName(Role.RELAY, 0);

    /// The parties' VMs, all on this machine.
    ///
    /// @param basePort the port for `connect`: P0's VM listens there, P1's on the next port, …
    /// @param certificates MP-SPDZ's folder: `P<i>.pem` for each party
    public record Vms(int basePort, Path certificates) {}

    /// Whom clients trust.
    ///
    /// @param honestMajority protocols for which they trust that most parties are honest
    /// @param minThreshold how many corrupt parties a protocol must bear for VERIFIED
    public record Trust(Set<String> honestMajority, int minThreshold) {
        /// As clients are configured without settings of their own.
        public static final Trust DEFAULT = new Trust(Set.of(), 1);

        public Trust {
            honestMajority = Set.copyOf(honestMajority);
        }
    }

    /// Of clients with default settings.
    public Plan(
            Path folder,
            int parties,
            List<MemberName> clients,
            String protocol,
            Optional<Integer> basePort,
            Optional<Vms> vms) {
        this(folder, parties, clients, protocol, basePort, vms, Trust.DEFAULT);
    }

    public Plan {
        clients = List.copyOf(clients);
    }

    /// @return parties, the relay, clients
    List<MemberName> members() {
        var members = new ArrayList<>(
                IntStream.range(0, parties).mapToObj(MemberName::party).toList());
        members.add(RELAY);
        members.addAll(clients);
        return members;
    }

    /// @return the ports on which the parties' VMs will listen
    Set<Integer> vmPorts() {
        return IntStream.range(0, parties)
                .boxed()
                .flatMap(party -> vms.stream().map(all -> all.basePort() + party))
                .collect(Collectors.toSet());
    }

    /// Who talks to whom: parties and clients to the relay alone, the relay to all. No party and no client
    /// trusts another.
    ///
    /// @return the neighbours whose certificates this member trusts
    List<MemberName> neighbours(MemberName member) {
        return switch (member.role()) {
            case PARTY, CLIENT -> List.of(RELAY);
            case RELAY ->
                members().stream().filter(other -> !other.equals(RELAY)).toList();
        };
    }
}
