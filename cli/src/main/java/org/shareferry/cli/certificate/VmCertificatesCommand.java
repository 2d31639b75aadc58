// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.mpspdz.MpSpdzFolder;
import org.shareferry.keys.KeyFileException;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.pem.CertifiedKey.Usable;
import org.shareferry.x509.CertificateContent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry vm-certificates`.
@Command(
        name = "vm-certificates",
        description = {
            "Create or renew the certificate by which MP-SPDZ's VMs recognise one party (P0.pem and P0.key in Player-Data), install"
                    + " those of other parties, and create the links by which OpenSSL finds them. Only P<i>.pem and C<i>.pem are linked.",
            "As Scripts/setup-ssl.sh does, but for this party alone: every party keeps its own key. A certificate that"
                    + " is valid for more than a week is kept, so this can be run every day.",
            "Certificates of other parties are refused unless they have one name and basicConstraints CA:FALSE. Those of"
                    + " Scripts/setup-ssl.sh have CA:TRUE, so that their owner can pose as any party. Then the folder is"
                    + " checked as by shareferry doctor --mpspdz, with a warning for each problem.",
            "A certificate does not replace another one of the same party without --fingerprint or --replace."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry vm-certificates --mpspdz ~/MP-SPDZ/Player-Data --party 0",
            "  shareferry vm-certificates --mpspdz ~/MP-SPDZ/Player-Data --party 0 P1.pem P2.pem",
            "  shareferry vm-certificates --mpspdz ~/MP-SPDZ/Player-Data --party 0 --fingerprint SHA256 P1.pem"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class VmCertificatesCommand implements Callable<Integer> {
    private static final Duration ENDS_SOON = Duration.ofDays(7);
    private static final int LAST_PARTY = 255;
    private static final int MOST_DAYS = 3_650;

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--mpspdz", required = true, paramLabel = "FOLDER", description = "MP-SPDZ's folder Player-Data.")
    private Path mpspdz;

    @Option(
            names = "--party",
            required = true,
            paramLabel = "N",
            description = "The number of the party whose VM runs here.")
    private int party;

    @Option(
            names = "--days",
            defaultValue = "30",
            paramLabel = "N",
            description = "How long a new certificate is valid (${DEFAULT-VALUE}, as MP-SPDZ's script has it).")
    private int days;

    @Option(names = "--renew", description = "Make a new certificate in any case.")
    private boolean renew;

    @Mixin
    private ReceivedCertificates others;

    /// @param clock to find certificates that expire soon
    public VmCertificatesCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        if (party < 0 || party > LAST_PARTY || days < 1 || days > MOST_DAYS) {
            throw new CommandException("--party is 0 to " + LAST_PARTY + ", and --days is 1 to " + MOST_DAYS + ".");
        }
        var folder = PlayerFolder.of(mpspdz);
        var now = clock.instant();
        var received = others.read(folder, party, now);
        var own = folder.read(party);
        // A crash between two writes leaves a key and a certificate that do not match.
        boolean isUsable = CertifiedKey.read(folder.certificate(party), folder.key(party)) instanceof Usable;
        boolean isMade = renew || endsSoon(own, now) || !isUsable;
        if (isMade) {
            folder.put(party, VmCertificate.make("P" + party, now, Duration.ofDays(days)));
        }
        others.install(received).forEach(spec.commandLine().getOut()::println);
        var links = folder.relink();
        print(folder, isMade, links.count());
        var err = spec.commandLine().getErr();
        links.warnings().forEach(err::println);
        MpSpdzFolder.examine(mpspdz, clock).stream()
                .filter(finding -> finding.severity() != Severity.OK)
                .map(finding -> "Warning: " + mpspdz + ": " + finding.sentence())
                .map(line -> line.replace("OWN-NUMBER", Integer.toString(party)))
                .map(LauncherName.byLauncher()::in)
                .forEach(err::println);
        return 0;
    }

    private static boolean endsSoon(List<X509Certificate> own, Instant now) {
        return own.isEmpty() || own.getFirst().getNotAfter().toInstant().isBefore(now.plus(ENDS_SOON));
    }

    private VmCertificateCheck check(X509Certificate certificate, String name) {
        return VmCertificateCheck.check(CertificateContent.of(certificate), name, clock.instant());
    }

    private void print(PlayerFolder folder, boolean isMade, int links) throws CommandException {
        var out = spec.commandLine().getOut();
        var own = folder.read(party).getFirst();
        out.println((isMade ? "Made " : "Left ") + folder.certificate(party) + (isMade ? "" : " as it is")
                + ": valid until " + own.getNotAfter().toInstant() + ".");
        out.println("SHA-256, for the other parties to compare: " + Fingerprint.of(own));
        if (check(own, "P" + party) instanceof VmCertificateCheck.MaySignOthers) {
            out.println(
                    "It may sign certificates of other parties, as those of MP-SPDZ's Scripts/setup-ssl.sh may: whoever"
                            + " installs it trusts you with every party's name. Make another one with --renew, and send it to the"
                            + " other parties.");
        }
        out.println(links + " links lead OpenSSL to the certificates in " + mpspdz + ".");
        if (isMade) {
            out.println("Send P" + party + ".pem, and never P" + party
                    + ".key, to every other party. Read the SHA-256 to each by telephone; each installs it:");
            out.println("  shareferry vm-certificates --mpspdz Player-Data --party N --fingerprint SHA256 P" + party
                    + ".pem");
            out.println("Until then VMs of the others refuse this one. Programs that run are not disturbed.");
        }
    }
}
