// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.diagnostics.TestSite.C0;
import static org.shareferry.diagnostics.TestSite.P0;
import static org.shareferry.diagnostics.TestSite.P1;
import static org.shareferry.diagnostics.TestSite.R0;
import static org.shareferry.diagnostics.TestSite.fine;
import static org.shareferry.diagnostics.TestSite.only;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.fixture.FakeNeighbour;
import org.shareferry.diagnostics.fixture.FakeProxy;
import org.shareferry.diagnostics.fixture.TestCertificate;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.Authority;

/// P0 asks R0 for the keys of C0; each test with one fault on the way.
class NeighbourTest {
    private static final OpeningKey KEY = OpeningKey.generate();

    @TempDir
    Path folder;

    private TestSite site() throws Exception {
        return new TestSite(folder, P0, 9);
    }

    private static List<Finding> ask(TestSite site, FakeNeighbour relay) throws Exception {
        site.roster(relay.port(), P0, P1, R0, C0);
        return site.checkup().neighbours();
    }

    private static FakeNeighbour relay(TestSite site) throws Exception {
        return new FakeNeighbour(site.certificate(R0), List.of(site.certificate(P0)))
                .answers(200, announcement(site, site.identity(C0), site.now.minusSeconds(60), Duration.ofDays(30)));
    }

    private static String announcement(TestSite site, IdentityKey signer, Instant from, Duration validity) {
        var key = new AnnouncedKey(KEY.sealingKey(), from, from.plus(validity));
        var signed = SignedKeyAnnouncement.sign(
                new KeyAnnouncement(C0, signer.publicKey().id(), site.now, List.of(key)), signer);
        return "{\"announcement\":\"" + signed.announcement().toBase64Url() + "\",\"signature\":\""
                + signed.signature().toBase64Url() + "\"}";
    }

    @Test
    void a_sound_neighbour_has_no_fault() throws Exception {
        var site = site();
        try (var relay = relay(site)) {
            var findings = ask(site, relay);

            fine(findings);
            assertThat(findings)
                    .extracting(Finding::cause)
                    .anyMatch(cause -> cause.contains("both trust each other's certificates"))
                    .anyMatch(cause -> cause.startsWith("signed by C0, valid until "));
        }
    }

    @Test
    void the_relay_asks_clients_that_have_an_address() throws Exception {
        var site = new TestSite(folder, R0, 9);
        try (var client = new FakeNeighbour(site.certificate(C0), List.of(site.certificate(R0)))
                .answers(200, announcement(site, site.identity(C0), site.now, Duration.ofDays(30)))) {
            fine(ask(site, client));
        }
    }

    @Test
    void a_client_in_push_mode_connects_to_nobody() throws Exception {
        assertThat(new TestSite(folder, C0, 9).checkup().neighbours()).isEmpty();
    }

    @Test
    void without_usable_files_no_neighbour_is_called() throws Exception {
        var site = site();
        Files.delete(site.file("tls.key"));

        assertThat(site.checkup().neighbours()).isEmpty();
    }

    @Test
    void name_not_resolved() throws Exception {
        var site = site();
        site.roster("https://nobody.invalid:8443", P0, P1, R0, C0);

        assertThat(only(site.checkup().neighbours(), Fault.NAME_NOT_RESOLVED).cause())
                .isEqualTo("The host name nobody.invalid does not resolve.");
    }

    @Test
    void connection_refused() throws Exception {
        var site = site();
        try (var held = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            site.roster(held.getLocalPort(), P0, P1, R0, C0);
        }

        assertThat(only(site.checkup().neighbours(), Fault.CONNECTION_REFUSED)
                        .fix()
                        .orElseThrow())
                .startsWith("java -jar PATH/TO/relay-service.jar # at R0");
    }

    @Test
    void connection_timed_out() throws Exception {
        var site = site();
        // Whose queue is full answers nobody.
        try (var full = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var waiting = new ArrayList<Socket>();
            for (int i = 0; i < 4; i++) {
                var socket = new Socket();
                waiting.add(socket);
                Thread.ofVirtual().start(() -> connect(socket, full.getLocalPort()));
            }
            site.roster(full.getLocalPort(), P0, P1, R0, C0);

            var found = only(eventuallyFull(site), Fault.CONNECTION_TIMED_OUT);

            assertThat(found.cause()).startsWith("No response from 127.0.0.1 within 2 s:");
            assertThat(found.fix().orElseThrow()).startsWith("nc -vz -w 5 127.0.0.1 " + full.getLocalPort());
            for (var socket : waiting) {
                socket.close();
            }
        }
    }

