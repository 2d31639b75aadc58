// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.HandOverBody.random;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubmissionHttpTest {
    private static final Place FIRST = new Place(Kind.VALUES, 0);
    private static final Place SECOND = new Place(Kind.VALUES, 1);

    private static PartyHost host;

    @BeforeAll
    static void start() throws Exception {
        host = PartyHost.start();
    }

    @BeforeEach
    void endWhatWas() throws Exception {
        host.endWhatWas();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private DeliveryId handOver() throws Exception {
        var body = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        var reply = host.postJson(body.json());
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        return body.id();
    }

    private JsonNode delivery(DeliveryId id) throws Exception {
        return host.get("/v1/deliveries/" + id).json();
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

    private DeliveryId submitted() throws Exception {
        var id = handOver();
        awaitState(id, "submitted");
        return id;
    }

    private Envelope[] both(DeliveryId id) {
        return new Envelope[] {submitted(id, FIRST), submitted(id, SECOND)};
    }

    private void receive(DeliveryId id) {
        host.relay().receipt(id, host.relay().signed(TestMembers.C0, both(id)));
        awaitState(id, "received");
    }

    @Test
    void a_delivery_becomes_submitted_then_bundled_then_received() throws Exception {
        var id = submitted();
        assertThat(counts(id)).isEqualTo("2 2 0");

        host.relay().state(id, "bundled");
        awaitState(id, "bundled");

        // The second one first: receipts arrive in any order.
        host.relay().receipt(id, host.relay().signed(TestMembers.C0, submitted(id, SECOND)));
        await().untilAsserted(() -> assertThat(counts(id)).isEqualTo("2 2 1"));
        var receipt = host.relay().signed(TestMembers.C0, submitted(id, FIRST));
        host.relay().receipt(id, receipt);
        awaitState(id, "received");
        assertThat(counts(id)).isEqualTo("2 2 2");
        var kept = host.get("/v1/deliveries/" + id + "/receipts").json().path("receipts");
        assertThat(kept.size()).isEqualTo(2);
        assertThat(kept.get(1).path("receipt").asString())
                .isEqualTo(receipt.receipt().toBase64Url());
        assertThat(kept.get(1).path("signature").asString())
                .isEqualTo(receipt.signature().toBase64Url());
    }

    @Test
    void one_receipt_can_cover_a_whole_delivery() throws Exception {
        var id = submitted();

        receive(id);

        assertThat(counts(id)).isEqualTo("2 2 2");
    }

    @Test
    void forged_and_malformed_feed_entries_are_skipped() throws Exception {
        var id = submitted();
        var elsewhere = submitted();
        var first = submitted(id, FIRST);
        var honest = host.relay().signed(TestMembers.C0, first);

        host.relay().receipt(id, new SignedReceipt(honest.receipt(), Bytes.of(new byte[64])));
        host.relay().receipt(id, new SignedReceipt(Bytes.of((byte) 1), honest.signature()));
        host.relay().receipt(id, host.relay().signed(TestMembers.R0, first));
        host.relay().receipt(id, host.relay().signed(TestMembers.C0, both(elsewhere)));
        host.relay().receipt(elsewhere, honest);
        host.relay().tell(Map.of("state", "receipt"));
        host.relay().tell(Map.of("delivery", 7, "parties", List.of(), "state", Map.of("a", "b")));
        host.relay().tell(Map.of("delivery", id.toString(), "parties", "P9,x", "state", "refused"));
        host.relay().state(id, "bundled");

        awaitState(id, "bundled");
        assertThat(counts(id)).isEqualTo("2 2 0");
        assertThat(counts(elsewhere)).isEqualTo("2 2 0");
        receive(id);
    }

    @Test
    void deliveries_wait_while_the_relay_is_down_and_are_submitted_afterwards() throws Exception {
        submitted(); // the service has the client's keys from here on
        host.relay().stop();

        var ids = new ArrayList<DeliveryId>();
        for (int i = 0; i < 20; i++) {
            ids.add(handOver());
        }
        assertThat(delivery(ids.getFirst()).path("state").asString()).isEqualTo("sealed");
        assertThat(counts(ids.getFirst())).isEqualTo("2 0 0");
        await().untilAsserted(() -> {
            var list = host.get("/v1/deliveries?order=newest&limit=2").json();
            assertThat(list.at("/relayFailure/reason").asString("")).contains("R0");
            assertThat(list.at("/deliveries/0/id").asString())
                    .isEqualTo(ids.getLast().toString());
            assertThat(list.at("/deliveries/1/id").asString())
                    .isEqualTo(ids.get(18).toString());
        });
        assertThat(host.get("/v1/deliveries?order=random").problem()).isEqualTo("request-malformed");
        int before = host.relay().requests();
        host.relay().start();

        for (var id : ids) {
            awaitState(id, "submitted");
        }
        assertThat(host.relay().requests() - before).isLessThan(15);
    }

    @Test
    void a_refused_envelope_does_not_affect_the_others_of_its_batch() throws Exception {
        submitted(); // the service has the client's keys from here on
        host.relay().stop();
        var refused = handOver();
        var taken = handOver();
        host.relay()
                .onSubmit(envelope -> envelope.header().facts().id().equals(refused)
                                && envelope.header().place().equals(SECOND)
                        ? Reply.problem(409, "/problem-types#envelope-conflict", "Another is there.")
                        : Reply.ok());
        host.relay().start();

        awaitState(refused, "refused");
        awaitState(taken, "submitted");
        var refusal = delivery(refused).path("refusal");
        assertThat(refusal.path("type").asString()).isEqualTo("/problem-types#envelope-conflict");
        assertThat(refusal.path("detail").asString()).contains("values 1").contains("Another is there.");
    }

    @Test
    void a_restarted_service_submits_the_same_bytes() throws Exception {
        host.relay().onSubmit(envelope -> Reply.problem(503, "/problem-types#store-busy", "later"));
        var id = handOver();
        await().untilAsserted(() -> assertThat(host.relay().submissions(id)).isNotEmpty());
        host.shutDown();
        host.relay().onSubmit(envelope -> Reply.ok());

        host.boot();

        awaitState(id, "submitted");
        assertThat(new HashSet<>(host.relay().submissions(id))).hasSize(2);
        assertThat(host.relay().submissions(id).size()).isGreaterThan(2);
        receive(id);
    }

    @Test
    void a_service_restarted_without_the_relay_seals_and_drops_incomplete_hand_overs() throws Exception {
        var half = submitted();
        host.bean(JdbcClient.class)
                .sql("UPDATE delivery SET state = 'open' WHERE id = :id")
                .param("id", half.toString())
                .update();
        host.shutDown();
        host.relay().stop();
        host.boot();

        var id = handOver();

        assertThat(delivery(id).path("state").asString()).isEqualTo("sealed");
        assertThat(host.get("/v1/deliveries/" + half).status()).isEqualTo(404);
        var left = host.bean(JdbcClient.class)
                .sql("SELECT COUNT(*) FROM envelope WHERE delivery = :id")
                .param("id", half.toString())
                .query(Long.class)
                .single();
        assertThat(left).isZero();
        host.relay().start();
        awaitState(id, "submitted");
    }

    private void refuseAll(String type) {
        host.relay().onSubmit(envelope -> Reply.problem(422, "/problem-types#" + type, "By my clock it is early."));
    }

    @Test
    void a_delivery_held_for_a_wrong_clock_is_submitted_by_command_after_the_correction() throws Exception {
        refuseAll("clock-skew");
        var id = handOver();
        awaitState(id, "held");
        assertThat(delivery(id).path("refusal").path("type").asString()).isEqualTo("/problem-types#clock-skew");
        assertThat(delivery(id).path("refusal").path("detail").asString()).contains("By my clock it is early.");
        host.relay().onSubmit(envelope -> Reply.ok());

        var reply = host.redeliver("{}");

        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        assertThat(reply.json().path("deliveries").asInt()).isOne();
        awaitState(id, "submitted");
        assertThat(delivery(id).path("refusal").isMissingNode()).isTrue();
        assertThat(new HashSet<>(host.relay().submissions(id))).hasSize(2);
        assertThat(host.redeliver("{\"delivery\":\"" + id + "\"}")
                        .json()
                        .path("deliveries")
                        .asInt(-1))
                .as("nothing is held any more")
                .isZero();
    }

    @Test
    void a_refusal_of_the_whole_request_is_not_final() throws Exception {
        var calls = new AtomicInteger();
        host.relay().onSubmit(envelope -> switch (calls.incrementAndGet()) {
            case 1 -> Reply.problem(400, "about:blank", "Not well-formed HTTP.");
            case 2 ->
                new Reply(422, Map.of(), Map.of("type", "/problem-types#signature-wrong", "judged", "sha-256=:AAAA:"));
            default -> Reply.ok();
        });

        var id = handOver();

        awaitState(id, "submitted");
    }

    @Test
    void a_delivery_held_by_the_client_is_held_here_until_it_is_released() throws Exception {
        var id = submitted();

        host.relay().refusal(id, "held", "parties-differ");
        awaitState(id, "held");
        host.relay().state(id, "bundled");
        awaitState(id, "bundled");

        receive(id);
    }

    @Test
    void a_repeated_hand_over_returns_the_state_of_the_delivery() throws Exception {
        var body = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        refuseAll("clock-skew");
        assertThat(host.postJson(body.json()).json().path("state").asString()).isEqualTo("sealed");
        awaitState(body.id(), "held");
        var held = host.postJson(body.json());
        assertThat(held.status()).isEqualTo(202);
        assertThat(held.json().path("state").asString()).isEqualTo("held");
        refuseAll("signature-wrong");
        host.redeliver("{}");
        awaitState(body.id(), "refused");

        var refused = host.postJson(body.json());

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("delivery-ended");
        assertThat(refused.json().path("detail").asString()).contains("is refused: The relay refused");
    }

    @Test
    void a_timely_receipt_that_is_read_late_counts() throws Exception {
        var id = submitted();
        var receipt = host.relay().signed(TestMembers.C0, both(id));
        host.shutDown();
        host.relay().receipt(id, receipt);
        host.clock().advance(Duration.ofDays(8));

        host.boot();

        awaitState(id, "received");
    }

    @Test
    void retention_deletes_sealed_bytes_before_receipts() throws Exception {
        var id = submitted();
        receive(id);
        var outbox = host.bean(Outbox.class);
        var retention = host.bean(RetentionStore.class);

        retention.removeSomeContent(host.clock().instant().minus(Duration.ofDays(1)));
        assertThat(outbox.contents(id, 0, 2, Long.MAX_VALUE)).hasSize(2);
        while (retention.removeSomeContent(host.clock().instant().plusSeconds(1))) {}

        assertThat(host.bean(JdbcClient.class)
                        .sql("SELECT COUNT(*) FROM envelope WHERE delivery = :id AND encoded IS NOT NULL")
                        .param("id", id.toString())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(host.get("/v1/deliveries/" + id + "/receipts")
                        .json()
                        .path("receipts")
                        .size())
                .isOne();
        var again = HandOverBody.of(id, "additive", 2, 1).chunk(random(16)).chunk(random(16));
        assertThat(host.postJson(again.json()).status()).isEqualTo(202);
    }

    @Test
    void envelopes_that_a_restored_relay_lacks_are_submitted_again() throws Exception {
        var lost = submitted();
        var kept = submitted();
        host.relay().receipt(lost, host.relay().signed(TestMembers.C0, submitted(lost, FIRST)));
        await().untilAsserted(() -> assertThat(counts(lost)).isEqualTo("2 2 1"));

        host.relay().restore(lost);

        await().untilAsserted(() -> assertThat(host.relay().submissions(lost)).hasSize(4));
        assertThat(new HashSet<>(host.relay().submissions(lost))).hasSize(2);
        receive(lost);
        receive(kept);
        assertThat(host.relay().submissions(kept)).hasSize(2);
        assertThat(counts(lost)).isEqualTo("2 2 2");
    }

    @Test
    void a_changed_feed_is_read_from_its_beginning() throws Exception {
        var id = submitted();
        host.relay().state(id, "bundled");
        awaitState(id, "bundled");

        host.relay().newFeed();

        receive(id);
    }

    @Test
    void waiting_for_receipts_uses_one_long_poll() throws Exception {
        submitted();
        var id = submitted();
        receive(id);

        int before = host.relay().newsRequests();

        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> host.relay().newsRequests() - before <= 1);
    }
}
