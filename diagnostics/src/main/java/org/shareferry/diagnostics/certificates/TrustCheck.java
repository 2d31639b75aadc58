// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.site.trust.Authority;
import org.shareferry.site.trust.Subject;
import org.shareferry.site.trust.Trust;
import org.shareferry.x509.CertificateNames;

/// Checks whether the member trusts its neighbours, by pins in trust.pem or by authorities, and whether its trust
/// has useless entries. Of several pins with the same name the one that expires last counts.
final class TrustCheck {
    private final Path file;
    private final Path authoritiesFile;
    private final MemberName own;
    private final List<MemberName> neighbours;
    private final Set<MemberName> members;
    private final Set<String> names;
    private final boolean hasRoster;
    private final Instant now;
    private final Findings findings;
    private final CertificateCheck check;

    TrustCheck(MemberSite site, Optional<Roster> roster, Instant now, Findings findings) {
        this.file = site.tls().trust();
        this.authoritiesFile = site.tls().authorities();
        this.own = site.member();
        this.neighbours = roster.map(site::neighbours).orElse(List.of());
        this.members = roster.map(Roster::members).orElse(List.of()).stream()
                .map(Member::name)
                .collect(Collectors.toSet());
        this.names = new HashSet<>(site.local());
        names.add(own.toString());
        neighbours.forEach(neighbour -> names.add(neighbour.toString()));
        members.forEach(member -> names.add(member.toString()));
        this.hasRoster = roster.isPresent();
        this.now = now;
        this.findings = findings;
        this.check = new CertificateCheck(findings, now);
    }

    /// An expired pin is no fault if a valid authority may issue the next certificate.
    void examine(Trust trust) {
        var relied = new LinkedHashSet<Authority>();
        for (var neighbour : neighbours) {
            var pin = latest(trust.pins(neighbour.toString()));
            var authorities = trust.authorities(neighbour.toString());
            boolean isIssued = authorities.stream().anyMatch(one -> isValid(one.certificate()));
            if (pin.isPresent() && (isValid(pin.get()) || !isIssued)) {
                check.dates(name(neighbour), pin.get(), OwnCertificates.WARNING, replace(neighbour.toString()));
            } else if (authorities.isEmpty()) {
                absent(neighbour);
            } else {
                relied.addAll(authorities);
                findings.fine(name(neighbour), "an authority may issue its certificate");
            }
        }
        var valid = relied.stream().filter(one -> isValid(one.certificate())).toList();
        (valid.isEmpty() ? relied : valid).forEach(this::dates);
        trust.pins().forEach(this::pin);
        trust.authorities().forEach(this::authority);
    }

    private void pin(X509Certificate pin) {
        var subject = CertificateNames.subject(pin);
        check.strength(
                file.getFileName() + " " + subject,
                pin,
                "shareferry certificates --help # the holder must create another one, which can then be pinned");
        if (pin.getBasicConstraints() >= 0) {
            findings.add(
                    file.getFileName() + " " + subject,
                    Fault.PIN_IS_AUTHORITY,
                    file.getFileName() + " pins " + subject + ", which is an authority (CA:TRUE). A pin cannot"
                            + " issue certificates, and `shareferry certificates` does not create such certificates.",
                    "shareferry certificates --help # the holder must create another one; or use shareferry trust"
                            + " --authority if it is an authority");
        }
        if (hasRoster && Subject.commonName(pin).filter(names::contains).isEmpty()) {
            findings.add(
                    file.getFileName() + " " + subject,
                    Fault.PIN_OF_NOBODY,
                    file.getFileName() + " pins " + subject + ", whose name is neither in the roster nor that of a"
                            + " user or monitor.",
                    trust("NAME.crt") + " # with all other certificates, without this one");
        }
    }

    private void authority(Authority authority) {
        check.strength(
                name(authority),
                authority.certificate(),
                trust("--authority MEMBERS=AUTHORITY.crt") + " # with another authority");
        if (hasRoster && authority.members().stream().noneMatch(members::contains)) {
            findings.add(
                    name(authority),
                    Fault.AUTHORITY_FOR_NOBODY,
                    name(authority) + " is named only for members that are not in the roster, so it has no effect.",
                    trust("--authority MEMBERS=AUTHORITY.crt") + " # MEMBERS are the members that it may issue for");
        }
    }

    /// Adds the dates of neighbours' pins and of authorities.
    void validityPeriods(Trust trust, Map<String, ValidityPeriod> validityPeriods) {
        for (var neighbour : neighbours) {
            latest(trust.pins(neighbour.toString()))
                    .ifPresent(one -> validityPeriods.put(name(neighbour), ValidityPeriod.of(one)));
        }
        for (var authority : trust.authorities()) {
            validityPeriods.merge(name(authority), ValidityPeriod.of(authority.certificate()), ValidityPeriod::later);
        }
    }

    private static Optional<X509Certificate> latest(List<X509Certificate> pins) {
        return pins.stream().max(Comparator.comparing(X509Certificate::getNotAfter));
    }

    private boolean isValid(X509Certificate certificate) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private String name(MemberName neighbour) {
        return file.getFileName() + " for " + neighbour;
    }

    private String name(Authority authority) {
        return authoritiesFile.getFileName() + " " + CertificateNames.subject(authority.certificate());
    }

    private void dates(Authority authority) {
        check.dates(
                name(authority),
                authority.certificate(),
                OwnCertificates.WARNING,
                trust("--authority " + authority.memberNames().replace(" ", "") + "=AUTHORITY.crt")
                        + " # AUTHORITY.crt is its new certificate; name all other authorities too");
    }

    private void absent(MemberName neighbour) {
        findings.add(
                name(neighbour),
                Fault.NEIGHBOUR_NOT_IN_TRUST,
                file.getFileName() + " has no certificate of " + neighbour + ", and no"
                        + " authority is named for it, so " + neighbour + " is refused.",
                add(neighbour.toString()));
    }

    private String add(String whose) {
        return trust(Shell.word(file) + " " + whose + ".crt") + " # " + whose + ".crt is the tls.crt that " + whose
                + " gave you";
    }

    /// The command omits expired certificates of the old file.
    private String replace(String whose) {
        return trust(Shell.word(file) + " " + whose + ".crt") + " # " + whose + ".crt is the new certificate of "
                + whose;
    }

    private String trust(String files) {
        return "shareferry trust --out " + Shell.word(file) + " " + files;
    }

    /// @param own the member's own certificate
    /// @return a command that creates the file again
    String make(Path own) {
        return trust(this.own + "=" + Shell.word(own) + " NEIGHBOUR.crt")
                + " # NEIGHBOUR.crt is the tls.crt of a neighbour, such as R0.crt; add this member's users as "
                + this.own
                + "-user=user.crt";
    }
}
