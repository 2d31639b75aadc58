// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.doctor.CertificateNames;
import org.shareferry.keys.KeyFileException;
import org.shareferry.pem.CertifiedKey;
import org.shareferry.pem.CertifiedKey.Usable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry vm-certificates`.
@Command(
        name = "vm-certificates",
        description = {
            "Create or renew the certificate by which MP-SPDZ's VMs recognise one party (P0.pem and P0.key in Player-Data), install"
                    + " those of other parties, and create the links by which OpenSSL finds them.",
            "As Scripts/setup-ssl.sh does, but for this party alone: every party keeps its own key. A certificate that"
                    + " is valid for more than a week is kept, so this can be run every day."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry vm-certificates --mpspdz ~/MP-SPDZ/Player-Data --party 0",
            "  shareferry vm-certificates --mpspdz ~/MP-SPDZ/Player-Data --party 0 P1.pem P2.pem"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class VmCertificatesCommand implements Callable<Integer> {
    private static final Duration ENDS_SOON = Duration.ofDays(7);
    private static final int LAST_PARTY = 255;
    private static final int MOST_DAYS = 3_650;
    private static final Pattern OF_PARTY = Pattern.compile("P(0|[1-9][0-9]{0,2})\\.pem");

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

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Other parties' certificates, as P1.pem, to put into the folder.")
    private List<Path> others = List.of();

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
        var taken = taken();
        var now = clock.instant();
        var own = folder.read(party);
        // A crash between two writes leaves a key and a certificate that do not match.
        boolean isUsable = CertifiedKey.read(folder.certificate(party), folder.key(party)) instanceof Usable;
        boolean isMade = renew || endsSoon(own, now) || !isUsable;
        if (isMade) {
            folder.put(party, VmCertificate.make("P" + party, now, Duration.ofDays(days)));
        }
        NewFiles.replacePublic(taken);
        int links = folder.relink();
        tell(folder, isMade, links);
        return 0;
    }

    private static boolean endsSoon(List<X509Certificate> own, Instant now) {
        return own.isEmpty() || own.getFirst().getNotAfter().toInstant().isBefore(now.plus(ENDS_SOON));
    }

    /// A file that somebody sends is written under the name that its certificate has, and never over this party's
    /// own.
    private LinkedHashMap<Path, String> taken() throws CommandException {
        var taken = new LinkedHashMap<Path, String>();
        for (var file : others) {
            var matcher = OF_PARTY.matcher(String.valueOf(file.getFileName()));
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == party) {
                throw new CommandException(file + " is not called like the certificate of another party, as P1.pem.");
            }
            var name = "P" + matcher.group(1);
            var certificate = CertificateFiles.read(file).getFirst();
            if (!CertificateNames.isOnlyForMpSpdz(certificate, name)) {
                throw new CommandException(file + " contains a certificate that is not for " + name
                        + " alone: MP-SPDZ's VMs would refuse it, or accept its owner as another party.");
            }
            CertificateFiles.requireStrong(file, certificate);
            if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
                throw new CommandException(file + " expired at "
                        + certificate.getNotAfter().toInstant() + "; ask " + name + " for a new one.");
            }
            var target = mpspdz.resolve(name + ".pem");
            spec.commandLine()
                    .getOut()
                    .println((Files.exists(target) ? "Replaces " : "Takes ") + target + ". SHA-256, to compare with "
                            + name + " by telephone: " + Fingerprint.of(certificate));
            taken.put(target, CertificateFiles.pem(certificate));
        }
        return taken;
    }

    private void tell(PlayerFolder folder, boolean isMade, int links) throws CommandException {
        var out = spec.commandLine().getOut();
        var own = folder.read(party).getFirst();
        out.println((isMade ? "Made " : "Left ") + folder.certificate(party) + (isMade ? "" : " as it is")
                + ": valid until " + own.getNotAfter().toInstant() + ".");
        out.println("SHA-256, for the other parties to compare: " + Fingerprint.of(own));
        out.println(links + " links lead OpenSSL to the certificates in " + mpspdz + ".");
        if (isMade) {
            out.println("Send P" + party + ".pem, and never P" + party
                    + ".key, to every other party. Each puts it into its own Player-Data:");
            out.println("  shareferry vm-certificates --mpspdz Player-Data --party N P" + party + ".pem");
            out.println("Until then VMs of the others refuse this one. Programs that run are not disturbed.");
        }
    }
}
