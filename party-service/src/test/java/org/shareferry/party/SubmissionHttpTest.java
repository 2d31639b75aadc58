// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.HandOverBody.random;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.RelayStub.Reply;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.RetentionStore;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubmissionHttpTest {
    private static final Place FIRST = new Place(Kind.VALUES, 0);
    private static final Place SECOND = new Place(Kind.VALUES, 1);

    private PartyHost host;

    @BeforeAll
    void start() throws Exception {
        host = PartyHost.start();
    }

    @BeforeEach
    void endWhatWas() throws Exception {
        host.endWhatWas();
    }

    @AfterAll
    void stop() {
        host.close();
    }

    private DeliveryId handOver() throws Exception {
        var body = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        var reply = host.postJson(body.json());
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
        return body.id();
    }

    private JsonNode delivery(DeliveryId id) throws Exception {
        return host.get("/v1/deliveries/" + id).body();
    }

    private void awaitState(DeliveryId id, String state) {
        await().untilAsserted(
                        () -> assertThat(delivery(id).path("state").asString()).isEqualTo(state));
    }

    private Envelope submitted(DeliveryId id, Place place) {
        return Objects.requireNonNull(host.relay().envelopes(id).get(place));
    }

    private String counts(DeliveryId id) throws Exception {
        var counts = delivery(id).path("envelopes");
        return counts.path("sealed").asInt() + " " + counts.path("submitted").asInt() + " "
                + counts.path("received").asInt();
    }

    @Test
    void a_delivery_goes_from_submitted_over_bundled_to_received() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        assertThat(counts(id)).isEqualTo("2 2 0");

        host.relay().state(id, "bundled");
        awaitState(id, "bundled");

        // The second first: receipts come in any order.
        host.relay().receipt(id, SECOND, host.relay().signed(submitted(id, SECOND), TestMembers.C0));
        await().untilAsserted(() -> assertThat(counts(id)).isEqualTo("2 2 1"));
        var receipt = host.relay().signed(submitted(id, FIRST), TestMembers.C0);
        host.relay().receipt(id, FIRST, receipt);
        awaitState(id, "received");
        assertThat(counts(id)).isEqualTo("2 2 2");
        var kept = host.get("/v1/deliveries/" + id + "/receipts").body().path("receipts");
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.get(0).path("receipt").asString())
                .isEqualTo(receipt.receipt().toBase64Url());
        assertThat(kept.get(0).path("signature").asString())
                .isEqualTo(receipt.signature().toBase64Url());
    }

    @Test
    void forged_receipts_are_ignored() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        var first = submitted(id, FIRST);
        var honest = host.relay().signed(first, TestMembers.C0);
        var other = submitted(id, SECOND);

        host.relay().receipt(id, FIRST, new SignedReceipt(honest.receipt(), Bytes.of(new byte[64])));
        host.relay().receipt(id, FIRST, new SignedReceipt(Bytes.of((byte) 1), honest.signature()));
        host.relay().receipt(id, FIRST, host.relay().signed(first, TestMembers.R0));
        host.relay().receipt(id, FIRST, host.relay().signed(other, TestMembers.C0));
        host.relay().receipt(id, SECOND, honest);
        host.relay().receipt(id, new Place(Kind.MASKS, 0), honest);
        host.relay().state(id, "bundled");
        awaitState(id, "bundled");
        assertThat(counts(id)).isEqualTo("2 2 0");
    }

    @Test
    void a_receipt_for_another_envelope_of_ours_is_ignored() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        var elsewhere = handOver();
        awaitState(elsewhere, "submitted");

        host.relay().receipt(id, FIRST, host.relay().signed(submitted(elsewhere, FIRST), TestMembers.C0));
        host.relay().state(id, "bundled");
        awaitState(id, "bundled");

        assertThat(counts(id)).isEqualTo("2 2 0");
    }

    @Test
    void what_the_relay_could_not_take_is_submitted_again_with_the_same_bytes() throws Exception {
        var calls = new AtomicInteger();
        host.relay().onSubmit(envelope -> switch (calls.incrementAndGet()) {
            case 1, 2 -> Reply.problem(503, "urn:shareferry:problem:store-busy", "later");
            case 3 -> Reply.problem(500, "about:blank", "oops");
            default -> Reply.ok();
        });

        var id = handOver();
        awaitState(id, "submitted");

        assertThat(host.relay().submissions(id).size()).isGreaterThanOrEqualTo(4);
        assertThat(new HashSet<>(host.relay().submissions(id))).hasSize(2);
    }

    @Test
    void a_relay_that_asks_for_patience_is_asked_again_later() throws Exception {
        var calls = new AtomicInteger();
        host.relay()
                .onSubmit(envelope -> calls.incrementAndGet() == 1
                        ? new Reply(
                                429,
                                Map.of("Retry-After", "3600"),
                                Map.of("type", "urn:shareferry:problem:quota-used-up"))
                        : Reply.ok());

        var id = handOver();

        awaitState(id, "submitted");
    }

    @Test
    void while_the_relay_is_down_a_delivery_stays_sealed_and_leaves_when_it_is_up() throws Exception {
        await().untilAsserted(() ->
                assertThat(host.postJson(HandOverBody.small().json()).status()).isEqualTo(202));
        host.relay().stop();

        var id = handOver();
        assertThat(delivery(id).path("state").asString()).isEqualTo("sealed");
        assertThat(counts(id)).isEqualTo("2 0 0");
        host.relay().start();

        awaitState(id, "submitted");
    }

    @Test
    void a_restart_resumes_submission_with_the_same_bytes() throws Exception {
        host.relay().onSubmit(envelope -> Reply.problem(503, "urn:shareferry:problem:store-busy", "later"));
        var id = handOver();
        await().untilAsserted(() -> assertThat(host.relay().submissions(id)).isNotEmpty());
        var sealed = host.bean(Outbox.class).content(id, FIRST);
        host.shutDown();
        host.relay().onSubmit(envelope -> Reply.ok());

        host.boot();

        awaitState(id, "submitted");
        assertThat(Optional.of(submitted(id, FIRST).encode())).isEqualTo(sealed);
        assertThat(new HashSet<>(host.relay().submissions(id))).hasSize(2);
    }

    @Test
    void what_a_crash_interrupted_is_taken_up_again() throws Exception {
        host.relay().onSubmit(envelope -> Reply.problem(503, "urn:shareferry:problem:store-busy", "later"));
        var id = handOver();
        await().untilAsserted(() -> assertThat(host.relay().submissions(id)).isNotEmpty());
        host.shutDown();
        TestDatabase.statements(host.database())
                .sql("UPDATE scheduled_tasks SET picked = TRUE, picked_by = 'crashed', last_heartbeat = :now")
                .param("now", host.clock().millis())
                .update();
        host.relay().onSubmit(envelope -> Reply.ok());
        host.clock().advance(Duration.ofMinutes(2));

        host.boot();

        awaitState(id, "submitted");
    }

    @Test
    void a_restart_without_the_relay_can_still_seal() throws Exception {
        handOver();
        host.shutDown();
        host.relay().stop();
        host.boot();

        var id = handOver();

        assertThat(delivery(id).path("state").asString()).isEqualTo("sealed");
    }

    @Test
    void what_a_crash_left_half_handed_over_is_dropped_at_start() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        var jdbc = host.bean(JdbcClient.class);
        jdbc.sql("UPDATE delivery SET state = 'open' WHERE id = :id")
                .param("id", id.toString())
                .update();
        host.shutDown();

        host.boot();

        assertThat(host.get("/v1/deliveries/" + id).status()).isEqualTo(404);
        var left = host.bean(JdbcClient.class)
                .sql("SELECT COUNT(*) FROM envelope WHERE delivery = :id")
                .param("id", id.toString())
                .query(Long.class)
                .single();
        assertThat(left).isZero();
    }

    @Test
    void what_the_relay_will_never_take_is_refused_and_not_tried_again() throws Exception {
        for (var status : new int[] {409, 422, 413, 403}) {
            host.relay()
                    .onSubmit(envelope -> envelope.header().place().equals(SECOND)
                            ? Reply.problem(status, "urn:shareferry:problem:envelope-conflict", "Another is there.")
                            : Reply.ok());

            var id = handOver();

            awaitState(id, "refused");
            var refusal = delivery(id).path("refusal");
            assertThat(refusal.path("type").asString()).isEqualTo("urn:shareferry:problem:envelope-conflict");
            assertThat(refusal.path("detail").asString()).contains("values 1").contains("Another is there.");
            int tried = host.relay().submissions(id).size();
            awaitState(handOver(), "refused");
            assertThat(host.relay().submissions(id)).hasSize(tried);
        }
    }

    private void refuseAll(String type) {
        host.relay()
                .onSubmit(envelope -> Reply.problem(422, "urn:shareferry:problem:" + type, "By my clock it is early."));
    }

    @Test
    void what_a_clock_caused_is_held_and_leaves_by_command_as_soon_as_the_clock_is_right() throws Exception {
        refuseAll("clock-skew");
        var id = handOver();
        awaitState(id, "held");
        assertThat(delivery(id).path("refusal").path("type").asString()).isEqualTo("urn:shareferry:problem:clock-skew");
        assertThat(delivery(id).path("refusal").path("detail").asString()).contains("By my clock it is early.");
        host.relay().onSubmit(envelope -> Reply.ok());

        var reply = host.redeliver("{}");

        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
        assertThat(reply.body().path("deliveries").asInt()).isOne();
        awaitState(id, "submitted");
        assertThat(delivery(id).path("refusal").isMissingNode()).isTrue();
        assertThat(new HashSet<>(host.relay().submissions(id))).hasSize(2);
        assertThat(host.redeliver("{\"delivery\":\"" + id + "\"}")
                        .body()
                        .path("deliveries")
                        .asInt(-1))
                .as("nothing is held any more")
                .isZero();
    }

    @Test
    void what_is_held_is_offered_again_rarely_by_itself_until_it_expires() throws Exception {
        refuseAll("parties-differ");
        var id = handOver();
        var other = handOver();
        awaitState(id, "held");
        awaitState(other, "held");
        int tried = host.relay().submissions(id).size();
        host.clock().advance(Duration.ofMinutes(10));
        awaitState(handOver(), "held");
        assertThat(host.relay().submissions(id)).hasSize(tried);

        host.relay()
                .onSubmit(envelope -> envelope.header().facts().id().equals(id)
                        ? Reply.ok()
                        : Reply.problem(422, "urn:shareferry:problem:parties-differ", "Still three."));
        host.clock().advance(Duration.ofMinutes(6));

        awaitState(id, "submitted");
        host.clock().advance(Duration.ofDays(8));
        // The next time comes 15 minutes after the last, which may have been at the new time.
        await().untilAsserted(() -> {
            host.clock().advance(Duration.ofMinutes(16));
            assertThat(delivery(other).path("state").asString()).isEqualTo("expired");
        });
    }

    @Test
    void a_refusal_of_another_body_is_not_final() throws Exception {
        var calls = new AtomicInteger();
        host.relay().onSubmit(envelope -> switch (calls.incrementAndGet()) {
            case 1 -> Reply.problem(400, "about:blank", "Not well-formed HTTP.");
            case 2 ->
                new Reply(
                        422,
                        Map.of(),
                        Map.of("type", "urn:shareferry:problem:signature-wrong", "judged", "sha-256=:AAAA:"));
            default -> Reply.ok();
        });

        var id = handOver();

        awaitState(id, "submitted");
    }

    @Test
    void what_the_client_holds_at_the_relay_is_held_here_until_it_is_taken() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");

        host.relay().refusal(id, "held", "parties-differ");
        awaitState(id, "held");
        host.relay().state(id, "bundled");
        awaitState(id, "bundled");
        // As an earlier version of the relay says it.
        host.relay().refusal(id, "refused", "clock-skew");
        awaitState(id, "held");

        awaitReceived(id);
    }

    @Test
    void a_relay_whose_clock_is_ahead_does_not_end_a_delivery() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        host.relay().state(id, "expired");
        var later = handOver();
        awaitState(later, "submitted");

        awaitReceived(id);
    }

    @Test
    void handing_an_id_over_again_tells_what_became_of_it() throws Exception {
        var body = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        refuseAll("clock-skew");
        assertThat(host.postJson(body.json()).body().path("state").asString()).isEqualTo("sealed");
        awaitState(body.id(), "held");
        var held = host.postJson(body.json());
        assertThat(held.status()).isEqualTo(202);
        assertThat(held.body().path("state").asString()).isEqualTo("held");
        refuseAll("signature-wrong");
        host.redeliver("{}");
        awaitState(body.id(), "refused");

        var refused = host.postJson(body.json());

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("delivery-ended");
        assertThat(refused.body().path("detail").asString()).contains("is refused: The relay refused");
    }

    @Test
    void a_refusal_of_the_bundle_refuses_the_delivery_with_the_relays_reason() throws Exception {
        var id = handOver();
        host.relay().state(id, "refused");

        awaitState(id, "refused");

        assertThat(delivery(id).path("refusal").path("type").asString())
                .isEqualTo("urn:shareferry:problem:facts-differ");
        assertThat(delivery(id).path("refusal").path("detail").asString()).contains("count");
    }

    @Test
    void a_delivery_that_is_not_taken_in_time_expires() throws Exception {
        host.relay().onSubmit(envelope -> Reply.problem(503, "urn:shareferry:problem:store-busy", "later"));
        var id = handOver();

        host.clock().advance(Duration.ofDays(8));

        awaitState(id, "expired");
    }

    @Test
    void a_delivery_that_is_not_received_in_time_expires() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");

        host.clock().advance(Duration.ofDays(8));

        awaitState(id, "expired");
    }

    @Test
    void a_receipt_that_was_given_in_time_counts_also_when_it_is_seen_late() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        var first = host.relay().signed(submitted(id, FIRST), TestMembers.C0);
        var second = host.relay().signed(submitted(id, SECOND), TestMembers.C0);
        host.shutDown();
        host.relay().receipt(id, FIRST, first);
        host.relay().receipt(id, SECOND, second);
        host.clock().advance(Duration.ofDays(8));

        host.boot();

        awaitState(id, "received");
    }

    @Test
    void sealed_bytes_go_some_time_after_the_end_and_the_receipts_stay() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        host.relay().receipt(id, FIRST, host.relay().signed(submitted(id, FIRST), TestMembers.C0));
        host.relay().receipt(id, SECOND, host.relay().signed(submitted(id, SECOND), TestMembers.C0));
        awaitState(id, "received");
        var outbox = host.bean(Outbox.class);
        var retention = host.bean(RetentionStore.class);

        retention.removeSomeContent(host.clock().instant().minus(Duration.ofDays(1)));
        assertThat(outbox.content(id, FIRST)).isPresent();
        retention.removeSomeContent(host.clock().instant().plusSeconds(1));

        assertThat(outbox.content(id, FIRST)).isEmpty();
        assertThat(host.get("/v1/deliveries/" + id + "/receipts")
                        .body()
                        .path("receipts")
                        .size())
                .isEqualTo(2);
        var again = HandOverBody.of(id, "additive", 2, 1).chunk(random(16)).chunk(random(16));
        assertThat(host.postJson(again.json()).status()).isEqualTo(202);
        assertThat(outbox.content(id, FIRST)).isEmpty();
    }

    private void awaitReceived(DeliveryId id) {
        host.relay().receipt(id, FIRST, host.relay().signed(submitted(id, FIRST), TestMembers.C0));
        host.relay().receipt(id, SECOND, host.relay().signed(submitted(id, SECOND), TestMembers.C0));
        awaitState(id, "received");
    }

    private void awaitSubmissions(DeliveryId id, int count) {
        await().untilAsserted(
                        () -> assertThat(host.relay().submissions(id).size()).isGreaterThanOrEqualTo(count));
        assertThat(new HashSet<>(host.relay().submissions(id)))
                .as("the same bytes")
                .hasSize(2);
    }

    @Test
    void what_a_restored_relay_does_not_know_any_more_is_submitted_again() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        host.relay().receipt(id, FIRST, host.relay().signed(submitted(id, FIRST), TestMembers.C0));
        await().untilAsserted(() -> assertThat(counts(id)).isEqualTo("2 2 1"));

        host.relay().lose(id);

        awaitSubmissions(id, 4);
        awaitReceived(id);
        assertThat(counts(id)).isEqualTo("2 2 2");
    }

    @Test
    void what_a_restored_relay_has_only_a_part_of_is_submitted_again() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");

        host.relay().lack(id, TestMembers.P1);

        awaitSubmissions(id, 4);
        awaitReceived(id);
    }

    @Test
    void a_relay_that_waits_for_others_or_is_not_found_itself_is_not_taken_for_one_that_lost_something()
            throws Exception {
        var waiting = handOver();
        var elsewhere = handOver();
        awaitState(waiting, "submitted");
        awaitState(elsewhere, "submitted");

        host.relay().lack(waiting, TestMembers.P0);
        host.relay().answerAbout(elsewhere, Reply.problem(404, "about:blank", "No such page."));
        // Another that is lost, and is there again, shows that the first two had their time.
        var lost = handOver();
        awaitState(lost, "submitted");
        host.relay().lose(lost);
        awaitSubmissions(lost, 4);

        assertThat(host.relay().submissions(waiting)).hasSize(2);
        assertThat(host.relay().submissions(elsewhere)).hasSize(2);
    }

    @Test
    void what_a_restored_relay_lacks_of_an_expired_delivery_is_not_submitted_again() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        host.shutDown();
        host.relay().lose(id);
        host.clock().advance(Duration.ofDays(8));

        host.boot();

        awaitState(id, "expired");
        assertThat(host.relay().submissions(id)).hasSize(2);
    }
}
