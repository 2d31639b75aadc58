// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.security.cert.X509Certificate;
import java.time.Instant;

/// The dates of a certificate.
///
/// @param from the first moment at which it is valid
/// @param until the last one
public record ValidityPeriod(Instant from, Instant until) {
    public static ValidityPeriod of(X509Certificate certificate) {
        return new ValidityPeriod(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    ValidityPeriod later(ValidityPeriod other) {
        return until.isAfter(other.until) ? this : other;
    }
}
