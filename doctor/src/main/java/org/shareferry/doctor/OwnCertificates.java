// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.shareferry.doctor.CertificateFile.Certificates;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

/// A member's own certificate and key, and whom it trusts.
final class OwnCertificates {
    /// Others must take a new certificate over by hand.
    static final Duration WARNING = Duration.ofDays(14);

    private final Site site;
    private final Optional<Roster> roster;
    private final Instant now;
    private final Findings findings = new Findings(Area.CERTIFICATES);
    private final CertificateCheck check;

    OwnCertificates(Site site, Optional<Roster> roster, Instant now) {
        this.site = site;
        this.roster = roster;
        this.now = now;
        this.check = new CertificateCheck(findings, now);
    }

    List<Finding> examine() {
        var trusted = certificates(site.tls().trust(), trust("NEIGHBOUR"));
        var own = certificates(site.tls().certificate(), makeAgain(List.of()));
        if (!own.isEmpty()) {
            own(own, trusted);
        }
        key(own);
        trust(trusted);
        return findings.list();
    }

    /// Only what keeps the service from being of any use.
    List<Finding> examineOwn() {
        var own = certificates(site.tls().certificate(), makeAgain(List.of()));
        if (!own.isEmpty()) {
            var leaf = own.getFirst();
            check.dates(name(site.tls().certificate()), leaf, Duration.ZERO, makeAgain(own));
            check.commonName(name(site.tls().certificate()), leaf, site.member().toString(), makeAgain(own));
        }
        key(own);
        certificates(site.tls().trust(), trust("NEIGHBOUR"));
        return findings.list();
    }

    /// Adds when the member's own certificate and those of its neighbours in its trust end.
    void ends(Map<String, Instant> ends) {
        if (CertificateFile.read(site.tls().certificate()) instanceof Certificates own) {
            ends.put(name(site.tls().certificate()), own.first().getNotAfter().toInstant());
        }
        if (CertificateFile.read(site.tls().trust()) instanceof Certificates trusted) {
            for (var neighbour : roster.map(site::neighbours).orElse(List.of())) {
                last(neighbour, trusted.certificates())
                        .ifPresent(one -> ends.put(
                                name(site.tls().trust()) + " for " + neighbour,
                                one.getNotAfter().toInstant()));
            }
        }
    }

