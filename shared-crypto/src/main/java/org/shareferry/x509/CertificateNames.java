// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.shareferry.json.PlainText;
import org.shareferry.x509.CertificateContent.Malformed;
import org.shareferry.x509.CertificateContent.Parsed;

/// The names in a certificate, for people and for comparison. Control characters are replaced, so that names can be
/// printed, and so that a name with one is never a member's. A malformed certificate has no names.
public final class CertificateNames {
    private CertificateNames() {}

    /// @return all common names of the subject
    public static List<String> common(X509Certificate certificate) {
        return visible(
                switch (CertificateContent.of(certificate)) {
                    case Parsed parsed -> parsed.commonNames().stream();
                    case Malformed malformed -> Stream.empty();
                });
    }

    /// @return the DNS names among its alternative names
    public static List<String> dns(X509Certificate certificate) {
        return visible(
                switch (CertificateContent.of(certificate)) {
                    case Parsed parsed -> parsed.dnsNames().stream();
                    case Malformed malformed -> Stream.empty();
                });
    }

    /// @return its DNS names and IP addresses
    public static List<String> hosts(X509Certificate certificate) {
        return visible(
                switch (CertificateContent.of(certificate)) {
                    case Parsed parsed -> Stream.concat(parsed.dnsNames().stream(), parsed.addresses().stream());
                    case Malformed malformed -> Stream.empty();
                });
    }

    /// @return the subject's whole name (RFC 2253)
    public static String subject(X509Certificate certificate) {
        return PlainText.of(certificate.getSubjectX500Principal().getName());
    }

    /// @return the issuer's whole name (RFC 2253)
    public static String issuer(X509Certificate certificate) {
        return PlainText.of(certificate.getIssuerX500Principal().getName());
    }

    private static List<String> visible(Stream<String> names) {
        return names.map(PlainText::of).toList();
    }
}
