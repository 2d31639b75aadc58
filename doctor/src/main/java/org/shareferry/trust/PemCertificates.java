// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.shareferry.cbor.MalformedException;

/// Certificates in PEM (RFC 7468).
final class PemCertificates {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]*)" + "-----END (?:X509 |TRUSTED )?CERTIFICATE-----");

    private PemCertificates() {}

    /// Like OpenSSL, passes over what stands before, between and behind the PEM blocks.
    ///
    /// @throws MalformedException when a certificate is damaged
    static List<X509Certificate> parse(String text) throws MalformedException {
        var read = new ArrayList<X509Certificate>();
        var blocks = BLOCK.matcher(text);
        try {
            var factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                var der = Base64.getMimeDecoder().decode(blocks.group(1));
                read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new MalformedException("A certificate in it is damaged.");
        }
        return read;
    }

    static String encode(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + new String(BASE64.encode(certificate.getEncoded()), StandardCharsets.US_ASCII)
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException e) {
            throw new IllegalStateException("A certificate that was read does not encode.", e);
        }
    }
}