    private static Optional<X509Certificate> last(MemberName neighbour, List<X509Certificate> trusted) {
        return trusted.stream()
                .filter(one -> CertificateCheck.commonNames(one).contains(neighbour.toString()))
                .max(Comparator.comparing(X509Certificate::getNotAfter));
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
                        unusable.fault(),
                        unusable.why(),
                        unusable.fault() == Fault.UNREADABLE_FILE ? "sudo chown \"$USER\" " + Shell.word(file) : mend);
                yield List.of();
            }
        };
    }

    private void own(List<X509Certificate> own, List<X509Certificate> trusted) {
        var file = name(site.tls().certificate());
        var leaf = own.getFirst();
        for (int i = 0; i < own.size(); i++) {
            check.dates(i == 0 ? file : file + " number " + (i + 1), own.get(i), WARNING, makeAgain(own));
        }
        check.commonName(file, leaf, site.member().toString(), makeAgain(own));
        chain(file, own, trusted);
        roster.flatMap(all -> all.find(site.member()))
                .flatMap(line -> line.address())
                .ifPresent(address -> host(file, leaf, address.getHost(), makeAgain(own)));
    }

    private void chain(String file, List<X509Certificate> own, List<X509Certificate> trusted) {
        var authorities = new ArrayList<>(own.subList(1, own.size()));
        authorities.addAll(trusted);
        var current = own.getFirst();
        for (int steps = 0; steps <= authorities.size(); steps++) {
            if (current.getSubjectX500Principal().equals(current.getIssuerX500Principal())
                    || trusted.contains(current)) {
                findings.fine(file + " chain", steps == 0 ? "signed by itself" : "ends at " + subject(current));
                return;
            }
            var issuer = issuer(current, authorities);
            if (issuer.isEmpty()) {
                break;
            }
            current = issuer.get();
        }
        var missing = current.getIssuerX500Principal().getName().replaceAll("\\p{Cntrl}", " ");
        findings.add(
                file + " chain",
                Fault.CHAIN_BROKEN,
                "The authority " + missing + " that signed " + subject(current) + " is neither in " + file + " nor in "
                        + name(site.tls().trust()) + ".",
                "cat AUTHORITY.crt >> " + Shell.word(site.tls().certificate()) + " # the certificate of " + missing);
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().replaceAll("\\p{Cntrl}", " ");
    }

    private static Optional<X509Certificate> issuer(X509Certificate issued, Collection<X509Certificate> candidates) {
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
        if (hosts(leaf).stream().anyMatch(plain(host)::equalsIgnoreCase)) {
            findings.fine(file + " host", "is for " + host);
        } else {
            findings.add(
                    file + " host",
                    Fault.HOST_NOT_IN_CERTIFICATE,
                    "Neighbours reach " + site.member() + " at " + host
                            + ", as the roster says, and the certificate is for "
                            + (hosts(leaf).isEmpty() ? "no host" : String.join(", ", hosts(leaf))) + ".",
                    mend);
        }
    }

    /// @return an IPv6 address as certificates are shown to have it; any other host as it is
    private static String plain(String host) {
        return host.startsWith("[")
                ? InetAddress.ofLiteral(host.substring(1, host.length() - 1)).getHostAddress()
                : host;
    }

    /// @return DNS names and IP addresses that a certificate is for
    static List<String> hosts(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(entry -> Integer.valueOf(2).equals(entry.getFirst())
                                    || Integer.valueOf(7).equals(entry.getFirst()))
                            .map(entry -> String.valueOf(entry.get(1)).replaceAll("\\p{Cntrl}", " "))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private void key(List<X509Certificate> own) {
        var file = site.tls().key();
        var checked = name(file);
        switch (PrivateKeyFile.read(file)) {
            case PrivateKeyFile.Unusable unusable ->
                findings.add(file.toString(), unusable.fault(), unusable.why(), makeAgain(own));
            case PrivateKeyFile.Read read -> {
                if (!own.isEmpty() && !read.belongsTo(own.getFirst().getPublicKey())) {
                    findings.add(
                            checked,
                            Fault.KEY_OF_ANOTHER_CERTIFICATE,
                            checked + " is not the key of the certificate in "
                                    + name(site.tls().certificate()) + ".",
                            makeAgain(own));
                } else if (!own.isEmpty()) {
                    findings.fine(checked, "belongs to " + name(site.tls().certificate()));
                }
            }
        }
        FileAccess.forOthers(file)
                .filter(mode -> !FileAccess.isLent(file))
                .ifPresent(mode -> findings.add(
                        checked + " permissions",
                        Fault.KEY_OPEN_TO_OTHERS,
                        checked + " is open to others (" + mode + ").",
                        "chmod 600 " + Shell.word(file)));
    }

    /// Of several certificates of one name the one that ends last counts.
    private void trust(List<X509Certificate> trusted) {
        if (trusted.isEmpty()) {
            return;
        }
        var neighbours = roster.map(site::neighbours).orElse(List.of());
        for (var neighbour : neighbours) {
            var last = last(neighbour, trusted);
            if (last.isPresent()) {
                var what = name(site.tls().trust()) + " for " + neighbour;
                check.dates(what, last.get(), WARNING, replaceTrust(neighbour.toString()));
            } else {
                absent(neighbour, trusted);
            }
        }
    }

    private void absent(MemberName neighbour, List<X509Certificate> trusted) {
        var checked = name(site.tls().trust()) + " for " + neighbour;
        boolean hasAuthority = trusted.stream()
                .anyMatch(one -> one.getBasicConstraints() >= 0
                        && !now.isAfter(one.getNotAfter().toInstant()));
        if (hasAuthority) {
            findings.fine(checked, "has an authority, which may vouch for it");
        } else {
            findings.add(
                    checked,
                    Fault.NEIGHBOUR_NOT_IN_TRUST,
                    "No certificate in " + name(site.tls().trust()) + " is that of " + neighbour
                            + ", and none is an authority's: " + neighbour + " is refused.",
                    trust(neighbour.toString()));
        }
    }

    private String trust(String neighbour) {
        var file = Shell.word(site.tls().trust());
        return "shareferry trust --out " + file + " " + file + " " + neighbour + ".crt # " + neighbour
                + ".crt is the tls.crt that " + neighbour + " gave you";
    }

    /// The command leaves out what has ended in the file that it replaces.
    private String replaceTrust(String neighbour) {
        var file = Shell.word(site.tls().trust());
        return "shareferry trust --out " + file + " " + file + " " + neighbour + ".crt # " + neighbour
                + ".crt is the new tls.crt of " + neighbour;
    }

    /// People's certificates are as old as the service's, so those are made too, and both are trusted before
    /// the
    /// service shows its new one.
    private String makeAgain(List<X509Certificate> own) {
        var hosts = new TreeSet<String>();
        own.stream().limit(1).forEach(leaf -> hosts.addAll(hosts(leaf)));
        roster.flatMap(all -> all.find(site.member()))
                .flatMap(line -> line.address())
                .ifPresent(address -> hosts.add(address.getHost()));
        var folder = Optional.ofNullable(site.tls().certificate().getParent()).orElse(Path.of("."));
        var made = folder.resolve("new");
        var trust = Shell.word(site.tls().trust());
        return String.join(
                " && ",
                "shareferry certificates --member " + site.member() + " --out " + Shell.word(made) + " --host "
                        + (hosts.isEmpty() ? "localhost" : String.join(" ", hosts)),
                "shareferry trust --out " + trust + " " + trust + " " + Shell.word(made.resolve("tls.crt")) + " "
                        + Shell.word(made.resolve("user.crt")),
                "mv " + Shell.word(made.resolve("tls.key")) + " "
                        + Shell.word(site.tls().key()),
                "mv " + Shell.word(made.resolve("tls.crt")) + " "
                        + Shell.word(site.tls().certificate())
                        + " # then give tls.crt to the neighbours, and user.* in " + Shell.word(made)
                        + " to the people here");
    }
}
