// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.Member;
import org.shareferry.relay.fixture.CapturedOutput;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.StubClient.Reply;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;

/// Stopping and starting, running out of room, and what operators see meanwhile.
@DisplayNameGeneration(ReplaceUnderscores.class)
class LifecycleTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder;

    private World world;

    @BeforeEach
    void makeWorld() {
        world = new World(folder);
        world.client().start();
    }

    @AfterEach
    void close() {
        world.client().close();
    }

    private RunningRelay start(String... settings) {
        var relay = RunningRelay.start(world, clock, settings);
        await().atMost(RunningRelay.patience())
                .until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
        return relay;
    }

    private List<Envelope> envelopes(DeliveryFacts facts) {
        return List.of(
                Draft.of(world, facts, P0).seal(),
                Draft.of(world, facts, P1).seal(),
                Draft.of(world, facts, P0).at(1).seal(),
                Draft.of(world, facts, P1).at(1).seal());
    }

    private static void submit(RunningRelay relay, Envelope envelope) {
        assertThat(relay.as(envelope.header().sender()).submit(envelope).status())
                .isEqualTo(202);
    }

    private static String state(RunningRelay relay, DeliveryId id) {
        return relay.as(P0).get("/v1/deliveries/" + id).json().path("state").asString("none");
    }

    private void eventually(RunningRelay relay, DeliveryId id, String state) {
        await().atMost(RunningRelay.patience()).until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return state(relay, id).equals(state);
        });
    }

    @Test
    void a_restarted_relay_goes_on_where_it_was_with_the_same_bytes() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        var facts = Draft.delivery();
        var envelopes = envelopes(facts);
        try (var relay = start()) {
            envelopes.subList(0, 3).forEach(envelope -> submit(relay, envelope));
            await().until(() -> !world.client().bundles().isEmpty());
        }
        var before = world.client().bundles().getFirst();
        world.client().answerWithReceipts();

        try (var relay = start()) {
            submit(relay, envelopes.get(0));
            submit(relay, envelopes.get(3));
            eventually(relay, facts.id(), "delivered");
            assertThat(relay.stored(facts.id())).isEqualTo(4);
        }

        assertThat(world.client().bundles()).contains(before);
        assertThat(world.client().bundles().stream().distinct()).hasSize(2);
    }

    @Test
    void a_push_that_the_stop_cut_off_is_made_again() {
        var pushing = new CountDownLatch(1);
        Function<Bundle, Reply> receipt = world.client()::receiptFor;
        world.client().answer(bundle -> {
            pushing.countDown();
            return Reply.problem(500, "about:blank");
        });
        var facts = Draft.delivery();
        try (var relay = start()) {
            envelopes(facts).forEach(envelope -> submit(relay, envelope));
            await().until(() -> pushing.getCount() == 0);
        }
        world.client().answer(receipt);

        try (var relay = start()) {
            eventually(relay, facts.id(), "delivered");
        }
    }

    @Test
    void a_sender_whose_quota_is_used_up_is_told_to_come_again_until_its_envelopes_are_released() {
        var facts = Draft.delivery();
        var envelopes = envelopes(facts);
        long two = 2L * envelopes.getFirst().encode().size() + 100;
        // Nothing is delivered at first, so nothing makes room.
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        try (var relay = start("shareferry.relay.quota=" + two + "B", "shareferry.relay.retention=1h")) {
            envelopes.forEach(envelope -> submit(relay, envelope));
            var next = envelopes(Draft.delivery());

            var reply = relay.as(P0).submit(next.getFirst());

            assertThat(reply.status()).isEqualTo(429);
            assertThat(reply.problem()).isEqualTo("quota-used-up");
            assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
            assertThat(relay.stored(next.getFirst().header().facts().id())).isZero();
            assertThat(state(relay, next.getFirst().header().facts().id())).isEqualTo("none");
            assertThat(relay.as(P0).submit(envelopes.getFirst()).status()).isEqualTo(202);

            world.client().answerWithReceipts();
            eventually(relay, facts.id(), "delivered");
            clock.advance(Duration.ofMinutes(61));
            relay.tidy();
            submit(relay, next.getFirst());
        }
    }

    @Test
    void what_is_delivered_makes_room_before_its_retention_is_over_for_a_sender_that_has_hardly_any_left() {
        var facts = Draft.delivery();
        var crowded = envelopes(facts);
        long two = 2L * crowded.getFirst().encode().size();
        try (var relay = start("shareferry.relay.quota=" + two + "B")) {
            crowded.forEach(envelope -> submit(relay, envelope));
            eventually(relay, facts.id(), "delivered");

            relay.tidy();

            var next = envelopes(Draft.delivery());
            next.subList(0, 2).forEach(envelope -> submit(relay, envelope));
            // Half of the quota is not a crowd.
            relay.tidy();
            assertThat(relay.stored(next.getFirst().header().facts().id())).isEqualTo(2);
        }
    }

    @Test
    void what_is_delivered_is_kept_for_a_day_unless_told_otherwise() {
        var facts = Draft.delivery();
        try (var relay = start()) {
            envelopes(facts).forEach(envelope -> submit(relay, envelope));
            eventually(relay, facts.id(), "delivered");

            clock.advance(Duration.ofHours(23));
            relay.tidy();
            assertThat(relay.stored(facts.id())).isEqualTo(4);

            clock.advance(Duration.ofHours(2));
            relay.tidy();
            assertThat(relay.stored(facts.id())).isZero();
        }
    }

    @Test
    void operators_see_how_long_an_envelope_waits_for_those_of_other_parties() {
        var facts = Draft.delivery();
        var envelopes = envelopes(facts);
        try (var relay = start()) {
            assertThat(oldestEnvelope(relay)).isZero();
            submit(relay, envelopes.get(0));
            clock.advance(Duration.ofMinutes(10));
            submit(relay, envelopes.get(2));
            assertThat(oldestEnvelope(relay)).isEqualTo(600);

            submit(relay, envelopes.get(1));
            clock.advance(Duration.ofMinutes(1));
            assertThat(oldestEnvelope(relay)).isEqualTo(60);

            clock.advance(Duration.ofDays(7));
            relay.tidy();
            assertThat(oldestEnvelope(relay)).as("after it expired").isZero();
        }
    }

    @Test
    void an_envelope_that_is_refused_for_another_ones_sake_does_not_count_as_waiting() {
        var facts = Draft.delivery();
        try (var relay = start()) {
            submit(relay, Draft.of(world, facts, P0).seal());
            submit(
                    relay,
                    Draft.of(world, facts, P1)
                            .saying(Draft.withLabel(facts, 99))
                            .seal());
            clock.advance(Duration.ofMinutes(10));

            assertThat(state(relay, facts.id())).isEqualTo("refused");
            assertThat(oldestEnvelope(relay)).isZero();
        }
    }

    private static double oldestEnvelope(RunningRelay relay) {
        var line = Pattern.compile("shareferry_envelopes_oldest_age_seconds(?:\\{[^}]*})? ([0-9.E]+)")
                .matcher(manage(relay, "/actuator/prometheus"));
        assertThat(line.find()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void every_reason_to_refuse_an_envelope_is_counted_from_zero_on() {
        try (var relay = start()) {
            var metrics = manage(relay, "/actuator/prometheus");

            for (var reason : List.of("sender-not-caller", "recipient-key-unknown", "quota-used-up", "clock-skew")) {
                assertThat(metrics)
                        .containsPattern("shareferry_envelopes_refused_total\\{.*reason=\"" + reason + "\".*} 0");
            }
        }
    }

    @Test
    void what_is_delivered_goes_after_its_retention_and_what_is_not_stays_until_it_expires() {
        var delivered = Draft.delivery();
        var waiting = Draft.delivery();
        try (var relay = start("shareferry.relay.retention=1h")) {
            envelopes(delivered).forEach(envelope -> submit(relay, envelope));
            submit(relay, envelopes(waiting).getFirst());
            eventually(relay, delivered.id(), "delivered");
            relay.tidy();
            assertThat(relay.stored(delivered.id())).isEqualTo(4);

            clock.advance(Duration.ofMinutes(61));
            relay.tidy();
            assertThat(relay.stored(delivered.id())).isZero();
            assertThat(state(relay, delivered.id())).isEqualTo("delivered");
            assertThat(relay.as(P1)
                            .get("/v1/deliveries/" + delivered.id() + "/receipts")
                            .json()
                            .get("receipts"))
                    .hasSize(2);
            assertThat(relay.stored(waiting.id())).isOne();

            clock.advance(Duration.ofDays(7));
            relay.tidy();
            assertThat(state(relay, waiting.id())).isEqualTo("expired");
            assertThat(relay.stored(waiting.id())).isZero();

            clock.advance(Duration.ofDays(8));
            relay.tidy();
            assertThat(state(relay, delivered.id())).isEqualTo("none");
            assertThat(state(relay, waiting.id())).isEqualTo("none");
        }
    }

    @Test
    void an_envelope_whose_content_is_released_is_not_stored_a_second_time() {
        var facts = Draft.delivery();
        var envelopes = envelopes(facts);
        try (var relay = start("shareferry.relay.retention=0s")) {
            envelopes.forEach(envelope -> submit(relay, envelope));
            eventually(relay, facts.id(), "delivered");
            clock.advance(Duration.ofMinutes(1));
            relay.tidy();

            submit(relay, envelopes.getFirst());

            assertThat(relay.stored(facts.id())).isZero();
        }
    }

    @Test
    void bundles_are_pushed_to_a_client_that_the_roster_gives_an_address_later() {
        var roster = world.roster();
        var line = roster.find(C0).orElseThrow();
        world.writeRoster(roster.with(new Member(C0, Optional.empty(), line.identityKeys())));
        var facts = Draft.delivery();
        try (var relay = RunningRelay.start(world, clock)) {
            var signed = world.announcement(C0);
            relay.as(C0)
                    .putJson(
                            "/v1/members/C0/keys",
                            "{\"announcement\":\"" + signed.announcement().toBase64Url() + "\",\"signature\":\""
                                    + signed.signature().toBase64Url() + "\"}");
            envelopes(facts).forEach(envelope -> submit(relay, envelope));
            assertThat(state(relay, facts.id())).isEqualTo("bundled");

            world.writeRoster(roster);
            clock.advance(Duration.ofSeconds(2));
            relay.tidy();

            eventually(relay, facts.id(), "delivered");
        }
    }

    @Test
    void a_busy_database_is_answered_503_with_retry_after() throws SQLException {
        try (var relay = start("spring.datasource.hikari.data-source-properties.busy_timeout=50");
                var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("relay.db"));
                var statement = other.createStatement()) {
            var envelope = envelopes(Draft.delivery()).getFirst();
            statement.execute("BEGIN IMMEDIATE");

            var reply = relay.as(P0).submit(envelope);

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.problem()).isEqualTo("store-busy");
            assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
            statement.execute("ROLLBACK");
            submit(relay, envelope);
        }
    }

    @Test
    void operators_see_metrics_and_a_client_out_of_reach_while_the_relay_stays_ready() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        var facts = Draft.delivery();
        try (var relay = start()) {
            envelopes(facts).forEach(envelope -> submit(relay, envelope));
            relay.as(P1).submit(envelopes(facts).getFirst());
            await().until(() -> manage(relay, "/actuator/health").contains("it responded with status 503"));
            clock.advance(Duration.ofMinutes(10));

            assertThat(ask(relay, "/actuator/health/readiness").statusCode()).isEqualTo(200);
            assertThat(ask(relay, "/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(ask(relay, "/actuator/health").statusCode()).isEqualTo(200);
            assertThat(manage(relay, "/actuator/health")).contains("\"db\"").contains("\"clients\"");
            assertThat(manage(relay, "/actuator/prometheus"))
                    .containsPattern("shareferry_envelopes_stored_total\\{.*} 4")
                    .containsPattern("shareferry_envelopes_refused_total\\{.*reason=\"sender-not-caller\".*} 1")
                    .containsPattern("shareferry_bundles_push_seconds_count\\{.*} [1-9]")
                    .containsPattern("shareferry_bundles_postponed_total\\{.*} [1-9]")
                    .containsPattern("shareferry_bundles_oldest_age_seconds\\{.*} [6-9][0-9][0-9]");
            world.client().answerWithReceipts();
            eventually(relay, facts.id(), "delivered");
            assertThat(manage(relay, "/actuator/prometheus"))
                    .containsPattern("shareferry_bundles_delivered_total\\{.*} 2")
                    .containsPattern("shareferry_bundles_oldest_age_seconds\\{.*} 0");
            assertThat(manage(relay, "/actuator/health")).contains("reachable");
        }
    }

    private static HttpResponse<String> ask(RunningRelay relay, String path) {
        try (var http = HttpClient.newHttpClient()) {
            var address = URI.create("http://127.0.0.1:" + relay.managementPort() + path);
            return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String manage(RunningRelay relay, String path) {
        return ask(relay, path).body();
    }

    @Test
    void logs_name_delivery_chunk_and_member_and_hold_nothing_of_an_envelope() {
        var facts = Draft.delivery();
        var envelopes = envelopes(facts);
        world.client().answer(bundle -> Reply.problem(422, "/problem-types#ciphertext-wrong"));
        String log;
        try (var output = CapturedOutput.begin();
                var relay = start("logging.level.root=DEBUG", "logging.level.org.shareferry=TRACE")) {
            envelopes.forEach(envelope -> submit(relay, envelope));
            relay.as(P1).submit(envelopes.getFirst());
            relay.as(P0)
                    .postJson(
                            "/v1/envelopes",
                            "{\"enc\":\"" + envelopes.getFirst().enc().toBase64Url() + "\"");
            eventually(relay, facts.id(), "refused");
            log = output.text();
        }

        assertThat(log)
                .contains("\"delivery\":\"" + facts.id() + "\"")
                .contains("\"chunk\":\"values 1\"")
                .contains("\"member\":\"P1\"");
        for (var envelope : envelopes) {
            for (var part : List.of(envelope.enc(), envelope.ciphertext(), envelope.signature())) {
                var bytes = part.toArray();
                for (int at = 0; at + 12 <= bytes.length; at += 12) {
                    var piece = Bytes.ofRange(bytes, at, at + 12);
                    assertThat(log.contains(piece.toHex())).isFalse();
                    assertThat(log.contains(piece.toBase64Url())).isFalse();
                }
            }
        }
    }
}