    /// The queue fills at some time.
    private static List<Finding> eventuallyFull(TestSite site) {
        var findings = site.checkup().neighbours();
        for (int i = 0; i < 10 && findings.getFirst().fault().orElseThrow() != Fault.CONNECTION_TIMED_OUT; i++) {
            findings = site.checkup().neighbours();
        }
        return findings;
    }

    private static void connect(Socket socket, int port) {
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
        } catch (java.io.IOException e) {
            // The queue is full, as it should be.
        }
    }

    /// To a multicast address leads no TCP connection from anywhere.
    @Test
    void no_way_to_neighbour() throws Exception {
        var site = site();
        site.roster("https://224.0.0.1:8443", P0, P1, R0, C0);

        var found = only(site.checkup().neighbours(), Fault.NO_WAY_TO_NEIGHBOUR);

        assertThat(found.cause()).startsWith("224.0.0.1 is unreachable from here (the system says: ");
        assertThat(found.fix().orElseThrow()).startsWith("ip route get 224.0.0.1 #");
    }

    @Test
    void neighbour_authority_expired() throws Exception {
        var site = site();
        var root = TestCertificate.ec("root").asAuthority().make();
        var between = TestCertificate.ec("between")
                .endingAt(site.now.minusSeconds(60))
                .asAuthority()
                .issuedBy(root)
                .make();
        site.authorities(new Authority(root.certificate(), Set.of(R0)));
        var chain = List.of(site.plan("R0").issuedBy(between).make(), between);
        try (var relay = new FakeNeighbour(chain, List.of(site.certificate(P0)), "TLSv1.3")) {
            var found = only(ask(site, relay), Fault.NEIGHBOUR_AUTHORITY_EXPIRED);

            assertThat(found.cause())
                    .isEqualTo("The certificate of CN=between expired at " + site.now.minusSeconds(60) + ".");
            assertThat(found.fix().orElseThrow()).startsWith("shareferry doctor # at R0");
        }
    }

    @Test
    void neighbour_certificate_expired() throws Exception {
        var site = site();
        var expired = site.plan("R0").endingAt(site.now.minusSeconds(60)).make();
        site.trust(expired);
        try (var relay = new FakeNeighbour(expired, List.of(site.certificate(P0)))) {
            assertThat(only(ask(site, relay), Fault.NEIGHBOUR_CERTIFICATE_EXPIRED)
                            .cause())
                    .isEqualTo("The certificate of CN=R0 expired at " + site.now.minusSeconds(60) + ".");
        }
    }

    @Test
    void neighbour_certificate_not_yet_valid() throws Exception {
        var site = site();
        var early = site.plan("R0")
                .between(site.now.plusSeconds(3600), site.now.plusSeconds(7200))
                .make();
        site.trust(early);
        try (var relay = new FakeNeighbour(early, List.of(site.certificate(P0)))) {
            only(ask(site, relay), Fault.NEIGHBOUR_CERTIFICATE_NOT_YET_VALID);
        }
    }

    @Test
    void neighbour_has_another_name() throws Exception {
        var site = site();
        try (var other = new FakeNeighbour(site.certificate(C0), List.of(site.certificate(P0)))) {
            assertThat(only(ask(site, other), Fault.NEIGHBOUR_HAS_ANOTHER_NAME).cause())
                    .isEqualTo("This is the certificate of CN=C0, not that of R0.");
        }
    }

    @Test
    void neighbour_has_another_host() throws Exception {
        var site = site();
        var elsewhere = site.plan("R0").withDns("relay.example.org").make();
        site.trust(elsewhere);
        try (var relay = new FakeNeighbour(elsewhere, List.of(site.certificate(P0)))) {
            assertThat(only(ask(site, relay), Fault.NEIGHBOUR_HAS_ANOTHER_HOST).cause())
                    .startsWith("Its certificate is not for the host in the roster: ")
                    .contains("127.0.0.1");
        }
    }

    @Test
    void neighbour_certificate_not_trusted() throws Exception {
        var site = site();
        try (var relay = new FakeNeighbour(site.plan("R0").make(), List.of(site.certificate(P0)))) {
            assertThat(only(ask(site, relay), Fault.NEIGHBOUR_CERTIFICATE_NOT_TRUSTED)
                            .cause())
                    .startsWith("This is not a pinned certificate of R0");
        }
    }

    /// As a proxy between might do it that says nothing.
    @Test
    void a_connection_closed_without_an_alert_is_reported_as_a_possible_refusal() throws Exception {
        var site = site();
        try (var relay = new FakeNeighbour(site.certificate(R0), List.of(site.certificate(P0)))) {
            assertThat(only(ask(site, relay), Fault.OWN_CERTIFICATE_REFUSED).cause())
                    .startsWith("It closes the connection after its certificate was accepted, so it probably");
        }
    }

    @Test
    void own_certificate_refused() throws Exception {
        var site = site();
        try (var relay = new FakeNeighbour(site.certificate(R0), List.of(site.certificate(P1)))) {
            var found = only(ask(site, relay), Fault.OWN_CERTIFICATE_REFUSED);

            assertThat(found.cause())
                    .matches("It refuses this member's certificate \\(TLS alert [a-z_]*certificate[a-z_]*\\)\\.");
            assertThat(found.fix().orElseThrow())
                    .contains("# at R0", site.file("tls.crt").toString());
        }
    }

    @Test
    void own_certificate_refused_after_the_handshake() throws Exception {
        var site = site();
        try (var relay = relay(site).answers(403, "{\"type\":\"/problem-types#member-unknown\"}")) {
            var found = only(ask(site, relay), Fault.OWN_CERTIFICATE_REFUSED);

            assertThat(found.cause()).isEqualTo("It refuses this member's certificate (member unknown).");
            assertThat(found.fix().orElseThrow()).contains("roster add", "P0.member.json # at R0");
        }
    }

    /// The services connect through the proxy of the JVM; the host may have an address there only.
    @Test
    void a_neighbour_behind_a_proxy_is_asked_through_it() throws Exception {
        var site = site();
        var named = site.plan("R0").withDns("relay.invalid").make();
        site.trust(named);
        try (var relay = new FakeNeighbour(named, List.of(site.certificate(P0)))
                        .answers(200, announcement(site, site.identity(C0), site.now, Duration.ofDays(30)));
                var proxy = new FakeProxy("HTTP/1.1 200 Connected", relay.port())) {
            site.roster("https://relay.invalid:8443", P0, P1, R0, C0);

            fine(proxy.during(() -> site.checkup().neighbours()));
        }
    }

    @Test
    void a_proxy_that_refuses_connections_is_named() throws Exception {
        var site = site();
        try (var proxy = new FakeProxy("HTTP/1.1 403 Forbidden", 0)) {
            site.roster("https://relay.invalid:8443", P0, P1, R0, C0);

            var found = only(proxy.during(() -> site.checkup().neighbours()), Fault.NO_WAY_TO_NEIGHBOUR);

            assertThat(found.cause()).startsWith("The proxy 127.0.0.1:" + proxy.port() + " (https.proxyHost)");
            assertThat(found.fix().orElseThrow()).startsWith("curl -v -x http://127.0.0.1:" + proxy.port());
        }
    }

    @Test
    void a_neighbour_may_have_a_wildcard_certificate() throws Exception {
        var site = site();
        var wildcard = site.plan("R0").withDns("*.relay.invalid").make();
        site.trust(wildcard);
        try (var relay = new FakeNeighbour(wildcard, List.of(site.certificate(P0)))
                        .answers(200, announcement(site, site.identity(C0), site.now, Duration.ofDays(30)));
                var proxy = new FakeProxy("HTTP/1.1 200 Connected", relay.port())) {
            site.roster("https://one.relay.invalid:8443", P0, P1, R0, C0);

            fine(proxy.during(() -> site.checkup().neighbours()));
        }
    }

    @Test
    void tls_failed() throws Exception {
        var site = site();
        try (var old = new FakeNeighbour(site.certificate(R0), List.of(site.certificate(P0)), "TLSv1.2")) {
            assertThat(only(ask(site, old), Fault.TLS_FAILED).fix().orElseThrow())
                    .isEqualTo("openssl s_client -tls1_3 -connect 127.0.0.1:" + old.port());
        }
    }

    @Test
    void neighbour_failed() throws Exception {
        var site = site();
        try (var relay = relay(site).answers(500, "{}")) {
            assertThat(only(ask(site, relay), Fault.NEIGHBOUR_FAILED).cause()).contains("status 500");
        }
        try (var silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            site.roster(silent.getLocalPort(), P0, P1, R0, C0);

            assertThat(only(site.checkup().neighbours(), Fault.NEIGHBOUR_FAILED).cause())
                    .isEqualTo("It accepts connections but does not complete a response.");
        }
    }

    /// A corrupt neighbour could otherwise exhaust the memory of every service that runs the doctor's checks.
    @Test
    void an_endless_response_is_aborted() throws Exception {
        var site = site();
        try (var relay = relay(site).answersWithoutEnd()) {
            assertThat(only(ask(site, relay), Fault.NEIGHBOUR_FAILED).cause()).isEqualTo("Its response is too large.");
        }
    }

    @Test
    void a_response_that_stops_halfway_is_aborted() throws Exception {
        var site = site();
        try (var relay = relay(site).answersHalf()) {
            assertThat(only(ask(site, relay), Fault.NEIGHBOUR_FAILED).cause())
                    .isEqualTo("It accepts connections but does not complete a response.");
        }
    }

    @Test
    void clocks_differ() throws Exception {
        var site = site();
        try (var relay = relay(site).withClock(Duration.ofMinutes(-7))) {
            assertThat(only(ask(site, relay), Fault.CLOCKS_DIFFER).cause())
                    .matches("Its clock is [67] minutes behind this one\\.");
        }
    }

    @Test
    void clocks_drift() throws Exception {
        var site = site();
        try (var relay = relay(site).withClock(Duration.ofSeconds(130))) {
            var found = only(ask(site, relay), Fault.CLOCKS_DRIFT);

            assertThat(found.severity()).isEqualTo(Severity.WARNING);
            assertThat(found.cause()).isEqualTo("Its clock is 2 minutes ahead of this one.");
        }
    }

    @Test
    void no_announcement() throws Exception {
        var site = site();
        try (var relay = relay(site).answers(404, "{\"type\":\"/problem-types#keys-unknown\"}")) {
            var found = only(ask(site, relay), Fault.NO_ANNOUNCEMENT);

            assertThat(found.cause()).startsWith("R0 has no announcement of C0 yet");
            assertThat(found.fix().orElseThrow()).startsWith("java -jar PATH/TO/client-service.jar # at C0");
        }
    }

    @Test
    void announcement_not_signed() throws Exception {
        var site = site();
        try (var relay =
                relay(site).answers(200, announcement(site, site.identity(R0), site.now, Duration.ofDays(30)))) {
            var found = only(ask(site, relay), Fault.ANNOUNCEMENT_NOT_SIGNED);

            assertThat(found.cause()).contains("not signed with the key that the roster pins for C0");
            assertThat(found.fix().orElseThrow())
                    .startsWith("shareferry roster show --roster " + site.file("roster.json") + " # here and at C0");
        }
        try (var relay = relay(site).answers(200, "{\"announcement\":\"AAAA\",\"signature\":\"AAAA\"}")) {
            only(ask(site, relay), Fault.ANNOUNCEMENT_NOT_SIGNED);
        }
    }

    @Test
    void keys_ended() throws Exception {
        keys(Fault.KEYS_ENDED, Duration.ofDays(-31));
    }

    @Test
    void keys_end_soon() throws Exception {
        keys(Fault.KEYS_END_SOON, Duration.ofDays(-28));
    }

    @Test
    void keys_not_yet_valid() throws Exception {
        keys(Fault.KEYS_NOT_YET_VALID, Duration.ofHours(1));
    }

    private void keys(Fault fault, Duration begin) throws Exception {
        var site = site();
        try (var relay = relay(site)
                .answers(200, announcement(site, site.identity(C0), site.now.plus(begin), Duration.ofDays(30)))) {
            var found = only(ask(site, relay), fault);

            assertThat(found.checked()).isEqualTo("keys of C0");
            assertThat(found.fix().orElseThrow()).doesNotContain("shareferry doctor");
        }
    }

    @Test
    void own_service_silent() throws Exception {
        var site = new TestSite(folder, C0, 9);
        try (var held = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            site.roster(held.getLocalPort(), P0, P1, R0, C0);
        }

        var found = only(site.checkup().everything(), Fault.OWN_SERVICE_SILENT);

        assertThat(found.severity()).isEqualTo(Severity.WARNING);
        assertThat(found.cause())
                .contains("does not respond properly at the address in the roster. Connection refused");
    }

    @Test
    void own_service_failed() throws Exception {
        for (var member : List.of(R0, C0)) {
            var site = new TestSite(Files.createDirectory(folder.resolve(member.toString())), member, 9);
            try (var own = own(site, member).answers(500, "{}")) {
                pulling(site, own.port());

                var found = only(site.checkup().everything(), Fault.OWN_SERVICE_FAILED);

                assertThat(found.severity()).isEqualTo(Severity.WARNING);
                assertThat(found.cause()).contains("status 500");
            }
        }
    }

    /// No other check asks for these keys: those of a client in push mode, at the client, and those of a client in
    /// pull mode, at the relay.
    @Test
    void keys_served_by_the_own_service_are_checked() throws Exception {
        for (var member : List.of(R0, C0)) {
            var site = new TestSite(Files.createDirectory(folder.resolve(member.toString())), member, 9);
            try (var own = own(site, member)) {
                pulling(site, own.port());

                own.answers(200, announcement(site, site.identity(C0), site.now, Duration.ofDays(30)));
                fine(site.checkup().everything());
                assertThat(site.checkup().everything())
                        .filteredOn(finding -> finding.checked().equals("keys of C0"))
                        .hasSize(1);

                own.answers(200, announcement(site, site.identity(P0), site.now, Duration.ofDays(30)));
                only(site.checkup().everything(), Fault.ANNOUNCEMENT_NOT_SIGNED);
            }
        }
    }

    @Test
    void no_remedy_for_the_own_service_says_to_run_the_doctor_again() throws Exception {
        for (var member : List.of(R0, C0)) {
            var site = new TestSite(Files.createDirectory(folder.resolve(member.toString())), member, 9);
            try (var own = own(site, member)) {
                pulling(site, own.port());

                own.answers(200, "{}");
                assertThat(only(site.checkup().everything(), Fault.NEIGHBOUR_FAILED)
                                .fix()
                                .orElseThrow())
                        .startsWith("shareferry roster show --roster ")
                        .doesNotContain("doctor");
            }
        }
        var client = new TestSite(Files.createDirectory(folder.resolve("client")), C0, 9);
        try (var own = own(client, C0)) {
            pulling(client, own.port());

            own.answers(200, announcement(client, client.identity(P0), client.now, Duration.ofDays(30)));
            assertThat(only(client.checkup().everything(), Fault.ANNOUNCEMENT_NOT_SIGNED)
                            .fix()
                            .orElseThrow())
                    .contains("correct shareferry.identity-key")
                    .doesNotContain("doctor");
        }
    }

    private static FakeNeighbour own(TestSite site, MemberName member) throws Exception {
        return new FakeNeighbour(site.certificate(member), List.of(site.certificate(member)));
    }

    /// The relay has an address, and C0 only if it is the member that is checked.
    private static void pulling(TestSite site, int port) throws Exception {
        site.roster(port, P0, P1, R0, C0);
        if (site.site().member().equals(R0)) {
            var lines = Roster.parse(Files.readString(site.file("roster.json"))).members().stream()
                    .map(line -> new Member(
                            line.name(),
                            line.name().equals(C0) ? Optional.empty() : line.address(),
                            line.identityKeys()))
                    .toList();
            Files.writeString(site.file("roster.json"), Roster.of(lines).toJson());
        }
    }
}
