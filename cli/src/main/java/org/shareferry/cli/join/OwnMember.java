// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.member.KeygenCommand;
import org.shareferry.cli.member.MemberLine;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.roster.RosterFiles;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.site.trust.Subject;

/// The member of a folder that `shareferry keygen` and `shareferry certificates` created.
///
/// @param folder with identity.pem and tls.crt
/// @param name of the member
/// @param certificate what its service shows
record OwnMember(Path folder, MemberName name, X509Certificate certificate) {
    static final String ROSTER = "roster.json";

    static OwnMember in(Path folder) throws CommandException {
        var file = folder.resolve(MemberCertificates.SERVICE);
        if (!Files.exists(file)) {
            throw new CommandException(file + " does not exist; name the member's folder with --dir, and make its keys"
                    + " with shareferry keygen and shareferry certificates first.");
        }
        var certificate = CertificateFiles.read(file).getFirst();
        return new OwnMember(
                folder, Members.name(Subject.commonName(certificate).orElse("")), certificate);
    }

    IdentityKey identity() throws KeyFileException {
        return KeyFiles.readIdentityKey(folder.resolve(KeygenCommand.IDENTITY));
    }

    /// @return the member's line with its present identity key alone
    Member line() throws CommandException, MalformedException, KeyFileException {
        var line = written();
        try (var identity = identity()) {
            if (line.identityKey(identity.publicKey().id()).isEmpty()) {
                throw new CommandException("The line of " + name + " in " + folder + " is of another identity key than "
                        + KeygenCommand.IDENTITY + " there; both come from one shareferry keygen.");
            }
            return new Member(name, line.address(), List.of(identity.publicKey()));
        }
    }

    private Member written() throws CommandException, MalformedException {
        var own = folder.resolve(name + ".member.json");
        if (Files.exists(own)) {
            return MemberLine.read(own);
        }
        var roster = folder.resolve(ROSTER);
        Optional<Member> line = Files.exists(roster) ? RosterFiles.read(roster).find(name) : Optional.empty();
        return line.orElseThrow(() -> new CommandException(own + " does not exist, and no roster.json beside it has "
                + name + "; make it with shareferry keygen."));
    }

    /// @return whether the invite is of the keys in this folder
    boolean isOwn(Invite invite) throws KeyFileException {
        try (var identity = identity()) {
            return invite.name().equals(name)
                    && invite.identityKey().equals(identity.publicKey())
                    && invite.certificates().contains(certificate);
        }
    }
}
