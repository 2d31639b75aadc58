// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.shareferry.crypto.Bytes;
import org.shareferry.diagnostics.certificates.OwnCertificates;
import org.shareferry.diagnostics.certificates.TlsClient;
import org.shareferry.diagnostics.certificates.ValidityPeriod;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.mpspdz.CanaryCheck;
import org.shareferry.diagnostics.mpspdz.MpSpdzFolder;
import org.shareferry.diagnostics.mpspdz.VmPortCheck;
import org.shareferry.diagnostics.neighbours.AnnouncementCheck;
import org.shareferry.diagnostics.neighbours.NeighbourCheck;
import org.shareferry.diagnostics.neighbours.WebhookCheck;
import org.shareferry.diagnostics.storage.OpeningKeysCheck;
import org.shareferry.diagnostics.storage.OwnFiles;
import org.shareferry.diagnostics.storage.StorageCheck;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;

/// Runs all checks of a member. It changes nothing and never connects to a VM.
public final class Checkup {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SERVER_ERROR = 500;

    private final MemberSite site;
    private final Clock clock;
    private final Duration patience;

    /// @param clock for the checks of dates
    public Checkup(MemberSite site, Clock clock) {
        this(site, clock, PATIENCE);
    }

    /// @param patience the time limit for each step of a connection to a neighbour
    Checkup(MemberSite site, Clock clock, Duration patience) {
        this.site = site;
        this.clock = clock;
        this.patience = patience;
    }

    /// Runs all checks.
    public List<Finding> everything() {
        var findings = new ArrayList<>(files());
        findings.addAll(neighbours());
        findings.addAll(ownService());
        return List.copyOf(findings);
    }

    /// Runs the checks that need no network: certificates, keys, roster, storage, and MP-SPDZ's folder if there is
    /// one.
    public List<Finding> files() {
        var findings = new ArrayList<Finding>();
        findings.addAll(new OwnCertificates(site, roster(), clock.instant()).examine());
        findings.addAll(new OwnFiles(site, clock.instant()).examine());
        findings.addAll(StorageCheck.examine(site.database()));
        site.openingKeys().ifPresent(folder -> findings.addAll(new OpeningKeysCheck(folder).examine()));
        findings.addAll(WebhookCheck.examine(site.webhook()));
        site.vms().forEach(vm -> findings.addAll(vm(vm)));
        findings.addAll(new CanaryCheck(site, roster()).examine());
        return List.copyOf(findings);
    }

    /// Checks the member's certificate, key and trust, without which the service can neither be reached nor connect
    /// to anyone. Files for the connection to a VM are not included, because the service has other work.
    ///
    /// @return the faults with which a service must not start; file permissions are not among them
    public List<Finding> fatal() {
        return new OwnCertificates(site, roster(), clock.instant())
                .examineOwn().stream()
                        .filter(Finding::isFault)
                        .filter(finding -> finding.fault()
                                .filter(Fault.KEY_OPEN_TO_OTHERS::equals)
                                .isEmpty())
                        .toList();
    }

    /// The dates of certificates by name: the member's own, those of its neighbours in its trust, and those for
    /// its VM. Unreadable ones are skipped.
    public Map<String, ValidityPeriod> validityPeriods() {
        var validityPeriods = new TreeMap<String, ValidityPeriod>();
        new OwnCertificates(site, roster(), clock.instant()).validityPeriods(validityPeriods);
        site.vms()
                .forEach(vm -> vm.certificates().ifPresent(folder -> {
                    var names = Stream.concat(
                            vm.client().map(number -> "C" + number + ".pem").stream(),
                            Stream.of("P" + vm.party() + ".pem"));
                    for (var name : names.toList()) {
                        if (CertificateFile.read(folder.resolve(name)) instanceof CertificateFile.Certificates read) {
                            validityPeriods.put(name, ValidityPeriod.of(read.first()));
                        }
                    }
                }));
        return validityPeriods;
    }

    private Optional<Roster> roster() {
        return OwnFiles.roster(site.roster());
    }

    private List<Finding> vm(MemberSite.Vm vm) {
        var findings = new ArrayList<>(folder(vm));
        findings.addAll(VmPortCheck.examine(vm));
        return findings;
    }

