// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry trust`.
@Command(
        name = "trust",
        description = {
            "Put together a member's trust.pem: the certificates of the neighbours it talks to, and of its own users.",
            "A running service reads the changed file by itself."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class TrustCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The file to make or to replace.")
    private Path out;

    @Parameters(arity = "1..*", paramLabel = "CERTIFICATE", description = "PEM files; all certificates in them.")
    private List<Path> files;

    /// @param clock tells which certificates have ended
    public TrustCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        var trusted = new LinkedHashSet<X509Certificate>();
        for (var file : files) {
            for (var certificate : CertificateFiles.read(file)) {
                if (!hasEnded(certificate)) {
                    trusted.add(certificate);
                } else if (file.toAbsolutePath()
                        .normalize()
                        .equals(out.toAbsolutePath().normalize())) {
                    print("left out: " + certificate.getSubjectX500Principal().getName() + " has ended at "
                            + certificate.getNotAfter().toInstant());
                } else {
                    throw new CommandException(
                            file + " has ended at " + certificate.getNotAfter().toInstant() + "; ask for a new one.");
                }
            }
        }
        var pem = new StringBuilder();
        for (var certificate : trusted) {
            pem.append(entry(certificate));
            print(certificate.getSubjectX500Principal().getName() + "  valid until "
                    + certificate.getNotAfter().toInstant() + "  SHA-256 " + Fingerprint.of(certificate));
        }
        NewFiles.replacePublic(out, pem.toString());
        return 0;
    }

    private boolean hasEnded(X509Certificate certificate) {
        return certificate.getNotAfter().before(Date.from(clock.instant()));
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    /// @return the certificate with a line that tells people whose it is
    static String entry(X509Certificate certificate) {
        return "# " + certificate.getSubjectX500Principal().getName().replaceAll("\\R", " ") + "\n"
                + CertificateFiles.pem(certificate);
    }

    /// Puts together a trust.pem that must not exist yet.
    ///
    /// @param files certificates in PEM
    public static void write(Path out, List<Path> files) throws CommandException {
        var pem = new StringBuilder();
        for (var file : files) {
            for (var certificate : CertificateFiles.read(file)) {
                pem.append(entry(certificate));
            }
        }
        NewFiles.writePublic(out, pem.toString());
    }
}
