// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.client.change.Changes;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.webhook.ReceiverStub.Reply;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.CapturedLog;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.health.FindingsOfWork;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Lease;
import org.shareferry.service.work.Pacing;
import org.shareferry.site.settings.WebhookProperties;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// What a webhook sends, with a real database and a real receiver. Each step is taken by the test.
class WebhookTest {
    private static final Bytes OUTPUT = header(TestDelivery.facts(Scheme.ADDITIVE, 3));
    private static final Bytes REQUEST = header(request());

    private final SettableClock clock = new SettableClock();
    private final AtomicLong nanos = new AtomicLong();
    private final List<FindingsOfWork> found = new ArrayList<>();
    private final MeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path folder = Path.of("");

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private @Nullable ReceiverStub stub;

    private static DeliveryFacts request() {
        return new DeliveryFacts(
                new DeliveryId(new RunId(8, 1), 0),
                new Shape(3, 4),
                new Domain.Ring(128, 64),
                Scheme.INPUT,
                0,
                9,
                TestMembers.C0,
                List.of(TestMembers.P0, TestMembers.P1),
                "spdz2k",
                true,
                true,
                1,
                32,
                Bytes.empty());
    }

    private static Bytes header(DeliveryFacts facts) {
        var key = IdentityKey.generate().publicKey().id();
        var recipient = OpeningKey.generate().sealingKey().id();
        return new Header(facts, new Place(Kind.VALUES, 0), TestMembers.P0, key, recipient, SettableClock.START)
                .encode();
    }

