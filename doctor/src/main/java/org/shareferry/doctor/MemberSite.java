// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.trust.Trust;
import org.shareferry.trust.TrustFileException;
import org.shareferry.trust.TrustFiles;

/// What the doctor looks at: one member's files and whom it talks to. All paths lead from the working
/// directory.
///
/// @param member whose site it is
/// @param tls certificate, key and trust
/// @param local the names of its users and monitors
/// @param roster the roster's file
/// @param identityKey the file of its private identity key
/// @param parties who compute; empty for all parties of the roster
/// @param partySets the parties of each further set of a client
/// @param relay whom a party or a client that dials talks to
/// @param isDialled whether a client waits for the relay instead of dialling it; of no meaning to others
/// @param clockTolerance by how much neighbours' clocks may differ
/// @param database as the service is told, such as `jdbc:sqlite:party.db`, the file's path resolved
/// @param openingKeys the folder of a client's private opening keys
/// @param vms where the party's VMs are, if the service fetches shares from some
/// @param protocols under whose names a party delivers
/// @param canary the folder of canary runs that were passed
public record MemberSite(
        MemberName member,
        TlsFiles tls,
        List<String> local,
        Path roster,
        Path identityKey,
        List<MemberName> parties,
        List<List<MemberName>> partySets,
        MemberName relay,
        boolean isDialled,
        Duration clockTolerance,
        Database database,
        Optional<Path> openingKeys,
        List<Vm> vms,
        List<String> protocols,
        Path canary) {
    public MemberSite {
        local = List.copyOf(local);
        parties = List.copyOf(parties);
        partySets = List.copyOf(partySets);
        vms = List.copyOf(vms);
        protocols = List.copyOf(protocols);
    }

    /// Files of TLS.
    ///
    /// @param certificate PEM, with the authorities behind it, if there are any
    /// @param key PEM, its private half
    /// @param trust PEM, whose certificates are pinned
    /// @param authorities JSON, which authorities are trusted for whom; may be missing
    public record TlsFiles(Path certificate, Path key, Path trust, Path authorities) {}

    /// @return whom this member trusts
    /// @throws TrustFileException when a file cannot be used
    Trust trust() throws TrustFileException {
        return new TrustFiles(tls.trust(), tls.authorities()).read(member, local);
    }

    /// A party's VM.
    ///
    /// @param setting the name that its settings begin with
    /// @param host where it runs
    /// @param port the TCP port itself
    /// @param certificates MP-SPDZ's folder; none if there is no TLS
    /// @param client the number that the service has as a client of the VM, if it is fixed; it then shows the
    ///     certificate of that number
    /// @param party the party's number
    public record Vm(
            String setting, String host, int port, Optional<Path> certificates, Optional<Integer> client, int party) {}

    /// Who connects with this member, in either direction.
    List<MemberName> neighbours(Roster all) {
        return switch (member.role()) {
            case PARTY, CLIENT -> List.of(relay);
            case RELAY ->
                all.members().stream()
                        .map(line -> line.name())
                        .filter(name -> name.role() != Role.RELAY)
                        .toList();
        };
    }

    /// To whom this member opens connections.
    List<MemberName> dialled(Roster all) {
        return switch (member.role()) {
            case PARTY -> List.of(relay);
            case CLIENT -> isDialled ? List.of() : List.of(relay);
            case RELAY ->
                all.ofRole(Role.CLIENT).stream()
                        .filter(line -> line.address().isPresent())
                        .map(line -> line.name())
                        .toList();
        };
    }
}
