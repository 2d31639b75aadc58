// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.site.trust.TrustDecision.Reason;
import org.shareferry.site.trust.TrustDecision.Refused;

/// Checks the dates of a certificate, both inclusive.
final class Validity {
    private Validity() {}

    /// @return why it is not valid at this moment, if it is not
    static Optional<Refused> refusal(X509Certificate certificate, Instant moment, Reason early, Reason late) {
        var begin = certificate.getNotBefore().toInstant();
        var end = certificate.getNotAfter().toInstant();
        if (moment.isAfter(end)) {
            return Optional.of(
                    new Refused(late, "The certificate of " + Subject.text(certificate) + " expired at " + end + "."));
        }
        if (moment.isBefore(begin)) {
            return Optional.of(new Refused(
                    early, "The certificate of " + Subject.text(certificate) + " is not valid before " + begin + "."));
        }
        return Optional.empty();
    }
}
