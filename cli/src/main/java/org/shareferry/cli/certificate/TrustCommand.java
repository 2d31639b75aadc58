// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.Members;
import org.shareferry.member.MemberName;
import org.shareferry.site.trust.AuthoritiesFile;
import org.shareferry.site.trust.Authority;
import org.shareferry.site.trust.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry trust`.
@Command(
        name = "trust",
        description = {
            "Write a member's trust files: trust.pem pins the certificates of its neighbours, of its own service,"
                    + " and of its users and monitors. authorities.json in the same folder names authorities, each with the"
                    + " members that it may issue certificates for.",
            "A running service reads the changed files automatically."
        },
        subcommands = TrustListCommand.class,
        footer = {
            "",
            "Examples:",
            "  shareferry trust --out trust.pem P1=tls.crt P1-user=user.crt R0.crt",
            "  shareferry trust --out trust.pem --authority P0,P1=ca.crt R0.crt",
            "  shareferry trust list trust.pem"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class TrustCommand implements Callable<Integer> {
    /// The file of a member's authorities, in the folder of its trust.pem.
    public static final String AUTHORITIES = "authorities.json";

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "FILE", description = "The trust.pem to create or replace.")
    private Path out = Path.of("");

    @Option(
            names = "--authority",
            paramLabel = "MEMBERS=FILE",
            description = "Trust the authority in FILE (one PEM certificate, CA:TRUE) for these members, such as"
                    + " P0=ca.crt or P0,P1=ca.crt. Named for the member whose trust this is, it may issue its users'"
                    + " and monitors' certificates too. May be repeated; authorities.json next to --out then has"
                    + " exactly these.")
    private List<String> authorities = List.of();

    @Parameters(
            arity = "0..*",
            paramLabel = "[NAME=]FILE",
            description = "PEM files of certificates to pin. All certificates in a file must be of NAME, or of the name"
                    + " of the certificate: R0.crt is R0's, and own files are given as P1=tls.crt P1-user=user.crt."
                    + " The file of --out itself may be among them: its pins are kept.")
    private List<String> files = List.of();

    /// @param clock to find expired certificates
    public TrustCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        // Not declared as required, because the subcommand does without.
        if (out.toString().isEmpty()) {
            throw new CommandException("--out is missing: name the trust.pem to create or replace.");
        }
        if (files.isEmpty() && authorities.isEmpty()) {
            throw new CommandException("Nobody is named to be trusted; name a file such as R0.crt.");
        }
        var pins = new LinkedHashSet<X509Certificate>();
        for (var file : files) {
            pins.addAll(pins(file));
        }
        var named = new ArrayList<Authority>();
        for (var authority : authorities) {
            named.add(authority(authority));
        }
        if (!files.isEmpty()) {
            NewFiles.replacePublic(out, Pins.pem(pins));
        }
        if (!named.isEmpty()) {
            NewFiles.replacePublic(out.resolveSibling(AUTHORITIES), AuthoritiesFile.toJson(named));
        }
        pins.forEach(pin -> print(line(pin)));
        named.forEach(authority ->
                print(line(authority.certificate()) + "  may issue certificates of " + authority.memberNames()));
        return 0;
    }

    private List<X509Certificate> pins(String argument) throws CommandException {
        var pinned = PinnedFile.of(argument);
        if (!isOut(pinned.file())) {
            var pins = pinned.read();
            for (var pin : pins) {
                requireNotEnded(pinned.file(), pin);
            }
            return pins;
        }
        var kept = new ArrayList<X509Certificate>();
        for (var pin : PinnedFile.readAny(pinned.file())) {
            if (hasEnded(pin)) {
                print("left out: " + Subject.text(pin) + " expired at "
                        + pin.getNotAfter().toInstant());
            } else {
                kept.add(pin);
            }
        }
        return kept;
    }

    private boolean isOut(Path file) {
        return file.toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize());
    }

    private Authority authority(String argument) throws CommandException {
        int at = argument.indexOf('=');
        if (at < 1) {
            throw new CommandException("--authority " + argument
                    + " names no members: name the members and the file, such as P0,P1=ca.crt.");
        }
        Set<MemberName> members = new TreeSet<>();
        for (var name : argument.substring(0, at).split(",", -1)) {
            members.add(Members.name(name));
        }
        var file = Path.of(argument.substring(at + 1));
        var certificates = CertificateFiles.read(file);
        if (certificates.size() != 1) {
            throw new CommandException(file + " contains " + certificates.size()
                    + " certificates; name a file with that of one authority, and --authority again for others.");
        }
        requireNotEnded(file, certificates.getFirst());
        return named(file, certificates.getFirst(), members);
    }

    private static Authority named(Path file, X509Certificate certificate, Set<MemberName> members)
            throws CommandException {
        CertificateFiles.requireStrong(file, certificate);
        try {
            return new Authority(certificate, members);
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage(), e);
        }
    }

    private void requireNotEnded(Path file, X509Certificate certificate) throws CommandException {
        if (hasEnded(certificate)) {
            throw new CommandException(
                    file + " expired at " + certificate.getNotAfter().toInstant() + "; ask for a new one.");
        }
    }

    private boolean hasEnded(X509Certificate certificate) {
        return certificate.getNotAfter().before(Date.from(clock.instant()));
    }

    private static String line(X509Certificate certificate) {
        return Subject.text(certificate) + "  valid until "
                + certificate.getNotAfter().toInstant() + "  SHA-256 " + Fingerprint.of(certificate);
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    /// Puts together a trust.pem that must not exist yet.
    ///
    /// @param pins files of certificates, as this command takes them: `P0=tls.crt`
    public static void write(Path out, List<String> pins) throws CommandException {
        var trusted = new ArrayList<X509Certificate>();
        for (var pin : pins) {
            trusted.addAll(PinnedFile.of(pin).read());
        }
        NewFiles.writePublic(out, Pins.pem(trusted));
    }

    /// Writes an authorities.json that must not exist yet, with one authority.
    ///
    /// @param authority the file of its certificate
    /// @param members that it may issue
    public static void writeAuthority(Path out, Path authority, Set<MemberName> members) throws CommandException {
        var certificate = CertificateFiles.read(authority).getFirst();
        NewFiles.writePublic(out, AuthoritiesFile.toJson(List.of(named(authority, certificate, members))));
    }
}
