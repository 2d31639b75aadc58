// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The certificates that other parties sent. The first certificate of a party is installed; another one replaces it
/// only on request or if its fingerprint is the given one.
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ReceivedCertificates {
    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "Other parties' certificates, as P1.pem, to install in the folder.")
    private List<Path> files = List.of();

    @Option(
            names = "--fingerprint",
            paramLabel = "SHA256",
            description = "Install FILE only if this is its certificate's SHA-256. Let the other party read it to you,"
                    + " for example by telephone. With several files, give the SHA-256 of each.")
    private List<String> fingerprints = List.of();

    @Option(
            names = "--replace",
            description = "Replace another certificate of the same party. Compare the SHA-256 with that party first.")
    private boolean isReplacing;

    /// @return the files' certificates, each of which may be installed
    /// @throws CommandException if one of them must not be installed
    List<ReceivedCertificate> read(PlayerFolder folder, int own, Instant now) throws CommandException {
        if (files.isEmpty() && (isReplacing || !fingerprints.isEmpty())) {
            throw new CommandException(
                    "--fingerprint and --replace are for certificates of other parties; name a file such as P1.pem.");
        }
        var received = new ArrayList<ReceivedCertificate>();
        for (var file : files) {
            var one = ReceivedCertificate.read(file, folder, own, now);
            if (received.stream().map(ReceivedCertificate::name).anyMatch(one.name()::equals)) {
                throw new CommandException("Two files are named " + one.name() + ".pem; name one of them.");
            }
            received.add(one);
        }
        if (!fingerprints.isEmpty()) {
            compare(received);
        } else if (!isReplacing) {
            for (var one : received) {
                one.requireNoOther();
            }
        }
        return received;
    }

    private void compare(List<ReceivedCertificate> received) throws CommandException {
        Set<String> unused = new LinkedHashSet<>();
        for (var text : fingerprints) {
            unused.add(Fingerprint.parse(text));
        }
        var given = Set.copyOf(unused);
        for (var one : received) {
            if (!given.contains(one.fingerprint())) {
                throw new CommandException(
                        "--fingerprint is not the SHA-256 of " + one.file() + ", so nothing was changed. It has "
                                + one.fingerprint() + ". Ask " + one.name() + " for its certificate again.");
            }
            unused.remove(one.fingerprint());
        }
        if (!unused.isEmpty()) {
            throw new CommandException("--fingerprint " + unused.iterator().next()
                    + " is the SHA-256 of no file, so nothing was changed. Name its file, or omit it.");
        }
    }

    /// @param certificates from [#read]
    /// @return a line for each: what was done, and what to compare with whom
    List<String> install(List<ReceivedCertificate> certificates) throws CommandException {
        var lines = new ArrayList<String>();
        var contents = new LinkedHashMap<Path, String>();
        for (var one : certificates) {
            lines.add(line(one));
            if (!one.isInstalled()) {
                contents.put(one.target(), CertificateFiles.pem(one.certificate()));
            }
        }
        NewFiles.replacePublic(contents);
        return lines;
    }

    private String line(ReceivedCertificate one) {
        var done = one.isInstalled()
                ? one.target() + " has this certificate already. "
                : (one.replacesAnother() ? "Replaced " : "Installed ") + one.target() + ". ";
        return done
                + (fingerprints.isEmpty()
                        ? "SHA-256, to compare with " + one.name() + " by telephone: " + one.fingerprint()
                        : "Its SHA-256 is the given one.");
    }
}
