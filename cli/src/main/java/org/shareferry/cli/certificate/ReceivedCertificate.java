// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import org.shareferry.x509.CertificateContent;

/// A certificate that another party sent, to be installed in MP-SPDZ's folder.
///
/// @param file that was received
/// @param name of the party, such as `P1`
/// @param certificate for this name alone
/// @param target the party's file in MP-SPDZ's folder
record ReceivedCertificate(Path file, String name, X509Certificate certificate, Path target) {
    private static final Pattern OF_PARTY = Pattern.compile("P(0|[1-9][0-9]{0,2})\\.pem");

    /// A file that somebody sends is installed under the name that its certificate has, and never over this party's
    /// own.
    ///
    /// @param own the number of the party whose VM uses the folder
    /// @throws CommandException if the certificate is not for its file's name alone, or is unfit otherwise
    static ReceivedCertificate read(Path file, PlayerFolder folder, int own, Instant now) throws CommandException {
        var matcher = OF_PARTY.matcher(String.valueOf(file.getFileName()));
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == own) {
            throw new CommandException(file + " is not named like the certificate of another party, such as P1.pem.");
        }
        var name = "P" + matcher.group(1);
        var certificate = CertificateFiles.read(file).getFirst();
        if (VmCertificateCheck.check(CertificateContent.of(certificate), name, now)
                instanceof VmCertificateCheck.Unfit unfit) {
            throw new CommandException(
                    file + " is refused. " + unfit.why() + " Ask " + name + " for another certificate.");
        }
        CertificateFiles.requireStrong(file, certificate);
        return new ReceivedCertificate(file, name, certificate, folder.certificate(Integer.parseInt(matcher.group(1))));
    }

    /// @return whether the target has exactly this certificate
    boolean isInstalled() {
        return CertificateFile.read(target) instanceof Certificates installed
                && installed.certificates().equals(List.of(certificate));
    }

    boolean replacesAnother() {
        return Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isInstalled();
    }

    /// @throws CommandException if the target has another certificate: whoever can send files must not be able to
    ///     replace one that was compared before
    void requireNoOther() throws CommandException {
        if (replacesAnother()) {
            var installed = CertificateFile.read(target) instanceof Certificates there
                    ? "SHA-256 of " + target + ": " + Fingerprint.of(there.first()) + ". "
                    : "";
            throw new CommandException(target + " would be replaced by another certificate, so nothing was changed. "
                    + installed + "SHA-256 of " + file + ": " + fingerprint() + ". Compare the latter with " + name
                    + " by telephone. If it is the same there, repeat the command with --fingerprint and the SHA-256"
                    + " that " + name + " read to you, or with --replace.");
        }
    }

    /// @return its SHA-256 as people compare it
    String fingerprint() {
        return Fingerprint.of(certificate);
    }
}
