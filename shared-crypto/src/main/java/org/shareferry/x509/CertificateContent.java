// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shareferry.crypto.Bytes;

/// The content of a certificate (RFC 5280 §4.1), read from its bytes. Java's X509Certificate leaves out extensions
/// that it cannot parse, while OpenSSL reads them.
public sealed interface CertificateContent {
    /// The content of a well-formed certificate.
    ///
    /// @param commonNames all common names of the subject, in order. Those that are not text have the form of
    ///     RFC 4514 §2.4: `#` and the hex digits of their encoding
    /// @param dnsNames the DNS names among the subject's alternative names
    /// @param addresses the IP addresses among them
    /// @param notBefore the start of its validity
    /// @param notAfter the end of its validity
    /// @param isSigningAllowed whether a key usage extension contains keyCertSign
    /// @param extensions by their object identifiers
    record Parsed(
            List<String> commonNames,
            List<String> dnsNames,
            List<String> addresses,
            Instant notBefore,
            Instant notAfter,
            boolean isSigningAllowed,
            Map<String, Extension> extensions)
            implements CertificateContent {
        private static final String BASIC_CONSTRAINTS = "2.5.29.19";

        /// The encodings of CA:FALSE: without the default value, as in DER, and with it, as some programs write it.
        private static final List<Bytes> NO_AUTHORITY = List.of(Bytes.fromHex("3000"), Bytes.fromHex("3003010100"));

        public Parsed {
            commonNames = List.copyOf(commonNames);
            dnsNames = List.copyOf(dnsNames);
            addresses = List.copyOf(addresses);
            extensions = Map.copyOf(extensions);
        }

        /// @return whether basicConstraints is present with CA:FALSE. Without it OpenSSL regards some certificates
        ///     as authorities, such as self-signed ones of version 1
        public boolean isDeclaredNoAuthority() {
            return extension(BASIC_CONSTRAINTS)
                    .filter(extension -> NO_AUTHORITY.contains(extension.value()))
                    .isPresent();
        }

        /// @param oid the object identifier, such as `2.5.29.19`
        public Optional<Extension> extension(String oid) {
            return Optional.ofNullable(extensions.get(oid));
        }
    }

    /// @param isCritical whether a program that does not know the extension must reject the certificate
    /// @param value the encoded value
    record Extension(boolean isCritical, Bytes value) {}

    /// @param why the reason for people, which begins in lower case and has no full stop
    record Malformed(String why) implements CertificateContent {}

    /// @param der one certificate
    static CertificateContent parse(Bytes der) {
        return CertificateParser.parse(der);
    }

    /// @param certificate whose encoding is read
    static CertificateContent of(X509Certificate certificate) {
        try {
            return parse(Bytes.of(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            return new Malformed("it cannot be encoded");
        }
    }
}
