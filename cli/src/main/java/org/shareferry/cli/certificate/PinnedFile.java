// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.site.trust.Subject;

/// A file of certificates to pin, and whose they have to be: a file that somebody sends must not bring certificates of
/// other names along.
///
/// @param name the common name of all certificates in it
/// @param file PEM
record PinnedFile(String name, Path file) {
    /// @param argument `NAME=FILE`, or a file that is called like the name: `R0.crt`
    static PinnedFile of(String argument) throws CommandException {
        int at = argument.indexOf('=');
        if (at >= 0) {
            return new PinnedFile(argument.substring(0, at), Path.of(argument.substring(at + 1)));
        }
        var file = Path.of(argument);
        return new PinnedFile(String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", ""), file);
    }

    /// @return all certificates in it, at least one
    /// @throws CommandException when one is of another name, or an authority's
    List<X509Certificate> read() throws CommandException {
        var certificates = readAny(file);
        for (var certificate : certificates) {
            var found = Subject.commonName(certificate);
            if (found.filter(name::equals).isEmpty()) {
                throw new CommandException(file + " contains a certificate of "
                        + found.orElse("nobody (" + Subject.text(certificate) + ")") + ", not of " + name + ". "
                        + found.map(other -> "If you mean " + other + ", write " + other + "=" + file
                                        + "; a file that has certificates of several names is not taken.")
                                .orElse("Ask for one with a common name (CN)."));
            }
        }
        return certificates;
    }

    /// @return all certificates of a file, whosever they are
    /// @throws CommandException when one is an authority's, or has a key that services refuse
    static List<X509Certificate> readAny(Path file) throws CommandException {
        var certificates = CertificateFiles.read(file);
        for (var certificate : certificates) {
            CertificateFiles.requireStrong(file, certificate);
            if (certificate.getBasicConstraints() >= 0) {
                throw new CommandException(
                        file + " contains the certificate of an authority (" + Subject.text(certificate)
                                + ", CA:TRUE), which is not pinned. If it is to issue certificates, name it with --authority"
                                + " and name its members; if it is a member's own certificate, ask for one created with `shareferry"
                                + " certificates`, or with openssl and -addext basicConstraints=CA:FALSE.");
            }
        }
        return certificates;
    }
}
