// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.shareferry.json.PlainText;

/// The names in a certificate. Control characters are replaced, so that names can be printed, and so that a name
/// with one is never a member's.
public final class CertificateNames {
    private static final int DNS = 2;
    private static final int IP = 7;

    private CertificateNames() {}

    /// MP-SPDZ's host name verification (X509_check_host): DNS names, if there are any, override the common name,
    /// and case is ignored.
    ///
    /// @param name of a party or client of MP-SPDZ, such as `P1` or `C0`
    /// @return whether MP-SPDZ accepts the certificate for this name
    public static boolean isForMpSpdz(X509Certificate certificate, String name) {
        var dns = dns(certificate);
        return (dns.isEmpty() ? common(certificate) : dns).stream().anyMatch(name::equalsIgnoreCase);
    }

    /// MP-SPDZ's VMs accept whatever certificate in their folder has the name they look for. So a certificate with
    /// a second name lets its owner pose as another party.
    ///
    /// @return whether MP-SPDZ accepts the certificate for this name and for no other
    public static boolean isOnlyForMpSpdz(X509Certificate certificate, String name) {
        var dns = dns(certificate);
        return Stream.concat(dns.stream(), common(certificate).stream()).allMatch(name::equalsIgnoreCase)
                && isForMpSpdz(certificate, name);
    }

    /// @return all common names of the subject
    static List<String> common(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .flatMap(CertificateNames::commonNames)
                            .map(value -> visible(value.toString()))
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }

    /// An RDN can have several values.
    private static Stream<Object> commonNames(Rdn rdn) {
        var values = rdn.toAttributes().get("CN");
        if (values == null) {
            return Stream.empty();
        }
        try {
            return Collections.list(values.getAll()).stream().map(Object.class::cast);
        } catch (NamingException e) {
            return Stream.empty();
        }
    }

    /// @return the DNS names among its alternative names
    static List<String> dns(X509Certificate certificate) {
        return alternatives(certificate, List.of(DNS));
    }

    /// @return its DNS names and IP addresses
    static List<String> hosts(X509Certificate certificate) {
        return alternatives(certificate, List.of(DNS, IP));
    }

    /// @return the subject's whole name, for people
    static String subject(X509Certificate certificate) {
        return visible(certificate.getSubjectX500Principal().getName());
    }

    /// @return the issuer's whole name, for people
    static String issuer(X509Certificate certificate) {
        return visible(certificate.getIssuerX500Principal().getName());
    }

    private static List<String> alternatives(X509Certificate certificate, List<Integer> kinds) {
        try {
            return Stream.ofNullable(certificate.getSubjectAlternativeNames())
                    .flatMap(names -> names.stream())
                    .filter(entry -> kinds.contains(entry.getFirst()))
                    .map(entry -> visible(String.valueOf(entry.get(1))))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static String visible(String name) {
        return PlainText.of(name);
    }
}
