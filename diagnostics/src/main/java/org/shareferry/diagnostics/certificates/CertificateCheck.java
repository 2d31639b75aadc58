// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.site.trust.Strength;
import org.shareferry.x509.CertificateNames;

/// Checks of a single certificate.
public final class CertificateCheck {
    private final Findings findings;
    private final Instant now;

    public CertificateCheck(Findings findings, Instant now) {
        this.findings = findings;
        this.now = now;
    }

    /// @param warning how long before its expiry to warn
    public void dates(String name, X509Certificate certificate, Duration warning, String fix) {
        var begin = certificate.getNotBefore().toInstant();
        var end = certificate.getNotAfter().toInstant();
        var checked = name + " dates";
        if (now.isAfter(end)) {
            findings.add(
                    checked,
                    Fault.EXPIRED_CERTIFICATE,
                    name + " expired at " + end + ", " + span(Duration.between(end, now)) + " ago.",
                    fix);
        } else if (now.isBefore(begin)) {
            findings.add(
                    checked,
                    Fault.NOT_YET_VALID_CERTIFICATE,
                    name + " is not valid before " + begin + ", in " + span(Duration.between(now, begin))
                            + ", by the clock here (" + now.truncatedTo(ChronoUnit.SECONDS) + ").",
                    "timedatectl status # if the clock is right: " + fix);
        } else if (Duration.between(now, end).compareTo(warning) < 0) {
            findings.add(
                    checked,
                    Fault.CERTIFICATE_ENDS_SOON,
                    name + " expires at " + end + ", in " + span(Duration.between(now, end)) + ".",
                    fix);
        } else {
            findings.fine(checked, "valid until " + end);
        }
    }

    /// Adds a finding if services refuse the certificate's key.
    void strength(String name, X509Certificate certificate, String fix) {
        Strength.weakKey(certificate)
                .ifPresent(key -> findings.add(
                        name + " strength",
                        Fault.WEAK_CERTIFICATE,
                        "The key of " + name + " is " + key + ": all members refuse it.",
                        fix));
    }

    /// Checks the name by MP-SPDZ's rules, see [VmCertificateCheck#isAcceptedFor].
    public void name(String file, X509Certificate certificate, String expected, String fix) {
        var checked = file + " name";
        var alternatives = CertificateNames.dns(certificate);
        if (VmCertificateCheck.isAcceptedFor(certificate, expected)) {
            findings.fine(checked, "is that of " + expected);
        } else if (alternatives.isEmpty()) {
            wrongCommonName(file, CertificateNames.common(certificate), expected, fix);
        } else {
            findings.add(
                    checked,
                    Fault.WRONG_ALTERNATIVE_NAME,
                    file + " has DNS names (" + String.join(", ", alternatives) + "), which override its common name "
                            + String.join(" and ", CertificateNames.common(certificate)) + " and lack " + expected
                            + ".",
                    fix);
        }
    }

    /// Checks the name by this project's rules: only the common name counts.
    void commonName(String file, X509Certificate certificate, String expected, String fix) {
        var names = CertificateNames.common(certificate);
        if (names.equals(List.of(expected))) {
            findings.fine(file + " name", "is that of " + expected);
        } else {
            wrongCommonName(file, names, expected, fix);
        }
    }

    private void wrongCommonName(String file, List<String> names, String expected, String fix) {
        findings.add(
                file + " name",
                Fault.WRONG_COMMON_NAME,
                file + " is the certificate of " + String.join(" and ", orNobody(names)) + ", not of " + expected + ".",
                fix);
    }

    private static List<String> orNobody(List<String> names) {
        return names.isEmpty() ? List.of("no one (it has no common name)") : names;
    }

    /// @return a text for people
    public static String seconds(Duration duration) {
        return duration.toMillis() < 1000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }

    /// @return a text for people, in the largest suitable unit
    public static String span(Duration duration) {
        if (duration.toDays() >= 2) {
            return duration.toDays() + " days";
        }
        return duration.toHours() >= 2 ? duration.toHours() + " hours" : duration.toMinutes() + " minutes";
    }
}
