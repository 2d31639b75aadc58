// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.member.MemberName;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.Caller.NoAnswerException;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.Certificate.Term;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.site.trust.AuthoritiesFile;
import org.shareferry.site.trust.Authority;
import org.shareferry.standin.HeldPorts;

/// Whom C0's running service believes, in both directions. It pins its neighbours, two of which have certificates
/// that say CA:TRUE of themselves; it named an authority for P0, and one of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustOverTlsTest {
    private static final MemberName P0 = MemberName.party(0);

    private final SettableClock clock = new SettableClock();
    private final Certificate user = Certificate.of("user");
    private final Certificate relay = Certificate.of("R0", Term.YEAR.authority());
    private final Certificate expiredParty = Certificate.of("P2", Term.OVER.authority());
    private final Certificate party = Certificate.of("P1", Term.YEAR.authority());
    private final Certificate ofP0 = Certificate.of("P0's authority", Term.YEAR.authority());
    private final Certificate ownAuthority = Certificate.of("own authority", Term.YEAR.authority());
    private Path folder;
    private TestMembers members;
    private ClientHost client;
    private HeldPorts relayPort;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        relayPort = HeldPorts.inARow(1);
        members = new TestMembers(folder, relayPort.first());
        authorities(
                new Authority(ofP0.certificate(), Set.of(P0)),
                new Authority(ownAuthority.certificate(), Set.of(TestMembers.C0)));
        trust(user, relay, expiredParty, party);
        client = ClientHost.start(
                members,
                clock,
                "shareferry.monitors=monitor",
                "shareferry.tls.authorities=" + folder.resolve("authorities.json"));
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        relayPort.close();
    }

    @BeforeEach
    void everybodyIsTrusted() throws Exception {
        trust(user, relay, expiredParty, party);
        await().until(() -> isAnswered(user) && isAnswered(party));
    }

    private void trust(Certificate... pins) throws Exception {
        var pem = new StringBuilder();
        for (var pin : pins) {
            pem.append(pin.pem());
        }
        replace("trust.pem", pem.toString());
    }

    private void authorities(Authority... authorities) throws Exception {
        replace("authorities.json", AuthoritiesFile.toJson(List.of(authorities)));
    }

    private void replace(String name, String content) throws IOException {
        var fresh = Files.writeString(folder.resolve(name + ".new"), content);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private boolean isAnswered(Certificate certificate) {
        try {
            return client.as(certificate).get("/v1/keys").status() == 200;
        } catch (NoAnswerException e) {
            return false;
        }
    }

    private void noAnswer(Certificate certificate, String path) {
        assertThatExceptionOfType(NoAnswerException.class)
                .as("%s for %s", path, certificate.certificate().getSubjectX500Principal())
                .isThrownBy(() -> client.as(certificate).get(path));
    }

    @Test
    void the_holder_of_a_pinned_authority_certificate_reads_nothing_in_another_name() {
        for (var name : List.of("user", "C0", "monitor", "P0", "R0")) {
            noAnswer(relay.issue(name), "/v1/results");
            noAnswer(relay.issue(name), "/metrics");
        }
        assertThat(client.as(relay).get("/v1/results").problem()).isEqualTo("not-allowed");
    }

    @Test
    void a_certificate_issued_by_an_expired_pinned_one_is_refused_as_expired() {
        noAnswer(expiredParty.issue("user"), "/v1/results");
        noAnswer(expiredParty.issue("P2"), "/v1/keys");
        assertThat(client.as(expiredParty).get("/v1/keys").problem()).isEqualTo("certificate-expired");
    }

    @Test
    void an_authority_issues_for_the_member_that_it_is_named_for_and_nobody_else() {
        assertThat(client.as(ofP0.issue("P0")).get("/v1/keys").status()).isEqualTo(200);
        for (var name : List.of("P1", "R0", "C0", "user", "monitor")) {
            noAnswer(ofP0.issue(name), "/v1/keys");
        }
    }

    @Test
    void the_own_authority_issues_users_and_monitors_and_no_neighbours() {
        assertThat(client.as(ownAuthority.issue("user")).get("/v1/results").status())
                .isEqualTo(200);
        assertThat(client.as(ownAuthority.issue("monitor")).get("/metrics").status())
                .isEqualTo(200);
        for (var name : List.of("P0", "P1", "R0")) {
            noAnswer(ownAuthority.issue(name), "/v1/keys");
        }
    }

    @Test
    void an_expired_intermediate_certifies_nobody() {
        var current = ofP0.issue("intermediate", Term.YEAR.authority());
        var expired = ofP0.issue("intermediate", Term.OVER.authority());

        assertThat(client.as(current.issue("P0")).get("/v1/keys").status()).isEqualTo(200);
        noAnswer(expired.issue("P0"), "/v1/keys");
        noAnswer(ofP0.issue("P0", Term.OVER), "/v1/keys");
    }

    @Test
    void while_a_certificate_is_renewed_both_are_accepted_and_afterwards_one() throws Exception {
        var renewed = Certificate.of("user");
        trust(user, renewed, relay);
        await().until(() -> isAnswered(renewed));
        assertThat(client.as(user).get("/v1/results").status()).isEqualTo(200);
        var kept = client.as(user);
        assertThat(kept.get("/v1/results").status()).isEqualTo(200);

        trust(renewed, relay);

        await().until(() -> !isAnswered(user));
        assertThat(client.as(renewed).get("/v1/results").status()).isEqualTo(200);
        // On a connection from before, or with a session from before.
        assertGetsNothing(kept);
    }

    private static void assertGetsNothing(Caller caller) {
        try {
            assertThat(caller.get("/v1/results").problem()).isEqualTo("certificate-not-trusted");
        } catch (NoAnswerException e) {
            // Its connection had ended, and the handshake of the next one failed.
        }
    }

    @Test
    void a_kept_connection_is_checked_again_when_the_certificate_expires() {
        var brief = ownAuthority.issue(
                "user",
                new Term(SettableClock.START.minusSeconds(60), clock.instant().plusSeconds(60), false));
        var kept = client.as(brief);
        assertThat(kept.get("/v1/results").status()).isEqualTo(200);

        clock.advance(java.time.Duration.ofMinutes(2));

        assertThat(kept.get("/v1/results").problem()).isEqualTo("certificate-expired");
    }

    @Test
    void an_open_event_stream_ends_when_its_certificate_is_no_longer_trusted() throws Exception {
        try (var http = HttpClient.newBuilder()
                .sslContext(user.context(members.certificates()))
                .build()) {
            var response = http.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + client.port() + "/v1/results"))
                            .header("Accept", "text/event-stream")
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            var end = CompletableFuture.runAsync(() -> readToTheEnd(response.body()));
            assertThat(end).isNotDone();

            trust(relay);

            assertThat(end).succeedsWithin(Duration.ofMinutes(1));
        }
    }

    private static void readToTheEnd(InputStream stream) {
        try (stream) {
            stream.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It was broken off.
        }
    }

    @Test
    void a_new_certificate_is_served_though_other_files_in_its_folder_keep_changing() throws Exception {
        var renewed = Certificate.of("C0");
        var busy = new AtomicBoolean(true);
        var log = Thread.ofVirtual().start(() -> {
            while (busy.get()) {
                try {
                    Files.writeString(folder.resolve("service.log"), "line " + System.nanoTime());
                    TimeUnit.MILLISECONDS.sleep(50);
                } catch (IOException | InterruptedException e) {
                    return;
                }
            }
        });
        try {
            renewed.write(folder, "tls");

            await().atMost(java.time.Duration.ofSeconds(10)).until(() -> served().equals(renewed.certificate()));
        } finally {
            busy.set(false);
            log.join();
            members.certificate("C0").write(folder, "tls");
            await().until(() -> served().equals(members.certificate("C0").certificate()));
        }
    }

    /// Whatever it is, so that it can be told which.
    private X509Certificate served() throws Exception {
        var seen = new ArrayList<X509Certificate>();
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new javax.net.ssl.TrustManager[] {new Looking(seen)}, null);
        try (var socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), client.port())) {
            socket.startHandshake();
        }
        return seen.getFirst();
    }

    private record Looking(List<X509Certificate> seen) implements javax.net.ssl.X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            seen.add(chain[0]);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private HttpsServer relayThatShows(Certificate certificate) throws IOException {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), relayPort.first()), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context(members.certificates())));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private Answer askRelayThatShows(Certificate certificate) throws IOException {
        var server = relayThatShows(certificate);
        try {
            return client.bean(Neighbours.class).get(TestMembers.R0, "/v1/status");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_relay_without_its_pinned_certificate_gets_nothing() throws Exception {
        assertThat(askRelayThatShows(relay)).isInstanceOf(Answer.Accepted.class);
        for (var posing : List.of(
                relay.issue("R0"),
                party,
                party.issue("R0"),
                ofP0.issue("R0"),
                ownAuthority.issue("R0"),
                expiredParty.issue("R0"),
                Certificate.of("R0"))) {
            assertThat(askRelayThatShows(posing)).isInstanceOf(Answer.Unavailable.class);
        }
        assertThat(askRelayThatShows(relay)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_pinned_certificate_for_another_host_is_refused_where_it_is_dialled() throws Exception {
        var elsewhere = Certificate.at("elsewhere.example", "R0");
        trust(user, relay, elsewhere);
        await().until(() -> isAnswered(elsewhere));

        assertThat(askRelayThatShows(elsewhere)).isInstanceOf(Answer.Unavailable.class);
        assertThat(askRelayThatShows(relay)).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void the_relays_certificate_is_checked_again_on_a_kept_connection() throws Exception {
        var brief = Certificate.of(
                "R0", SettableClock.START.minusSeconds(60), clock.instant().plusSeconds(60));
        trust(user, relay, brief);
        await().until(() -> isAnswered(brief));
        var neighbours = client.bean(Neighbours.class);
        var server = relayThatShows(brief);
        try {
            assertThat(neighbours.get(TestMembers.R0, "/v1/status")).isInstanceOf(Answer.Accepted.class);

            clock.advance(java.time.Duration.ofMinutes(2));

            assertThat(neighbours.get(TestMembers.R0, "/v1/status"))
                    .isInstanceOfSatisfying(
                            Answer.Unavailable.class,
                            refused -> assertThat(refused.reason()).contains("no longer accepted"));
        } finally {
            server.stop(0);
        }
    }
}
