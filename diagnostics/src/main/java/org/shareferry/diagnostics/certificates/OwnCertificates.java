// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.diagnostics.storage.FileAccess;
import org.shareferry.member.Roster;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.pem.PemFault;
import org.shareferry.site.pem.PrivateKeyFile;
import org.shareferry.site.trust.Strength;
import org.shareferry.site.trust.Trust;
import org.shareferry.site.trust.TrustFileException;
import org.shareferry.x509.CertificateNames;

/// Checks a member's own certificate and key, and its trust.
public final class OwnCertificates {
    /// Longer, because neighbours must install a new certificate manually.
    static final Duration WARNING = Duration.ofDays(14);

    private final MemberSite site;
    private final Optional<Roster> roster;
    private final Instant now;
    private final Findings findings = new Findings(Area.CERTIFICATES);
    private final CertificateCheck check;
    private final Renewal renewal;
    private final TrustCheck trust;

    public OwnCertificates(MemberSite site, Optional<Roster> roster, Instant now) {
        this.site = site;
        this.roster = roster;
        this.now = now;
        this.check = new CertificateCheck(findings, now);
        this.renewal = new Renewal(site, roster, now);
        this.trust = new TrustCheck(site, roster, now, findings);
    }

    public List<Finding> examine() {
        var trusted = trusted();
        var own = certificates(site.tls().certificate(), renewal.commands(List.of()));
        if (!own.isEmpty()) {
            own(own);
        }
        key(own);
        trusted.ifPresent(trust::examine);
        FileAccess.writers(site.tls().trust(), findings);
        FileAccess.writers(site.tls().authorities(), findings);
        return findings.list();
    }

    /// Checks only the faults with which the service cannot work.
    public List<Finding> examineOwn() {
        var own = certificates(site.tls().certificate(), renewal.commands(List.of()));
        if (!own.isEmpty()) {
            var leaf = own.getFirst();
            check.dates(name(site.tls().certificate()), leaf, Duration.ZERO, renewal.commands(own));
            check.commonName(name(site.tls().certificate()), leaf, site.member().toString(), renewal.commands(own));
        }
        key(own);
        trusted();
        return findings.list();
    }

    private Optional<Trust> trusted() {
        var make = trust.make(site.tls().certificate());
        if (!Files.exists(site.tls().authorities())
                && certificates(site.tls().trust(), make).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(site.trust());
        } catch (TrustFileException e) {
            findings.add(site.tls().authorities().toString(), Fault.TRUST_UNUSABLE, e.sentence(), make);
            return Optional.empty();
        }
    }

