// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;

/// The characters that people compare to check that they have the same certificate.
public final class Fingerprint {
    private Fingerprint() {}

    /// @return SHA-256 over the DER as colon-separated upper-case hex, as openssl and browsers show it
    public static String of(X509Certificate certificate) {
        try {
            var digest = Sha256.of(Bytes.of(certificate.getEncoded())).toHex();
            return digest.toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
        } catch (CertificateException e) {
            throw new IllegalStateException("A certificate that was read does not encode.", e);
        }
    }
}
