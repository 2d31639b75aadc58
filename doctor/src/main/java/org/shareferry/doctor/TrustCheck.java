// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

/// Whether trust.pem vouches for the neighbours: with a copy of their own certificates, or with the
/// certificate of an authority that issues them. Of several copies the one that ends last counts.
final class TrustCheck {
    private final Path file;
    private final List<MemberName> neighbours;
    private final Set<String> members;
    private final Instant now;
    private final Findings findings;
    private final CertificateCheck check;

    TrustCheck(Site site, Optional<Roster> roster, Instant now, Findings findings) {
        this.file = site.tls().trust();
        this.neighbours = roster.map(site::neighbours).orElse(List.of());
        this.members = roster.map(Roster::members).orElse(List.of()).stream()
                .map(member -> member.name().toString())
                .collect(Collectors.toSet());
        this.now = now;
        this.findings = findings;
        this.check = new CertificateCheck(findings, now);
    }

    /// A copy that has ended does no harm if a valid authority issued it, because that vouches for the next one.
    void examine(List<X509Certificate> trusted) {
        if (trusted.isEmpty()) {
            return;
        }
        var authorities = authorities(trusted);
        var valid = authorities.stream().filter(this::isValid).toList();
        boolean someRely = false;
        for (var neighbour : neighbours) {
            var copy = copy(neighbour, trusted);
            boolean counts = copy.filter(one ->
                            isValid(one) || OwnCertificates.issuer(one, valid).isEmpty())
                    .isPresent();
            if (counts) {
                check.dates(
                        name(neighbour), copy.orElseThrow(), OwnCertificates.WARNING, replace(neighbour.toString()));
            } else if (authorities.isEmpty()) {
                absent(neighbour);
            } else {
                someRely = true;
                findings.fine(name(neighbour), "has an authority, which may vouch for it");
            }
        }
        if (someRely) {
            (valid.isEmpty() ? authorities : valid).forEach(this::dates);
        }
    }

    /// Adds when the copies of neighbours' certificates end, and authorities.
    void ends(List<X509Certificate> trusted, Map<String, Instant> ends) {
        for (var neighbour : neighbours) {
            copy(neighbour, trusted)
                    .ifPresent(
                            one -> ends.put(name(neighbour), one.getNotAfter().toInstant()));
        }
        for (var authority : authorities(trusted)) {
            ends.merge(
                    name(authority),
                    authority.getNotAfter().toInstant(),
                    (one, other) -> one.isAfter(other) ? one : other);
        }
    }

    private static Optional<X509Certificate> copy(MemberName neighbour, List<X509Certificate> trusted) {
        return trusted.stream()
                .filter(one -> CertificateNames.common(one).contains(neighbour.toString()))
                .max(Comparator.comparing(X509Certificate::getNotAfter));
    }

    /// OpenSSL's self-signed certificates say of themselves that they are authorities; a member's is none.
    private List<X509Certificate> authorities(List<X509Certificate> trusted) {
        return trusted.stream()
                .filter(one -> one.getBasicConstraints() >= 0)
                .filter(one -> CertificateNames.common(one).stream().noneMatch(members::contains))
                .toList();
    }

    private boolean isValid(X509Certificate certificate) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private String name(MemberName neighbour) {
        return file.getFileName() + " for " + neighbour;
    }

    private String name(X509Certificate authority) {
        return file.getFileName() + " authority " + CertificateNames.subject(authority);
    }

    private void dates(X509Certificate authority) {
        check.dates(name(authority), authority, OwnCertificates.WARNING, replace("AUTHORITY"));
    }

    private void absent(MemberName neighbour) {
        findings.add(
                name(neighbour),
                Fault.NEIGHBOUR_NOT_IN_TRUST,
                "No certificate in " + file.getFileName() + " is that of " + neighbour
                        + ", and none is an authority's: " + neighbour + " is refused.",
                add(neighbour.toString()));
    }

    private String add(String whose) {
        return trust(Shell.word(file) + " " + whose + ".crt") + " # " + whose + ".crt is the tls.crt that " + whose
                + " gave you";
    }

    /// The command leaves out what has ended in the file that it replaces.
    private String replace(String whose) {
        return trust(Shell.word(file) + " " + whose + ".crt") + " # " + whose + ".crt is the new certificate of "
                + whose;
    }

    private String trust(String files) {
        return "shareferry trust --out " + Shell.word(file) + " " + files;
    }

    /// @param own the member's own certificate
    /// @return what makes the file anew
    String make(Path own) {
        return trust(Shell.word(own) + " NEIGHBOUR.crt")
                + " # NEIGHBOUR.crt is the tls.crt that a neighbour gave you; user.crt of the people here too";
    }
}
