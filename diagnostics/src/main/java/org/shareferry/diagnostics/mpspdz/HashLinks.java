// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import org.shareferry.x509.KeyIdentifiers;
import org.shareferry.x509.SubjectHash;

/// The links by which OpenSSL finds certificates in a folder (`X509_LOOKUP_hash_dir`): it reads `<subject hash>.0`,
/// `.1`, … and stops at the first missing one. Of several certificates with the same name it uses the first that
/// may be the issuer by the key identifiers, and fails if it is not the right one.
final class HashLinks {
    private final Path folder;
    private final Set<String> stale = new HashSet<>();

    HashLinks(Path folder) {
        this.folder = folder;
    }

    /// @return whether the folder has links
    boolean exist() {
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("[0-9a-f]{8}\\.[0-9]+"));
        } catch (IOException e) {
            return false;
        }
    }

    /// Looks up the certificate, or its issuer, in the same way as OpenSSL.
    void examine(Findings findings, String name, X509Certificate certificate) {
        var hash = SubjectHash.of(certificate.getIssuerX500Principal());
        var checked = name + " link " + hash + ".0";
        int others = 0;
        boolean isHidden = false;
        for (int number = 0; Files.exists(link(hash, number)); number++) {
            if (CertificateFile.read(link(hash, number)) instanceof Certificates found) {
                if (vouches(found.first(), certificate) && !isHidden) {
                    findings.fine(checked, "leads OpenSSL to the certificate");
                    return;
                }
                isHidden |= KeyIdentifiers.mayHaveIssued(found.first(), certificate);
            }
            others++;
        }
        boolean dangles = Files.exists(link(hash, others), LinkOption.NOFOLLOW_LINKS);
        if (others > 0 || dangles) {
            stale.add(hash);
            findings.add(checked, Fault.STALE_HASH_LINK, stale(name, link(hash, 0), others == 0), staleLinkFix(hash));
        } else {
            findings.add(checked, Fault.MISSING_HASH_LINK, missing(name, hash), "openssl rehash " + Shell.word(folder));
        }
    }

    /// @return whether [#examine] has reported the links with this file's hash; its remedy deletes them all
    boolean isReported(String file) {
        return stale.contains(file.substring(0, file.indexOf('.')));
    }

    private static boolean vouches(X509Certificate found, X509Certificate certificate) {
        if (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return found.equals(certificate);
        }
        try {
            certificate.verify(found.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String stale(String name, Path link, boolean dangles) {
        return link.getFileName() + " leads to "
                + (dangles ? "a missing file" : "a different certificate than " + name)
                + ", so OpenSSL does not find it: the handshake fails with \"certificate verify failed\".";
    }

    private String missing(String name, String hash) {
        boolean hasLater = Files.exists(link(hash, 1));
        return "OpenSSL looks for " + name + " at " + hash + ".0, which does not exist"
                + (hasLater ? " (it stops there, so " + hash + ".1 does not help)" : "")
                + ": the handshake fails with \"certificate verify failed\".";
    }

    private String staleLinkFix(String hash) {
        return "rm " + Shell.word(folder) + "/" + hash + ".[0-9]* && openssl rehash " + Shell.word(folder);
    }

    private Path link(String hash, int number) {
        return folder.resolve(hash + "." + number);
    }
}
