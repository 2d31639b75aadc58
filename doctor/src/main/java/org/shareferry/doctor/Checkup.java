// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;

/// Looks a member over. Changes nothing, and never connects to a VM.
public final class Checkup {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Site site;
    private final Clock clock;
    private final Duration patience;

    /// @param clock by which dates are judged
    public Checkup(Site site, Clock clock) {
        this(site, clock, PATIENCE);
    }

    /// @param patience how long each step on the way to a neighbour may take
    Checkup(Site site, Clock clock, Duration patience) {
        this.site = site;
        this.clock = clock;
        this.patience = patience;
    }

    /// All of it.
    public List<Finding> everything() {
        var findings = new ArrayList<>(files());
        findings.addAll(neighbours());
        findings.addAll(ownService());
        return List.copyOf(findings);
    }

    /// What needs no network: certificates, keys, roster, storage, and MP-SPDZ's folder if there is one.
    public List<Finding> files() {
        var findings = new ArrayList<Finding>();
        findings.addAll(new OwnCertificates(site, roster(), clock.instant()).examine());
        findings.addAll(new OwnFiles(site).examine());
        findings.addAll(site.database().examine());
        site.vm().ifPresent(vm -> findings.addAll(vm(vm)));
        return List.copyOf(findings);
    }

    /// Without these no connection of the member comes about: its certificate, key and trust, and nothing that
    /// is a mere warning.
    ///
    /// @return the faults for which a service had better not start
    public List<Finding> fatal() {
        return new OwnCertificates(site, roster(), clock.instant())
                .examineOwn().stream()
                        .filter(Finding::isFault)
                        .filter(finding -> !finding.fault().equals(Optional.of(Fault.KEY_OPEN_TO_OTHERS)))
                        .toList();
    }

    private Optional<Roster> roster() {
        return OwnFiles.roster(site.roster());
    }

    private List<Finding> vm(Site.Vm vm) {
        var findings = new ArrayList<Finding>();
        vm.certificates()
                .ifPresent(folder -> findings.addAll(MpSpdzFolder.examine(folder, vm.client(), vm.party(), clock)));
        findings.addAll(VmPort.examine(vm));
        return findings;
    }

    /// Who is dialled, and the keys that clients announce.
    public List<Finding> neighbours() {
        var roster = roster();
        var tls = TlsClient.of(site.tls());
        if (roster.isEmpty() || tls.isEmpty()) {
            return List.of();
        }
        var way = new NeighbourCheck(site, tls.get(), clock, patience);
        var keys = new AnnouncementCheck(roster.get(), clock.instant());
        for (var neighbour : site.dialled(roster.get())) {
            var address = roster.get().find(neighbour).flatMap(Member::address);
            if (address.isPresent()) {
                for (var client : clients(neighbour, roster.get())) {
                    var answer = way.ask(neighbour, address.get(), path(neighbour, client));
                    if (answer.isEmpty()) {
                        break;
                    }
                    keys.examine(client, answer.get().statusCode(), answer.get().body());
                }
            }
        }
        var findings = new ArrayList<>(way.findings().stream().distinct().toList());
        findings.addAll(keys.findings());
        return findings;
    }

    /// A party asks the relay for the keys of all clients, a client for its own, and the relay each client.
    private List<MemberName> clients(MemberName asked, Roster roster) {
        return switch (site.member().role()) {
            case PARTY -> roster.ofRole(Role.CLIENT).stream().map(Member::name).toList();
            case CLIENT -> List.of(site.member());
            case RELAY -> List.of(asked);
        };
    }

    private static String path(MemberName asked, MemberName client) {
        return asked.role() == Role.CLIENT ? "/v1/keys" : "/v1/members/" + client + "/keys";
    }

    /// @return whether the member's own service answers, for members that are dialled
    private List<Finding> ownService() {
        var roster = roster();
        var tls = TlsClient.of(site.tls());
        var address = roster.flatMap(all -> all.find(site.member())).flatMap(Member::address);
        if (roster.isEmpty() || tls.isEmpty() || address.isEmpty()) {
            return List.of();
        }
        var way = new NeighbourCheck(site, tls.get(), clock, patience);
        var client = roster.get().ofRole(Role.CLIENT).stream().map(Member::name).findFirst();
        var answer = way.ask(site.member(), address.get(), path(site.member(), client.orElse(site.member())));
        return List.of(own(way, answer));
    }

    private Finding own(NeighbourCheck way, Optional<HttpResponse<String>> answer) {
        var checked = "own service of " + site.member();
        if (answer.isPresent()) {
            return Finding.fine(Area.NEIGHBOURS, checked, "answers");
        }
        var why = way.findings().stream()
                .filter(Finding::isFault)
                .map(Finding::cause)
                .findFirst();
        return Finding.of(
                Area.NEIGHBOURS,
                checked,
                Fault.OWN_SERVICE_SILENT,
                "It does not answer at the address in the roster. " + why.orElse(""),
                "java -jar " + site.member().role().text()
                        + "-service.jar # in the member's folder; its log says more");
    }
}
