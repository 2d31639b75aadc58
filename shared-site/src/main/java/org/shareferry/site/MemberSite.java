// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.Trust;
import org.shareferry.site.trust.TrustFileException;
import org.shareferry.site.trust.TrustFiles;

/// The files and connections of one member, as the doctor checks them. All paths are relative to the working
/// directory.
/// @param member the member
/// @param tls certificate, key and trust
/// @param local the names of its users and monitors
/// @param roster the roster's file
/// @param identityKey the file of its private identity key
/// @param parties of the computation; empty for all parties of the roster
/// @param partySets the parties of each further set of a client
/// @param relay the relay to which a party, or a client in pull mode, connects
/// @param isDialled whether the relay connects to a client; irrelevant for others
/// @param clockTolerance the maximum difference of neighbours' clocks
/// @param database of the service, with a resolved path
/// @param openingKeys the folder of a client's private opening keys
/// @param vms the configured VMs of a party
/// @param protocols the configured protocols of a party
/// @param canary a party's folder with records of passed canary runs
/// @param webhook of a client, if it has one
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
        Optional<Path> canary,
        Optional<Webhook> webhook) {
    public MemberSite {
        local = List.copyOf(local);
        parties = List.copyOf(parties);
        partySets = List.copyOf(partySets);
        vms = List.copyOf(vms);
        protocols = List.copyOf(protocols);
    }

    /// A client's webhook.
    ///
    /// @param url of the receiver, as it is set
    /// @param secretFile the file with the secret, if it is set
    /// @param trust PEM, certificates that the receiver's is checked against; empty for those of the Java platform
    public record Webhook(String url, Optional<Path> secretFile, Optional<Path> trust) {}

    /// Files for TLS.
    ///
    /// @param certificate PEM, followed by the authorities, if there are any
    /// @param key PEM, its private key
    /// @param trust PEM, pinned certificates
    /// @param authorities JSON, authorities and the members that they may issue for; may be missing
    public record TlsFiles(Path certificate, Path key, Path trust, Path authorities) {}

    /// @return the trust of this member
    /// @throws TrustFileException when a file cannot be used
    public Trust trust() throws TrustFileException {
        return new TrustFiles(tls.trust(), tls.authorities()).read(member, local);
    }

    /// A party's VM.
    ///
    /// @param setting the prefix of its settings
    /// @param host on which it runs
    /// @param port the TCP port itself
    /// @param certificates MP-SPDZ's folder; empty without TLS
    /// @param client the fixed client number, if there is one; the service then presents the certificate of that
    ///     number
    /// @param party the party's number
    public record Vm(
            String setting, String host, int port, Optional<Path> certificates, Optional<Integer> client, int party) {}

    /// The members with connections to or from this member.
    public List<MemberName> neighbours(Roster all) {
        return switch (member.role()) {
            case PARTY, CLIENT -> List.of(relay);
            case RELAY ->
                all.members().stream()
                        .map(line -> line.name())
                        .filter(name -> name.role() != Role.RELAY)
                        .toList();
        };
    }

    /// The members to which this member connects.
    public List<MemberName> dialled(Roster all) {
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
