// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.shareferry.cli.CommandException;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.trust.Subject;

/// The certificates that a trust.pem pins.
public final class Pins {
    private Pins() {}

    /// @param folder with a member's own tls.crt, and user.crt and monitor.crt if it has them
    /// @return all certificates in them
    /// @throws CommandException when one is of another name, or services would refuse it
    public static List<X509Certificate> own(Path folder, MemberName member) throws CommandException {
        var pins =
                new ArrayList<>(new PinnedFile(member.toString(), folder.resolve(MemberCertificates.SERVICE)).read());
        var others = Map.of(
                MemberCertificates.USER,
                MemberCertificates.userName(member),
                MemberCertificates.MONITOR,
                MemberCertificates.monitorName(member));
        for (var file : List.of(MemberCertificates.USER, MemberCertificates.MONITOR)) {
            if (Files.exists(folder.resolve(file))) {
                pins.addAll(new PinnedFile(others.getOrDefault(file, ""), folder.resolve(file)).read());
            }
        }
        return pins;
    }

    /// @param file a trust.pem; may be missing
    /// @return its pins
    public static List<X509Certificate> in(Path file) throws CommandException {
        return Files.exists(file) ? PinnedFile.readAny(file) : List.of();
    }

    /// Other text from a certificate is not written to the file: a subject could contain a PEM block, which
    /// readers would take for another pin.
    ///
    /// @return the certificates, each with a line that names its owner
    public static String pem(Collection<X509Certificate> certificates) throws CommandException {
        var pem = new StringBuilder();
        for (var certificate : certificates) {
            var name = Subject.commonName(certificate).filter(text -> text.matches("[A-Za-z0-9._-]{1,64}"));
            pem.append("# ")
                    .append(name.orElseGet(() -> "SHA-256 " + Fingerprint.of(certificate)))
                    .append('\n')
                    .append(CertificateFiles.pem(certificate));
        }
        var written = CertificateFile.parse(Bytes.of(pem.toString().getBytes(StandardCharsets.US_ASCII)));
        if (!(written instanceof CertificateFile.Certificates read)
                || !read.certificates().equals(List.copyOf(certificates))) {
            throw new CommandException("These certificates cannot be written so that they read as they are.");
        }
        return pem.toString();
    }
}
