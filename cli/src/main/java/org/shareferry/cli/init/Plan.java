// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// What to make: the members of a demo deployment and their common settings.
///
/// @param folder where to; does not exist yet, or is empty
/// @param parties how many, 2 … 256
/// @param clients at least one
/// @param protocol the MPC protocol's name as the parties will state it
/// @param basePort the first port; without it free ones are taken
public record Plan(Path folder, int parties, List<MemberName> clients, String protocol, Optional<Integer> basePort) {
    /// The relay's name.
    public static final MemberName RELAY = new MemberName(Role.RELAY, 0);

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

    /// Who talks to whom: parties and clients to the relay alone, the relay to all. No party and no client
    /// trusts another.
    ///
    /// @return whose certificates this member trusts besides its own
    List<MemberName> neighbours(MemberName member) {
        return switch (member.role()) {
            case PARTY, CLIENT -> List.of(RELAY);
            case RELAY ->
                members().stream().filter(other -> !other.equals(RELAY)).toList();
        };
    }
}
