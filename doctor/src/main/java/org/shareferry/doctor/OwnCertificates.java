// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shareferry.member.Roster;
import org.shareferry.pem.CertificateFile;
import org.shareferry.pem.CertificateFile.Certificates;
import org.shareferry.pem.PemFault;
import org.shareferry.pem.PrivateKeyFile;
import org.shareferry.trust.Trust;
import org.shareferry.trust.TrustFileException;

/// A member's own certificate and key, and whom it trusts.
final class OwnCertificates {
    /// Others must take a new certificate over by hand.
    static final Duration WARNING = Duration.ofDays(14);

    private final Site site;
    private final Optional<Roster> roster;
    private final Instant now;
    private final Findings findings = new Findings(Area.CERTIFICATES);
    private final CertificateCheck check;
    private final Renewal renewal;
    private final TrustCheck trust;

    OwnCertificates(Site site, Optional<Roster> roster, Instant now) {
        this.site = site;
        this.roster = roster;
        this.now = now;
        this.check = new CertificateCheck(findings, now);
        this.renewal = new Renewal(site, roster, now);
        this.trust = new TrustCheck(site, roster, now, findings);
    }

    List<Finding> examine() {
        var trusted = trusted();
        var own = certificates(site.tls().certificate(), renewal.commands(List.of()));
        if (!own.isEmpty()) {
            own(own, trusted.map(OwnCertificates::all).orElse(List.of()));
        }
        key(own);
        trusted.ifPresent(trust::examine);
        return findings.list();
    }

    /// Only what keeps the service from being of any use.
    List<Finding> examineOwn() {
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

    private static List<X509Certificate> all(Trust trust) {
        var all = new ArrayList<>(trust.pins());
        trust.authorities().forEach(authority -> all.add(authority.certificate()));
        return all;
    }

    /// Adds when the member's own certificate and those of its neighbours in its trust end.
    void ends(Map<String, Instant> ends) {
        if (CertificateFile.read(site.tls().certificate()) instanceof Certificates own) {
            ends.put(name(site.tls().certificate()), own.first().getNotAfter().toInstant());
        }
        try {
            trust.ends(site.trust(), ends);
        } catch (TrustFileException e) {
            // This is a finding where the files are examined.
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private List<X509Certificate> certificates(Path file, String mend) {
        return switch (CertificateFile.read(file)) {
            case Certificates read -> read.certificates();
            case CertificateFile.Unusable unusable -> {
                findings.add(
                        file.toString(),
                        Fault.of(unusable.fault()),
                        unusable.why(),
                        unusable.fault() == PemFault.UNREADABLE ? Shell.own(file) : mend);
                yield List.of();
            }
        };
    }

    private void own(List<X509Certificate> own, List<X509Certificate> trusted) {
        var file = name(site.tls().certificate());
        var leaf = own.getFirst();
        for (int i = 0; i < own.size(); i++) {
            check.dates(i == 0 ? file : file + " number " + (i + 1), own.get(i), WARNING, renewal.commands(own));
        }
        check.commonName(file, leaf, site.member().toString(), renewal.commands(own));
        chain(file, own, trusted);
        roster.flatMap(all -> all.find(site.member()))
                .flatMap(line -> line.address())
                .ifPresent(address -> host(file, leaf, address.getHost(), renewal.commands(own)));
    }

    private void chain(String file, List<X509Certificate> own, List<X509Certificate> trusted) {
        var authorities = new ArrayList<>(own.subList(1, own.size()));
        authorities.addAll(trusted);
        var current = own.getFirst();
        for (int steps = 0; steps <= authorities.size(); steps++) {
            if (current.getSubjectX500Principal().equals(current.getIssuerX500Principal())
                    || trusted.contains(current)) {
                findings.fine(
                        file + " chain",
                        steps == 0 ? "signed by itself" : "ends at " + CertificateNames.subject(current));
                return;
            }
            var issuer = issuer(current, authorities);
            if (issuer.isEmpty()) {
                break;
            }
            current = issuer.get();
        }
        var missing = CertificateNames.issuer(current);
        findings.add(
                file + " chain",
                Fault.CHAIN_BROKEN,
                "The authority " + missing + " that signed " + CertificateNames.subject(current) + " is neither in "
                        + file + " nor in " + name(site.tls().trust()) + ".",
                "cat AUTHORITY.crt >> " + Shell.word(site.tls().certificate()) + " # the certificate of " + missing);
    }

    /// @return of these, who has signed it
    static Optional<X509Certificate> issuer(X509Certificate issued, Collection<X509Certificate> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.getSubjectX500Principal().equals(issued.getIssuerX500Principal()))
                .filter(candidate -> hasSigned(candidate, issued))
                .findFirst();
    }

    private static boolean hasSigned(X509Certificate issuer, X509Certificate issued) {
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void host(String file, X509Certificate leaf, String host, String mend) {
        if (CertificateNames.hosts(leaf).stream().anyMatch(plain(host)::equalsIgnoreCase)) {
            findings.fine(file + " host", "is for " + host);
        } else {
            findings.add(
                    file + " host",
                    Fault.HOST_NOT_IN_CERTIFICATE,
                    "Neighbours reach " + site.member() + " at " + host
                            + ", as the roster says, and the certificate is for "
                            + (CertificateNames.hosts(leaf).isEmpty()
                                    ? "no host"
                                    : String.join(", ", CertificateNames.hosts(leaf)))
                            + ".",
                    mend);
        }
    }

    /// @return an IPv6 address as certificates are shown to have it; any other host as it is
    private static String plain(String host) {
        return host.startsWith("[")
                ? InetAddress.ofLiteral(host.substring(1, host.length() - 1)).getHostAddress()
                : host;
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
                        checked + " is open to " + who + ".",
                        "chmod 600 " + Shell.word(file)));
    }
}
