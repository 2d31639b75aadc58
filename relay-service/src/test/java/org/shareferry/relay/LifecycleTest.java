// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;

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
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.StubClient.Reply;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.CapturedOutput;
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
        await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
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
        await().until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return state(relay, id).equals(state);
        });
    }

    @Test
    void a_restarted_relay_pushes_the_same_bytes() {
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
            eventually(relay, facts.id(), "received");
            assertThat(relay.stored(facts.id())).isEqualTo(4);
        }

        assertThat(world.client().bundles()).contains(before);
        assertThat(world.client().bundles().stream().distinct()).hasSize(2);
    }

    @Test
    void an_interrupted_push_is_repeated_after_a_restart() {
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
            eventually(relay, facts.id(), "received");
        }
    }

    @Test
    void an_exceeded_quota_is_answered_429_until_envelopes_are_released() {
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
            eventually(relay, facts.id(), "received");
            clock.advance(Duration.ofMinutes(61));
            relay.tidy();
            submit(relay, next.getFirst());
        }
    }

    @Test
    void received_content_is_released_early_for_a_sender_close_to_its_quota() {
        var facts = Draft.delivery();
        var crowded = envelopes(facts);
        long two = 2L * crowded.getFirst().encode().size();
        try (var relay = start("shareferry.relay.quota=" + two + "B")) {
            crowded.forEach(envelope -> submit(relay, envelope));
            eventually(relay, facts.id(), "received");

            relay.tidy();

            var next = envelopes(Draft.delivery());
            next.subList(0, 2).forEach(envelope -> submit(relay, envelope));
            // Half of the quota is not a crowd.
            relay.tidy();
            assertThat(relay.stored(next.getFirst().header().facts().id())).isEqualTo(2);
        }
    }

    @Test
    void received_content_is_kept_for_a_day_by_default() {
        var facts = Draft.delivery();
        try (var relay = start()) {
            envelopes(facts).forEach(envelope -> submit(relay, envelope));
            eventually(relay, facts.id(), "received");

            clock.advance(Duration.ofHours(23));
            relay.tidy();
            assertThat(relay.stored(facts.id())).isEqualTo(4);

            clock.advance(Duration.ofHours(2));
            relay.tidy();
            assertThat(relay.stored(facts.id())).isZero();
        }
    }

    @Test
    void a_metric_shows_how_long_an_envelope_waits_for_other_parties() {
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
    void a_refused_place_does_not_count_as_waiting() {
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
                .matcher(relay.managed("/actuator/prometheus").text());
        assertThat(line.find()).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @Test
    void refusal_counters_start_at_zero() {
        try (var relay = start()) {
            var metrics = relay.managed("/actuator/prometheus").text();

            for (var reason : List.of("sender-not-caller", "recipient-key-unknown", "quota-used-up", "clock-skew")) {
                assertThat(metrics)
                        .containsPattern("shareferry_envelopes_refused_total\\{.*reason=\"" + reason + "\".*} 0");
            }
        }
    }

    @Test
    void received_content_is_deleted_after_its_retention_and_other_content_when_it_expires() {
        var delivered = Draft.delivery();
        var waiting = Draft.delivery();
        try (var relay = start("shareferry.relay.retention=1h")) {
            envelopes(delivered).forEach(envelope -> submit(relay, envelope));
            submit(relay, envelopes(waiting).getFirst());
            eventually(relay, delivered.id(), "received");
            relay.tidy();
            assertThat(relay.stored(delivered.id())).isEqualTo(4);

            clock.advance(Duration.ofMinutes(61));
            relay.tidy();
            assertThat(relay.stored(delivered.id())).isZero();
            assertThat(state(relay, delivered.id())).isEqualTo("received");
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
            eventually(relay, facts.id(), "received");
            clock.advance(Duration.ofMinutes(1));
            relay.tidy();

            submit(relay, envelopes.getFirst());

            assertThat(relay.stored(facts.id())).isZero();
        }
    }

    @Test
    void bundles_are_pushed_once_the_roster_has_an_address() {
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

            eventually(relay, facts.id(), "received");
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
    void an_unreachable_client_is_reported_and_the_relay_stays_ready() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        var facts = Draft.delivery();
        try (var relay = start()) {
            envelopes(facts).forEach(envelope -> submit(relay, envelope));
            relay.as(P1).submit(envelopes(facts).getFirst());
            await().until(() -> relay.managed("/actuator/health").text().contains("it responded with status 503"));
            clock.advance(Duration.ofMinutes(10));

            assertThat(relay.managed("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(relay.managed("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(relay.managed("/actuator/health").status()).isEqualTo(200);
            assertThat(relay.managed("/actuator/health").text())
                    .contains("\"db\"")
                    .contains("\"clients\"");
            assertThat(relay.managed("/actuator/prometheus").text())
                    .containsPattern("shareferry_envelopes_stored_total\\{.*} 4")
                    .containsPattern("shareferry_envelopes_refused_total\\{.*reason=\"sender-not-caller\".*} 1")
                    .containsPattern("shareferry_bundles_push_seconds_count\\{.*} [1-9]")
                    .containsPattern("shareferry_bundles_postponed_total\\{.*} [1-9]")
                    .containsPattern("shareferry_bundles_oldest_age_seconds\\{.*} [6-9][0-9][0-9]");
            world.client().answerWithReceipts();
            eventually(relay, facts.id(), "received");
            assertThat(relay.managed("/actuator/prometheus").text())
                    .containsPattern("shareferry_bundles_received_total\\{.*} 2")
                    .containsPattern("shareferry_bundles_oldest_age_seconds\\{.*} 0");
            assertThat(relay.managed("/actuator/health").text()).contains("reachable");
        }
    }

    @Test
    void logs_name_delivery_chunk_and_member_but_no_envelope_content() {
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
