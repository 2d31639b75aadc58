// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// What we read in a neighbour's certificate ourselves. Java takes a trusted self-signed certificate as a
/// trust anchor and then looks neither at its dates nor, at a server, at its name.
public final class MemberCertificate {
    private MemberCertificate() {}

    /// @return the common name, when the subject has exactly one
    public static Optional<String> commonName(X509Certificate certificate) {
        try {
            var subject = new LdapName(certificate.getSubjectX500Principal().getName());
            List<Rdn> names = subject.getRdns().stream()
                    .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                    .toList();
            return names.size() == 1 ? Optional.of(names.getFirst().getValue().toString()) : Optional.empty();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /// @return whether the certificate is valid at this moment by its own dates
    public static boolean isValidAt(X509Certificate certificate, Instant moment) {
        return !moment.isBefore(certificate.getNotBefore().toInstant())
                && !moment.isAfter(certificate.getNotAfter().toInstant());
    }
}
