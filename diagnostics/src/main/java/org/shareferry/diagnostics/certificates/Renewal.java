// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.shareferry.member.Member;
import org.shareferry.member.Roster;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.x509.CertificateNames;

/// The commands that renew a member's own certificate. They write into a new folder with the time in its name, so
/// that they can be repeated.
final class Renewal {
    private final MemberSite site;
    private final Optional<Roster> roster;
    private final Path folder;

    Renewal(MemberSite site, Optional<Roster> roster, Instant now) {
        this.site = site;
        this.roster = roster;
        var beside = Optional.ofNullable(site.tls().certificate().getParent()).orElse(Path.of(""));
        this.folder = beside.resolve("new-" + Shell.stamp(now));
    }

    /// @param own the certificates in the file; empty if it is unreadable
    String commands(List<X509Certificate> own) {
        boolean isIssued = !own.isEmpty()
                && !own.getFirst()
                        .getSubjectX500Principal()
                        .equals(own.getFirst().getIssuerX500Principal());
        return isIssued ? issued(own) : selfSigned(own);
    }

    /// Users' certificates are as old as the service's, so they are renewed too, and both are added to the trust
    /// before the service presents its new one.
    private String selfSigned(List<X509Certificate> own) {
        var trust = Shell.word(site.tls().trust());
        var steps = new ArrayList<>(List.of(
                make(own),
                "shareferry trust --out " + trust + " " + trust + " " + site.member() + "=" + made("tls.crt") + " "
                        + site.member() + "-user=" + made("user.crt")));
        steps.addAll(moves());
        return String.join(" && ", steps) + " # then give tls.crt to the neighbours, and user.* in "
                + Shell.word(folder) + " to this member's users";
    }

    /// Neighbours that trust the authority need no copy of the certificates that it issues.
    private String issued(List<X509Certificate> own) {
        var steps = new ArrayList<>(List.of(make(own) + " --ca AUTHORITY"));
        if (own.size() > 1) {
            steps.add("cat AUTHORITY/ca.crt >> " + made("tls.crt"));
        }
        steps.addAll(moves());
        return String.join(" && ", steps) + " # AUTHORITY is the folder of " + CertificateNames.issuer(own.getFirst())
                + "; if it is not available here, use --csr instead of --ca to create requests, and continue when"
                + " it has issued tls.crt; then give user.* in " + Shell.word(folder) + " to this member's users";
    }

    private String make(List<X509Certificate> own) {
        var hosts = new TreeSet<String>();
        own.stream()
                .limit(1)
                .forEach(leaf -> CertificateNames.hosts(leaf).stream()
                        .filter(host -> !host.contains("*"))
                        .forEach(hosts::add));
        roster.flatMap(all -> all.find(site.member()))
                .flatMap(Member::address)
                .ifPresent(address -> hosts.add(address.getHost()));
        return "shareferry certificates --member " + site.member() + " --out " + Shell.word(folder) + " --host "
                + (hosts.isEmpty() ? "localhost" : String.join(" ", hosts));
    }

    private List<String> moves() {
        return List.of(
                "mv " + made("tls.key") + " " + Shell.word(site.tls().key()),
                "mv " + made("tls.crt") + " " + Shell.word(site.tls().certificate()));
    }

    private String made(String name) {
        return Shell.word(folder.resolve(name));
    }
}