    private List<Finding> folder(MemberSite.Vm vm) {
        return vm.certificates()
                .map(folder -> MpSpdzFolder.examine(folder, vm.client(), vm.party(), clock))
                .orElse(List.of());
    }

    /// Checks the connections to neighbours, and the announced keys of clients.
    public List<Finding> neighbours() {
        var roster = roster();
        var tls = TlsClient.of(site);
        if (roster.isEmpty() || tls.isEmpty()) {
            return List.of();
        }
        var way = new NeighbourCheck(site, tls.get(), clock, patience);
        var keys = new AnnouncementCheck(site.member(), roster.get(), site.roster(), clock.instant());
        for (var neighbour : site.dialled(roster.get())) {
            var address = roster.get().find(neighbour).flatMap(Member::address);
            if (address.isPresent()) {
                for (var client : clients(neighbour, roster.get())) {
                    var answer = way.ask(neighbour, address.get(), path(neighbour, client));
                    if (answer.isEmpty()) {
                        break;
                    }
                    keys.examine(client, neighbour, answer.get().statusCode(), NeighbourCheck.text(answer.get()));
                }
            }
        }
        var findings = new ArrayList<>(way.findings().stream().distinct().toList());
        findings.addAll(keys.findings());
        return findings;
    }

    /// The clients whose keys to fetch: a party gets those of all clients from the relay, a client its own, and the
    /// relay those of each client.
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

    /// Checks whether the member's own service responds, for members with an address, and the keys that it serves:
    /// a client's own, and at the relay those of clients that connect to the relay.
    private List<Finding> ownService() {
        var roster = roster();
        var tls = TlsClient.of(site);
        var address = roster.flatMap(all -> all.find(site.member())).flatMap(Member::address);
        if (roster.isEmpty() || tls.isEmpty() || address.isEmpty()) {
            return List.of();
        }
        var way = new NeighbourCheck(site, tls.get(), clock, patience);
        var keys = new AnnouncementCheck(site.member(), roster.get(), site.roster(), clock.instant());
        var findings = new ArrayList<Finding>();
        for (var client : announcedHere(roster.get())) {
            var answer = way.ask(site.member(), address.get(), path(site.member(), client));
            findings.add(own(way, answer));
            if (findings.getLast().fault().isPresent()) {
                return List.of(findings.getLast());
            }
            answer.ifPresent(
                    given -> keys.examine(client, site.member(), given.statusCode(), NeighbourCheck.text(given)));
        }
        if (findings.isEmpty()) {
            findings.add(own(way, way.ask(site.member(), address.get(), path(site.member(), site.member()))));
        }
        var all = new ArrayList<>(findings.stream().distinct().toList());
        all.addAll(keys.findings());
        return all;
    }

    private List<MemberName> announcedHere(Roster roster) {
        return switch (site.member().role()) {
            case PARTY -> List.of();
            case CLIENT -> List.of(site.member());
            case RELAY ->
                roster.ofRole(Role.CLIENT).stream()
                        .filter(client -> client.address().isEmpty())
                        .map(Member::name)
                        .toList();
        };
    }

    private Finding own(NeighbourCheck way, Optional<HttpResponse<Bytes>> answer) {
        var checked = "own service of " + site.member();
        if (answer.isEmpty()) {
            var why = way.findings().stream()
                    .filter(Finding::isFault)
                    .map(Finding::cause)
                    .findFirst();
            return Finding.of(
                    Area.NEIGHBOURS,
                    checked,
                    Fault.OWN_SERVICE_SILENT,
                    "It does not respond properly at the address in the roster. " + why.orElse(""),
                    Shell.start(site.member()) + "; see its log");
        }
        if (answer.get().statusCode() >= SERVER_ERROR) {
            return Finding.of(
                    Area.NEIGHBOURS,
                    checked,
                    Fault.OWN_SERVICE_FAILED,
                    "It responds with status " + answer.get().statusCode() + ": it runs, but has an internal error.",
                    Shell.start(site.member()) + " # again; see its log");
        }
        return Finding.fine(Area.NEIGHBOURS, checked, "answers");
    }
}
