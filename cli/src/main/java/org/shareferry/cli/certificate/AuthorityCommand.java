// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry authority`.
@Command(
        name = "authority",
        description =
                "Make a certificate authority (ca.crt, ca.key), which can issue a member's certificates in place of"
                        + " pinned ones. Each member names the members that it may issue there: shareferry trust"
                        + " --authority P1=ca.crt.",
        footer = {"", "Example:", "  shareferry authority --out authority"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class AuthorityCommand implements Callable<Integer> {
    /// Where an authority's certificate is found.
    public static final String CERTIFICATE = "ca.crt";

    /// Where its key is found.
    public static final String KEY = "ca.key";

    private static final Duration LIFETIME = Duration.ofDays(3_650);

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the files go.")
    private Path out;

    @Option(
            names = "--name",
            defaultValue = "Shareferry authority",
            paramLabel = "TEXT",
            description = "What to call it (${DEFAULT-VALUE}).")
    private String name;

    /// @param clock for the start of the certificate's validity
    public AuthorityCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        NewFiles.folder(out);
        NewFiles.requireAbsent(List.of(out.resolve(CERTIFICATE), out.resolve(KEY)));
        var made = new Issuer(clock, LIFETIME, Optional.empty()).authority(name);
        CertificateFiles.writeKey(out.resolve(KEY), made.key());
        NewFiles.writePublic(out.resolve(CERTIFICATE), CertificateFiles.pem(made.certificate()));
        spec.commandLine()
                .getOut()
                .println("Made " + out.resolve(CERTIFICATE) + "; keep " + out.resolve(KEY)
                        + " where no other user can read it.");
        return 0;
    }

    /// @return the authority in a folder
    static TlsIdentity read(Path folder) throws CommandException, KeyFileException {
        var read = CertificateFiles.readPair(folder.resolve(CERTIFICATE), folder.resolve(KEY));
        if (read.certificate().getBasicConstraints() < 0) {
            throw new CommandException(folder.resolve(CERTIFICATE)
                    + " is not the certificate of an authority; create one with `shareferry authority`.");
        }
        return new TlsIdentity(read.certificate(), read.key());
    }
}