    @BeforeEach
    void start() throws Exception {
        var source = TestDatabase.migrated(folder.resolve("client.db"));
        context.registerBean(DataSource.class, () -> source);
        context.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
        context.registerBean(
                TransactionTemplate.class, () -> new TransactionTemplate(new DataSourceTransactionManager(source)));
        context.registerBean(SettableClock.class, () -> clock);
        context.register(CommitSignal.class, CommitNumbers.class, Changes.class, WebhookStore.class);
        context.refresh();
        var secret = Files.writeString(
                folder.resolve("webhook.secret"), "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        stub = new ReceiverStub(Optional.empty());
        store().begin();
    }

    @AfterEach
    void stop() {
        receiver().close();
        context.close();
    }

    private ReceiverStub receiver() {
        return Objects.requireNonNull(stub);
    }

    private WebhookStore store() {
        return context.getBean(WebhookStore.class);
    }

    private JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    private Webhook webhook() {
        return webhook(receiver().url(), null, false);
    }

    /// @param isShared whether another replica may hold the lease
    private Webhook webhook(String url, @Nullable Path trust, boolean isShared) {
        var properties = new WebhookProperties(
                url,
                folder.resolve("webhook.secret"),
                trust,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofHours(24));
        return new Webhook(
                store(),
                new WebhookSender(properties, JsonMapper.shared(), clock),
                properties,
                new Lease("webhook", jdbc(), isShared, nanos::get),
                new Pacing(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)), nanos::get),
                context.getBean(CommitSignal.class),
                clock,
                event -> found.add((FindingsOfWork) event),
                meters);
    }

    /// A delivery that ends now.
    ///
    /// @param verdict empty if it expires
    private String end(int run, Bytes header, String verdict) {
        var id = "%032x-0,P0,P1".formatted(run);
        context.getBean(TransactionTemplate.class).executeWithoutResult(status -> {
            jdbc().sql("""
                            INSERT INTO delivery (id, header, place_count, received, state, verdict, first_seen, changed,
                                expires)
                            VALUES (:id, :header, 1, 1, :state, NULLIF(:verdict, ''), 0, 0, 0)""")
                    .param("id", id)
                    .param("header", header.toArray())
                    .param("state", verdict.isEmpty() ? "expired" : "checked")
                    .param("verdict", verdict)
                    .update();
            context.getBean(Changes.class).note(id);
        });
        return id;
    }

    private void ask(String id) {
        jdbc().sql("INSERT INTO request (delivery, created) VALUES (:id, 0)")
                .param("id", id)
                .update();
    }

    private void change(String id, String assignment) {
        context.getBean(TransactionTemplate.class).executeWithoutResult(status -> {
            jdbc().sql("UPDATE delivery SET " + assignment + " WHERE id = :id")
                    .param("id", id)
                    .update();
            context.getBean(Changes.class).note(id);
        });
    }

    private static void untilIdle(Webhook webhook) throws Exception {
        while (webhook.step()) {
            Thread.onSpinWait();
        }
    }

    private List<String> told() {
        return receiver().requests().stream()
                .map(request -> request.json().path("type").asString() + " "
                        + request.json().at("/data/verdict").asString("-"))
                .toList();
    }

    @Test
    void each_end_is_sent_once_in_commit_order_and_later_changes_are_not_sent() throws Exception {
        var first = end(3, OUTPUT, "VERIFIED");
        end(1, OUTPUT, "REJECTED");
        end(2, OUTPUT, "");
        var webhook = webhook();

        untilIdle(webhook);
        change(first, "values_deleted = 1, values_left = TRUE");
        change(first, "state = 'deleted'");
        end(4, OUTPUT, "UNVERIFIED");
        untilIdle(webhook());

        assertThat(told())
                .containsExactly(
                        "result.checked VERIFIED",
                        "result.checked REJECTED",
                        "result.expired -",
                        "result.checked UNVERIFIED");
    }

    /// It was deleted while the receiver was down, for example.
    @Test
    void an_end_is_sent_even_if_the_delivery_was_deleted_since() throws Exception {
        change(end(1, OUTPUT, "VERIFIED"), "state = 'deleted'");

        untilIdle(webhook());

        assertThat(told()).containsExactly("result.checked VERIFIED");
    }

    @Test
    void an_event_contains_only_ids_and_a_signature() throws Exception {
        end(1, OUTPUT, "VERIFIED");

        untilIdle(webhook());

        var request = receiver().requests().getFirst();
        var data = request.json().path("data");
        assertThat(request.json().path("timestamp").asString()).isEqualTo("2026-06-01T12:00:00.000Z");
        assertThat(data.propertyNames())
                .containsExactly("client", "id", "parties", "label", "scheme", "protocol", "count", "verdict", "links");
        assertThat(data.path("label").isString()).isTrue();
        assertThat(data.at("/links/result").asString())
                .isEqualTo("/v1/results/" + data.path("id").asString() + "?parties=P0,P1");
        assertThat(request.header("content-type")).isEqualTo("application/json");
        assertThat(request.header("webhook-id")).matches("msg_[0-9a-f]{32}");
        assertThat(request.header("webhook-timestamp")).isEqualTo(Long.toString(SettableClock.START.getEpochSecond()));
        assertThat(request.header("webhook-signature")).matches("v1,[A-Za-z0-9+/]{43}=");
    }

    /// Who sees encrypted requests pass must not learn the verdict.
    @Test
    void requests_for_all_verdicts_have_the_same_length() throws Exception {
        end(1, OUTPUT, "VERIFIED");
        end(2, OUTPUT, "REJECTED");
        end(3, OUTPUT, "UNVERIFIED");

        untilIdle(webhook());

        var requests = receiver().requests();
        assertThat(requests)
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.body())
                        .hasSameSizeAs(requests.getFirst().body()));
        assertThat(requests).extracting(request -> request.header("webhook-id")).doesNotHaveDuplicates();
    }

    @Test
    void a_request_is_sent_if_it_is_not_answered_soon() throws Exception {
        end(1, REQUEST, "VERIFIED");
        ask(end(2, REQUEST, "UNVERIFIED"));
        end(3, REQUEST, "REJECTED");
        var webhook = webhook();

        untilIdle(webhook);
        assertThat(told()).as("it may be answered by a waiting input").isEmpty();
        clock.advance(Duration.ofSeconds(2));
        untilIdle(webhook);

        assertThat(told()).containsExactly("request.opened UNVERIFIED", "result.checked REJECTED");
        assertThat(receiver()
                        .requests()
                        .getFirst()
                        .json()
                        .at("/data/links/answer")
                        .asString())
                .matches("/v1/requests/[0-9a-f]{32}-0/answer\\?parties=P0,P1");
    }

    @Test
    void a_clock_that_was_set_back_delays_no_request() throws Exception {
        ask(end(1, REQUEST, "VERIFIED"));
        clock.advance(Duration.ofHours(-1));

        untilIdle(webhook());

        assertThat(told()).containsExactly("request.opened VERIFIED");
    }

    static Stream<Reply> failures() {
        return Stream.of(
                Reply.of(500),
                Reply.of(400),
                Reply.of(410),
                new Reply(302, Map.of("Location", "/other"), 0),
                new Reply(200, Map.of(), (64 << 10) + 1));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void an_unacknowledged_event_is_sent_again_with_the_same_id_before_others(Reply failure) throws Exception {
        receiver().replies(failure);
        end(1, OUTPUT, "VERIFIED");
        end(2, OUTPUT, "REJECTED");
        var webhook = webhook();

        untilIdle(webhook);
        untilIdle(webhook);
        assertThat(receiver().requests())
                .as("no attempt before the pause is over")
                .hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        clock.advance(Duration.ofSeconds(2));
        untilIdle(webhook);

        var requests = receiver().requests();
        assertThat(told())
                .containsExactly("result.checked VERIFIED", "result.checked VERIFIED", "result.checked REJECTED");
        assertThat(requests.get(0).header("webhook-id"))
                .isEqualTo(requests.get(1).header("webhook-id"));
        assertThat(requests.get(0).body()).isEqualTo(requests.get(1).body());
        assertThat(requests.get(0).header("webhook-timestamp"))
                .as("of the attempt")
                .isNotEqualTo(requests.get(1).header("webhook-timestamp"));
        assertThat(found).extracting(event -> event.findings().size()).containsExactly(1, 0);
    }

    @Test
    void a_receiver_can_ask_for_a_longer_pause() throws Exception {
        receiver().replies(new Reply(503, Map.of("Retry-After", "60"), 0));
        end(1, OUTPUT, "VERIFIED");
        var webhook = webhook();

        untilIdle(webhook);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        untilIdle(webhook);
        assertThat(receiver().requests()).hasSize(1);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        untilIdle(webhook);

        assertThat(receiver().requests()).hasSize(2);
    }

    @Test
    void an_event_is_given_up_a_day_after_its_first_failure_also_across_a_restart() throws Exception {
        try (var log = CapturedLog.ofAll()) {
            receiver().replies(Reply.of(500), Reply.of(500), Reply.of(500));
            end(1, OUTPUT, "VERIFIED");
            end(2, OUTPUT, "REJECTED");

            untilIdle(webhook());
            clock.advance(Duration.ofHours(23));
            untilIdle(webhook());
            assertThat(store().cursor().orElseThrow().failingSince()).contains(SettableClock.START);
            assertThat(meters.get("shareferry.webhook.oldest.age").gauge().value())
                    .isEqualTo(23 * 3600);
            clock.advance(Duration.ofHours(1));
            untilIdle(webhook());
            assertThat(meters.get("shareferry.webhook.given.up").counter().count())
                    .isOne();
            untilIdle(webhook());

            assertThat(told())
                    .endsWith("result.checked VERIFIED", "result.checked REJECTED")
                    .hasSize(4);
            assertThat(log.text())
                    .as("the id depends on the verdict")
                    .contains("The webhook gave up the event of delivery")
                    .doesNotContain(receiver().requests().getFirst().header("webhook-id"));
            assertThat(store().cursor().orElseThrow().failingSince()).isEmpty();
            assertThat(meters.get("shareferry.webhook.attempts")
                            .tag("outcome", "failed")
                            .counter()
                            .count())
                    .isEqualTo(3);
        }
    }

    /// Receivers of many services put a secret into the URL's path.
    @Test
    void debug_logs_and_findings_do_not_contain_the_path_of_the_url() throws Exception {
        end(1, OUTPUT, "VERIFIED");
        var url = receiver().url();
        var closed = "http://localhost:1/services/secret-path?token=secret-query";
        try (var log = CapturedLog.ofAll(Level.DEBUG)) {
            receiver().replies(Reply.of(500), new Reply(200, Map.of(), 1 << 20));
            untilIdle(webhook(url + "/secret-path?token=secret-query", null, false));
            untilIdle(webhook(url + "/secret-path?token=secret-query", null, false));
            untilIdle(webhook(closed, null, false));

            assertThat(found).hasSize(3);
            assertThat(log.text()).contains("webhook").doesNotContain("secret-path", "secret-query");
            assertThat(found.toString()).doesNotContain("secret-path", "secret-query");
        }
        assertThatThrownBy(() -> webhook("http://secret host/secret-path", null, false))
                .hasMessageNotContaining("secret-path");
    }

    @Test
    void nothing_is_sent_without_a_usable_secret_and_a_finding_says_so() throws Exception {
        Files.setPosixFilePermissions(folder.resolve("webhook.secret"), PosixFilePermissions.fromString("rw-r--r--"));
        end(1, OUTPUT, "VERIFIED");

        untilIdle(webhook());

        assertThat(receiver().requests()).isEmpty();
        assertThat(found.getFirst().findings().getFirst().cause()).contains("The secret file cannot be used");
    }

    @Test
    void one_replica_sends() throws Exception {
        jdbc().sql("INSERT INTO lease (name, holder, beats) VALUES ('webhook', 'another', 0)")
                .update();
        end(1, OUTPUT, "VERIFIED");

        untilIdle(webhook(receiver().url(), null, true));

        assertThat(receiver().requests()).isEmpty();
    }

    @Test
    void a_replica_that_was_late_does_not_turn_the_position_back() {
        var before = store().cursor().orElseThrow();
        store().advance(before, before.told() + 2);

        store().advance(before, before.told() + 1);
        store().failed(before, clock.instant());

        assertThat(store().cursor()).contains(new WebhookStore.Cursor(before.told() + 2, Optional.empty()));
    }

    @Test
    void a_disabled_webhook_stores_no_position() throws Exception {
        end(1, OUTPUT, "VERIFIED");
        new Webhook(
                        store(),
                        new WebhookSender(off(), JsonMapper.shared(), clock),
                        off(),
                        new Lease("webhook", jdbc(), false, nanos::get),
                        new Pacing(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5)), nanos::get),
                        context.getBean(CommitSignal.class),
                        clock,
                        event -> found.add((FindingsOfWork) event),
                        meters)
                .start();
        assertThat(store().cursor()).isEmpty();
        store().begin();
        store().begin();
        end(2, OUTPUT, "REJECTED");

        untilIdle(webhook());

        assertThat(told()).containsExactly("result.checked REJECTED");
    }

    /// A replica without a URL was started beside this one.
    @Test
    void a_position_that_is_deleted_while_it_runs_begins_anew() throws Exception {
        var webhook = webhook();
        store().forget();
        webhook.step();
        end(1, OUTPUT, "VERIFIED");

        untilIdle(webhook);

        assertThat(told()).containsExactly("result.checked VERIFIED");
    }

    private static WebhookProperties off() {
        return new WebhookProperties(
                "", null, null, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofHours(24));
    }

    @Test
    void events_are_sent_only_to_a_trusted_certificate_for_the_host() throws Exception {
        var certificate = Certificate.of("localhost");
        var other = Certificate.of("localhost");
        end(1, OUTPUT, "VERIFIED");
        try (var https = new ReceiverStub(Optional.of(certificate.context(List.of())))) {
            untilIdle(webhook(https.url(), null, false));
            untilIdle(webhook(https.url(), Files.writeString(folder.resolve("other.crt"), other.pem()), false));
            assertThat(https.requests()).isEmpty();
            assertThat(found)
                    .allSatisfy(event ->
                            assertThat(event.findings().getFirst().cause()).contains("The TLS handshake failed"));

            untilIdle(webhook(https.url(), Files.writeString(folder.resolve("own.crt"), certificate.pem()), false));

            assertThat(https.requests()).hasSize(1);
        }
    }

    @Test
    void a_certificate_is_trusted_while_the_file_has_it_and_until_its_end() throws Exception {
        var certificate = Certificate.of("localhost");
        var trust = Files.writeString(folder.resolve("trust.crt"), certificate.pem());
        try (var https = new ReceiverStub(Optional.of(certificate.context(List.of())))) {
            var webhook = webhook(https.url(), trust, false);
            end(1, OUTPUT, "VERIFIED");
            untilIdle(webhook);
            assertThat(https.requests()).hasSize(1);

            Files.writeString(trust, Certificate.of("localhost").pem());
            end(2, OUTPUT, "VERIFIED");
            untilIdle(webhook);
            assertThat(https.requests()).hasSize(1);
            assertThat(found.getLast().findings().getFirst().cause()).contains("The TLS handshake failed");

            Files.writeString(trust, certificate.pem());
            clock.advance(Duration.ofDays(266));
            untilIdle(webhook(https.url(), trust, false));
            assertThat(https.requests()).hasSize(1);
            assertThat(found.getLast().findings().getFirst().cause()).contains("no certificates that can be used now");
        }
    }
}
