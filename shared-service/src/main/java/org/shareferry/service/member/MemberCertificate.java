// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.security.cert.X509Certificate;
import java.time.Instant;

/// Checks on the certificate of a VM that Java does not make: it treats a trusted self-signed certificate as a trust
/// anchor and ignores its dates.
public final class MemberCertificate {
    private MemberCertificate() {}

    /// @return whether the certificate is valid at this moment by its own dates
    public static boolean isValidAt(X509Certificate certificate, Instant moment) {
        return !moment.isBefore(certificate.getNotBefore().toInstant())
                && !moment.isAfter(certificate.getNotAfter().toInstant());
    }
}
