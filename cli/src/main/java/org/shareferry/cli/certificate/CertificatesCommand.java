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
import org.shareferry.cli.member.Members;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.ServiceAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry certificates`.
@Command(
        name = "certificates",
        description = {
            "Make a member's TLS certificates: tls.crt and tls.key for its service, user.crt, user.key and user.p12"
                    + " (for browsers) for its people and programs.",
            "Self-signed unless --ca or --csr is given. Give tls.crt to the neighbours, as NAME.crt; they pin it in"
                    + " their trust.pem (shareferry trust)."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry certificates --member R0 --out member --host relay.p0.example --host localhost",
            "  shareferry certificates --member P1 --out member --host localhost --monitor"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class CertificatesCommand implements Callable<Integer> {
    private static final int LONGEST_DAYS = 3_650;

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(names = "--member", required = true, paramLabel = "NAME", description = "P, R or C and a number.")
    private String member;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the files go.")
    private Path out;

    @Option(
            names = "--host",
            required = true,
            arity = "1..*",
            paramLabel = "NAME",
            description = "Host names and IP addresses under which neighbours reach the service.")
    private List<String> hosts;

    @Option(
            names = "--days",
            defaultValue = "365",
            paramLabel = "N",
            description = "How long they are valid (${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--ca",
            paramLabel = "DIR",
            description = "Let the authority in DIR (shareferry authority) issue them.")
    private Optional<Path> authority = Optional.empty();

    @Option(names = "--csr", description = "Make keys and requests (tls.csr, user.csr) for an authority of yours.")
    private boolean requests;

    @Option(
            names = "--monitor",
            description = "Make monitor.crt and monitor.key as well, for a program that reads the service's metrics:"
                    + " list its name under shareferry.monitors and pin it in the service's own trust.pem.")
    private boolean monitor;

    @Option(
            names = "--p12-password",
            defaultValue = MemberCertificates.DEFAULT_PASSWORD,
            paramLabel = "TEXT",
            description = "Password of user.p12, which browsers ask for (${DEFAULT-VALUE}).")
    private String password;

    @Option(
            names = "--p12-older",
            description = "Encrypt user.p12 with the older algorithms (triple DES, SHA-1): the"
                    + " keychain of macOS reads no others.")
    private boolean isOlder;

    /// @param clock for the start of the certificates' validity
    public CertificatesCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var certificates = new MemberCertificates(
                Members.name(member), checkedHosts(), password, isOlder ? Pkcs12Form.OLDER : Pkcs12Form.CURRENT);
        if (requests && authority.isPresent()) {
            throw new CommandException("--csr and --ca exclude each other: leave one of them out.");
        }
        if (requests && monitor) {
            throw new CommandException("--csr cannot request a monitor's certificate: leave --monitor out.");
        }
        if (requests) {
            certificates.writeRequests(out);
            print("Made " + out.resolve("tls.csr") + " and " + out.resolve("user.csr")
                    + ": have them issued with their names, and store them as tls.crt and user.crt next to the keys.");
            return 0;
        }
        var issuer = issuer();
        certificates.write(out, issuer);
        if (monitor) {
            certificates.writeMonitor(out, issuer);
        }
        print("Made " + out.resolve(MemberCertificates.SERVICE) + " for " + member + " and "
                + out.resolve(MemberCertificates.USER) + " for " + MemberCertificates.userName(certificates.member())
                + ", valid for " + days + " days.");
        print("SHA-256 of " + MemberCertificates.SERVICE + ", for neighbours to compare: "
                + Fingerprint.of(CertificateFiles.read(out.resolve(MemberCertificates.SERVICE))
                        .getFirst()));
        return 0;
    }

    private Issuer issuer() throws CommandException, KeyFileException {
        if (days < 1 || days > LONGEST_DAYS) {
            throw new CommandException("--days is 1 to " + LONGEST_DAYS + ", not " + days + ".");
        }
        Optional<TlsIdentity> signer =
                authority.isPresent() ? Optional.of(AuthorityCommand.read(authority.get())) : Optional.empty();
        return new Issuer(clock, Duration.ofDays(days), signer);
    }

    private List<String> checkedHosts() throws CommandException {
        for (var host : hosts) {
            var fault = ServiceAddress.hostFault(host);
            if (fault.isPresent()) {
                throw new CommandException("--host \"" + host + "\" cannot be used. " + fault.get());
            }
        }
        return hosts;
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
