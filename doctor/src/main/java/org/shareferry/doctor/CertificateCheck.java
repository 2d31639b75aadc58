// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.shareferry.trust.Strength;

/// Checks of a single certificate.
final class CertificateCheck {
    private final Findings findings;
    private final Instant now;

    CertificateCheck(Findings findings, Instant now) {
        this.findings = findings;
        this.now = now;
    }

    /// @param warning how long before its expiry to warn
    void dates(String name, X509Certificate certificate, Duration warning, String mend) {
        var begin = certificate.getNotBefore().toInstant();
        var end = certificate.getNotAfter().toInstant();
        var checked = name + " dates";
        if (now.isAfter(end)) {
            findings.add(
                    checked,
                    Fault.EXPIRED_CERTIFICATE,
                    name + " expired at " + end + ", " + span(Duration.between(end, now)) + " ago.",
                    mend);
        } else if (now.isBefore(begin)) {
            findings.add(
                    checked,
                    Fault.NOT_YET_VALID_CERTIFICATE,
                    name + " is not valid before " + begin + ", in " + span(Duration.between(now, begin))
                            + ", by the clock here (" + now.truncatedTo(ChronoUnit.SECONDS) + ").",
                    "timedatectl status # if the clock is right: " + mend);
        } else if (Duration.between(now, end).compareTo(warning) < 0) {
            findings.add(
                    checked,
                    Fault.CERTIFICATE_ENDS_SOON,
                    name + " expires at " + end + ", in " + span(Duration.between(now, end)) + ".",
                    mend);
        } else {
            findings.fine(checked, "valid until " + end);
        }
    }

    /// Adds a finding if services refuse the certificate's key.
    void strength(String name, X509Certificate certificate, String mend) {
        Strength.weakKey(certificate)
                .ifPresent(key -> findings.add(
                        name + " strength",
                        Fault.WEAK_CERTIFICATE,
                        "The key of " + name + " is " + key + ": all members refuse it.",
                        mend));
    }

    /// Checks the name by MP-SPDZ's rules, see [CertificateNames#isForMpSpdz].
    void name(String file, X509Certificate certificate, String expected, String mend) {
        var checked = file + " name";
        var alternatives = CertificateNames.dns(certificate);
        if (CertificateNames.isForMpSpdz(certificate, expected)) {
            findings.fine(checked, "is that of " + expected);
        } else if (alternatives.isEmpty()) {
            wrongCommonName(file, CertificateNames.common(certificate), expected, mend);
        } else {
            findings.add(
                    checked,
                    Fault.WRONG_ALTERNATIVE_NAME,
                    file + " has DNS names (" + String.join(", ", alternatives) + "), which override its common name "
                            + String.join(" and ", CertificateNames.common(certificate)) + " and lack " + expected
                            + ".",
                    mend);
        }
    }

    /// Checks the name by this project's rules: only the common name counts.
    void commonName(String file, X509Certificate certificate, String expected, String mend) {
        var names = CertificateNames.common(certificate);
        if (names.equals(List.of(expected))) {
            findings.fine(file + " name", "is that of " + expected);
        } else {
            wrongCommonName(file, names, expected, mend);
        }
    }

    private void wrongCommonName(String file, List<String> names, String expected, String mend) {
        findings.add(
                file + " name",
                Fault.WRONG_COMMON_NAME,
                file + " is the certificate of " + String.join(" and ", orNobody(names)) + ", not of " + expected + ".",
                mend);
    }

    private static List<String> orNobody(List<String> names) {
        return names.isEmpty() ? List.of("no one (it has no common name)") : names;
    }

    /// @return a text for people
    static String seconds(Duration duration) {
        return duration.toMillis() < 1000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }

    /// @return a text for people, in the largest suitable unit
    static String span(Duration duration) {
        if (duration.toDays() >= 2) {
            return duration.toDays() + " days";
        }
        return duration.toHours() >= 2 ? duration.toHours() + " hours" : duration.toMinutes() + " minutes";
    }
}
