// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.security.cert.X509Certificate;
import java.time.Instant;

/// The dates of a certificate.
///
/// @param from the first moment at which it is valid
/// @param until the last one
public record Term(Instant from, Instant until) {
    static Term of(X509Certificate certificate) {
        return new Term(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    Term later(Term other) {
        return until.isAfter(other.until) ? this : other;
    }
}