    /// Adds the dates of the member's own certificate and of its neighbours' in its trust.
    public void validityPeriods(Map<String, ValidityPeriod> validityPeriods) {
        if (CertificateFile.read(site.tls().certificate()) instanceof Certificates own) {
            validityPeriods.put(name(site.tls().certificate()), ValidityPeriod.of(own.first()));
        }
        try {
            trust.validityPeriods(site.trust(), validityPeriods);
        } catch (TrustFileException e) {
            // Reported by the check of the files.
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private List<X509Certificate> certificates(Path file, String fix) {
        return switch (CertificateFile.read(file)) {
            case Certificates read -> read.certificates();
            case CertificateFile.Unusable unusable -> {
                findings.add(
                        file.toString(),
                        Fault.of(unusable.fault()),
                        unusable.why(),
                        unusable.fault() == PemFault.UNREADABLE ? Shell.own(file) : fix);
                yield List.of();
            }
        };
    }

    private void own(List<X509Certificate> own) {
        var file = name(site.tls().certificate());
        var leaf = own.getFirst();
        for (int i = 0; i < own.size(); i++) {
            var name = i == 0 ? file : file + " number " + (i + 1);
            check.dates(name, own.get(i), WARNING, renewal.commands(own));
            check.strength(name, own.get(i), renewal.commands(own));
            signature(name, own.get(i));
        }
        check.commonName(file, leaf, site.member().toString(), renewal.commands(own));
        chain(file, own);
        roster.flatMap(all -> all.find(site.member()))
                .flatMap(line -> line.address())
                .ifPresent(address -> host(file, address.getHost(), renewal.commands(own)));
    }

    /// The signature of a self-signed certificate proves nothing and is not checked.
    private void signature(String name, X509Certificate certificate) {
        var issuer = certificate.getIssuerX500Principal();
        Strength.weakSignature(certificate)
                .filter(hash -> !issuer.equals(certificate.getSubjectX500Principal()))
                .ifPresent(hash -> findings.add(
                        name + " signature",
                        Fault.WEAK_SIGNATURE,
                        CertificateNames.issuer(certificate) + " signed " + name + " with " + hash
                                + ": neighbours that trust an authority refuse it.",
                        "openssl x509 -noout -text -in "
                                + Shell.word(site.tls().certificate())
                                + " # have it signed again with SHA-256"));
    }

    /// It is unknown which authorities neighbours trust; this only checks the chain for gaps.
    private void chain(String file, List<X509Certificate> own) {
        var chain = new Certificates(own).chain();
        var last = chain.getLast();
        var issuer = CertificateNames.issuer(last);
        if (chain.size() < Set.copyOf(own).size()) {
            findings.add(
                    file + " chain",
                    Fault.CHAIN_BROKEN,
                    "The certificate of " + issuer + ", which issued " + CertificateNames.subject(last) + ", is not in "
                            + file + ", although others are: neighbours that trust one of"
                            + " those cannot build the chain.",
                    "cat AUTHORITY.crt >> " + Shell.word(site.tls().certificate()) + " # the certificate of " + issuer);
        } else if (last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
            findings.fine(
                    file + " chain",
                    chain.size() == 1 ? "signed by itself" : "ends at " + CertificateNames.subject(last));
        } else {
            findings.fine(
                    file + " chain",
                    "its last certificate was issued by " + issuer + "; neighbours need that authority, or this"
                            + " certificate as a pin");
        }
    }

    private void host(String file, String host, String fix) {
        if (!(CertifiedKey.read(site.tls().certificate(), site.tls().key()) instanceof CertifiedKey.Usable own)) {
            return;
        }
        var clock = Clock.fixed(now, ZoneOffset.UTC);
        switch (InMemoryHandshake.at(own, site.member(), host, clock)) {
            case ACCEPTED -> findings.fine(file + " host", "is for " + host);
            case OTHER_HOST ->
                findings.add(
                        file + " host",
                        Fault.HOST_NOT_IN_CERTIFICATE,
                        "The roster has the host " + host + " for " + site.member() + ", but the certificate is for "
                                + hosts(own.certificate()) + ".",
                        fix);
            case FAILED -> {
                // Another check reports the reason.
            }
        }
    }

    private static String hosts(X509Certificate certificate) {
        var hosts = CertificateNames.hosts(certificate);
        return hosts.isEmpty() ? "no host" : String.join(", ", hosts);
    }

    private void key(List<X509Certificate> own) {
        var file = site.tls().key();
        var checked = name(file);
        switch (PrivateKeyFile.read(file)) {
            case PrivateKeyFile.Unusable unusable ->
                findings.add(
                        file.toString(),
                        Fault.of(unusable.fault()),
                        unusable.why(),
                        unusable.fault() == PemFault.UNREADABLE ? Shell.own(file) : renewal.commands(own));
            case PrivateKeyFile.Read read -> {
                if (!own.isEmpty() && !read.belongsTo(own.getFirst().getPublicKey())) {
                    findings.add(
                            checked,
                            Fault.KEY_OF_ANOTHER_CERTIFICATE,
                            checked + " is not the key of the certificate in "
                                    + name(site.tls().certificate()) + ".",
                            renewal.commands(own));
                } else if (!own.isEmpty()) {
                    findings.fine(checked, "belongs to " + name(site.tls().certificate()));
                }
            }
        }
        FileAccess.exposure(file)
                .ifPresent(who -> findings.add(
                        checked + " permissions",
                        Fault.KEY_OPEN_TO_OTHERS,
                        checked + " is accessible to " + who + ".",
                        "chmod 600 " + Shell.word(file)));
    }
}
