// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.shareferry.crypto.Bytes;
import org.shareferry.x509.CertificateContent.Parsed;

/// The key identifiers in certificates (RFC 5280 §4.2.1.1 and §4.2.1.2).
public final class KeyIdentifiers {
    private static final String SUBJECT = "2.5.29.14";
    private static final String AUTHORITY = "2.5.29.35";

    private KeyIdentifiers() {}

    /// @param certificate whose issuer is the subject of `issuer`
    /// @return whether the key identifiers do not contradict this
    public static boolean mayHaveIssued(X509Certificate issuer, X509Certificate certificate) {
        try {
            var subject = extension(issuer, SUBJECT)
                    .map(value ->
                            SubjectKeyIdentifier.getInstance(value.toArray()).getKeyIdentifier());
            var authority = extension(certificate, AUTHORITY)
                    .map(value ->
                            AuthorityKeyIdentifier.getInstance(value.toArray()).getKeyIdentifierOctets());
            return subject.isEmpty()
                    || authority.isEmpty()
                    || Bytes.of(subject.get()).equals(Bytes.of(authority.get()));
        } catch (RuntimeException e) {
            // Malformed identifiers do not contradict.
            return true;
        }
    }

    private static Optional<Bytes> extension(X509Certificate certificate, String oid) {
        return CertificateContent.of(certificate) instanceof Parsed parsed
                ? parsed.extension(oid).map(CertificateContent.Extension::value)
                : Optional.empty();
    }
}
