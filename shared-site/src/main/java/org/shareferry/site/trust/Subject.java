// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.shareferry.json.PlainText;
import org.shareferry.x509.CertificateContent;
import org.shareferry.x509.CertificateContent.Parsed;

/// The subject's name in a certificate.
public final class Subject {
    private Subject() {}

    /// @return the common name, if the certificate is well-formed and its subject has exactly one
    public static Optional<String> commonName(X509Certificate certificate) {
        return CertificateContent.of(certificate) instanceof Parsed parsed
                        && parsed.commonNames().size() == 1
                ? Optional.of(parsed.commonNames().getFirst())
                : Optional.empty();
    }

    /// @return the whole name, for people; control characters of terminals and text direction are replaced
    public static String text(X509Certificate certificate) {
        return PlainText.of(certificate.getSubjectX500Principal().getName());
    }
}
