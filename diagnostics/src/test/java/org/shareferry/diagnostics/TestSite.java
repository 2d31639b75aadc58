// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.fixture.TestCertificate;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.Database;
import org.shareferry.site.MemberSite;
import org.shareferry.site.trust.AuthoritiesFile;
import org.shareferry.site.trust.Authority;

/// The files of one member of P0, P1, R0 and C0, without fault until a test makes one.
final class TestSite {
    static final MemberName P0 = MemberName.party(0);
    static final MemberName P1 = MemberName.party(1);
    static final MemberName R0 = MemberName.parse("R0");
    static final MemberName C0 = MemberName.client(0);

    /// TLS itself judges by the machine's clock.
    final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    final Path folder;
    private final MemberName member;
    private List<List<MemberName>> partySets = List.of();
    private Optional<MemberSite.Webhook> webhook = Optional.empty();
    private final Map<MemberName, IdentityKey> identities = new TreeMap<>();
    private final Map<MemberName, TestCertificate> certificates = new TreeMap<>();

    /// @param port where the relay listens, or the client if the member is the relay
    TestSite(Path folder, MemberName member, int port) throws Exception {
        this.folder = folder;
        this.member = member;
        for (var name : List.of(P0, P1, R0, C0)) {
            identities.put(name, IdentityKey.generate());
            certificates.put(name, plan(name.toString()).make());
        }
        certificate(member).write(file("tls.crt"), file("tls.key"));
        KeyFiles.write(file("identity.pem"), identity(member));
        roster(port, P0, P1, R0, C0);
        trust(certificates.values().toArray(TestCertificate[]::new));
    }

    TestCertificate.Plan plan(String commonName) {
        return TestCertificate.ec(commonName)
                .between(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(300)))
                .withIp("127.0.0.1");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    TestCertificate certificate(MemberName name) {
        return Objects.requireNonNull(certificates.get(name));
    }

    IdentityKey identity(MemberName name) {
        return Objects.requireNonNull(identities.get(name));
    }

    void own(TestCertificate made) {
        made.write(file("tls.crt"), file("tls.key"));
    }

    void trust(TestCertificate... trusted) throws Exception {
        var pem = new StringBuilder();
        for (var one : trusted) {
            pem.append("# ")
                    .append(one.certificate().getSubjectX500Principal())
                    .append('\n')
                    .append(one.pem());
        }
        Files.writeString(file("trust.pem"), pem);
    }

    /// Names an authority; its file has this one only.
    void authorities(Authority... named) throws Exception {
        Files.writeString(file("authorities.json"), AuthoritiesFile.toJson(List.of(named)));
    }

    static Authority authority(TestCertificate made, MemberName... members) {
        return new Authority(made.certificate(), Set.of(members));
    }

    Roster roster(int port, MemberName... names) throws Exception {
        return roster("https://127.0.0.1:" + port, names);
    }

    Roster roster(String address, MemberName... names) throws Exception {
        var lines = List.of(names).stream()
                .map(name -> new Member(
                        name,
                        name.equals(R0) || name.equals(C0) ? Optional.of(URI.create(address)) : Optional.empty(),
                        List.of(identity(name).publicKey())))
                .toList();
        var roster = Roster.of(lines);
        Files.writeString(file("roster.json"), roster.toJson());
        return roster;
    }

    /// Of a client that has a further set of parties.
    MemberSite site(List<List<MemberName>> sets) {
        partySets = sets;
        return site();
    }

    MemberSite site() {
        return site(List.of(), List.of());
    }

    /// @param protocols under whose names it delivers
    MemberSite site(List<MemberSite.Vm> vms, List<String> protocols) {
        return new MemberSite(
                member,
                new MemberSite.TlsFiles(file("tls.crt"), file("tls.key"), file("trust.pem"), file("authorities.json")),
                List.of(member + "-user", member + "-monitor"),
                file("roster.json"),
                file("identity.pem"),
                List.of(P0, P1),
                partySets,
                R0,
                true,
                Duration.ofMinutes(5),
                Database.of("jdbc:sqlite:test.db", folder),
                member.equals(C0) ? Optional.of(file("keys")) : Optional.empty(),
                vms,
                protocols,
                Optional.of(file("canary")),
                webhook);
    }

    /// Of a client that has a webhook.
    MemberSite site(MemberSite.Webhook webhook) {
        this.webhook = Optional.of(webhook);
        return site();
    }

    Checkup checkup() {
        return checkup(Clock.systemUTC());
    }

    Checkup checkup(Clock clock) {
        return new Checkup(site(), clock, Duration.ofSeconds(2));
    }

    /// Requires this fault and no other.
    static Finding only(List<Finding> findings, Fault fault) {
        var faults =
                findings.stream().filter(finding -> finding.fault().isPresent()).toList();
        assertThat(faults).extracting(finding -> finding.fault().orElseThrow()).containsExactly(fault);
        return faults.getFirst();
    }

    static void fine(List<Finding> findings) {
        assertThat(findings).isNotEmpty().allMatch(finding -> finding.severity() == Severity.OK);
    }
}
