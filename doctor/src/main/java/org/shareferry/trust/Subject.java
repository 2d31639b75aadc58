// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.trust;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.ldap.LdapName;
import org.shareferry.json.PlainText;

/// The subject's name in a certificate.
public final class Subject {
    private Subject() {}

    /// @return the common name, if the subject has exactly one and it is text
    public static Optional<String> commonName(X509Certificate certificate) {
        var names = new ArrayList<>();
        try {
            for (var rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                // An RDN may have several attributes.
                for (var attribute : Collections.list(rdn.toAttributes().getAll())) {
                    if (attribute.getID().equalsIgnoreCase("CN")) {
                        names.addAll(Collections.list(attribute.getAll()));
                    }
                }
            }
        } catch (NamingException e) {
            return Optional.empty();
        }
        return names.size() == 1 && names.getFirst() instanceof String name ? Optional.of(name) : Optional.empty();
    }

    /// @return the whole name, for people; control characters of terminals and text direction are replaced
    public static String text(X509Certificate certificate) {
        return PlainText.of(certificate.getSubjectX500Principal().getName());
    }
}
