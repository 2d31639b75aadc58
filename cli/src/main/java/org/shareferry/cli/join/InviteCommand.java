// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.SignedKeyAnnouncement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry invite`.
@Command(
        name = "invite",
        description = {
            "Write this member's public data to one file, NAME.invite: its name, address, identity key and"
                    + " certificate, signed with the identity key.",
            "The file contains no secret. Send it to all other members; each member passes all files to"
                    + " shareferry join."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry invite",
            "  shareferry invite --dir member --certificate member/tls.crt --certificate new/tls.crt",
            "  shareferry invite --dir member --opening-keys keys.json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class InviteCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            defaultValue = ".",
            paramLabel = "DIR",
            description =
                    "The member's folder, with identity.pem, NAME.member.json and tls.crt; by default this folder.")
    private Path folder;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "A certificate that the service shows, or soon will; named twice while it changes. Without"
                    + " this option tls.crt.")
    private List<Path> files = List.of();

    @Option(
            names = "--opening-keys",
            paramLabel = "FILE",
            description = "For a client: the response of GET /v1/keys at its service. Optional, because the relay"
                    + " sends opening keys to the parties anyway; with this option they are part of the digest.")
    private Optional<Path> openingKeys = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "Where to; by default NAME.invite in the folder.")
    private Optional<Path> out = Optional.empty();

    /// @param clock by which certificates are judged
    public InviteCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, MalformedException, KeyFileException {
        var own = OwnMember.in(folder);
        var line = own.line();
        Optional<SignedKeyAnnouncement> keys =
                openingKeys.isPresent() ? Optional.of(InviteFile.readKeys(openingKeys.get())) : Optional.empty();
        Invite invite;
        try (var identity = own.identity()) {
            invite = Invite.sign(line, certificates(own), keys, clock.instant(), identity);
        }
        var fault = InviteChecks.fault(invite, clock.instant());
        if (fault.isPresent()) {
            throw new CommandException("No member could join with this invite: " + fault.get() + ".");
        }
        var file = out.orElse(folder.resolve(InviteFile.name(own.name())));
        if (Files.exists(file)) {
            // Any other file is kept: it could be the identity key.
            InviteFile.read(file);
        }
        NewFiles.replacePublic(file, InviteFile.toJson(invite));
        spec.commandLine()
                .getOut()
                .println("Wrote " + file + " for " + own.name() + ", key id "
                        + invite.identityKey().id() + ". Send it to the other members. When you have theirs: shareferry"
                        + " join --dir " + folder + " FILE...");
        return 0;
    }

    private List<X509Certificate> certificates(OwnMember own) throws CommandException {
        var certificates = new LinkedHashSet<X509Certificate>();
        for (var file : files) {
            certificates.add(CertificateFiles.read(file).getFirst());
        }
        if (certificates.isEmpty()) {
            certificates.add(own.certificate());
        }
        if (certificates.size() > Invite.MOST_CERTIFICATES || !certificates.contains(own.certificate())) {
            throw new CommandException(
                    "--certificate names the present " + folder.resolve("tls.crt") + " and at most one other.");
        }
        return List.copyOf(certificates);
    }
}
