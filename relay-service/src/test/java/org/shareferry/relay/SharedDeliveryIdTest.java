// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.C1;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;
import static org.shareferry.relay.fixture.World.P2;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.StubClient;
import org.shareferry.relay.fixture.StubClient.Reply;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What a member can do with a delivery id that it guesses or learns, before and after the members who use it. P0 and
/// P1 deliver to C0; P2 has the id.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedDeliveryIdTest {
    private static final Duration LIFETIME = Duration.ofDays(7);

    private final SettableClock clock = new SettableClock();
    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        // Room for envelopes that are dated back.
        clock.advance(LIFETIME);
        relay = RunningRelay.start(world, clock);
        var signed = world.announcement(C1);
        relay.as(C1)
                .putJson(
                        "/v1/members/C1/keys",
                        "{\"announcement\":\"" + signed.announcement().toBase64Url() + "\",\"signature\":\""
                                + signed.signature().toBase64Url() + "\"}");
        await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
    }

    @AfterAll
    void stop() {
        relay.close();
        world.client().close();
    }

    /// Unless a test wants it, nothing is delivered.
    @BeforeEach
    void deliverNothing() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
    }

    private Envelope envelope(DeliveryFacts facts, MemberName sender, int index, Instant created) {
        return Draft.of(world, facts, sender)
                .sealedTo(world.openingKey(facts.recipient()).sealingKey())
                .createdAt(created)
                .at(index)
                .seal();
    }

    private Envelope envelope(DeliveryFacts facts, MemberName sender, int index) {
        return envelope(facts, sender, index, clock.instant());
    }

    private void submit(Envelope envelope) {
        var reply = relay.as(envelope.header().sender()).submit(envelope);
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    }

    private void submitAll(DeliveryFacts facts) {
        for (var party : facts.parties()) {
            submit(envelope(facts, party, 0));
            submit(envelope(facts, party, 1));
        }
    }

    private static DeliveryFacts between(DeliveryFacts facts, MemberName... parties) {
        return Draft.withParties(facts, List.of(parties));
    }

    private static String address(DeliveryFacts facts) {
        return "/v1/deliveries/" + facts.id() + "?parties=" + facts.partySet();
    }

    private JsonNode status(DeliveryFacts facts) {
        return relay.as("operator").get(address(facts)).json();
    }

    private String state(DeliveryFacts facts) {
        return status(facts).path("state").asString("none");
    }

    private void deliver(DeliveryFacts facts) {
        world.client().answerWithReceipts();
        await().until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return state(facts).equals("received");
        });
    }

    private long bytesOf(MemberName sender) {
        return relay.bean(JdbcClient.class)
                .sql("SELECT COALESCE(SUM(bytes), 0) FROM usage WHERE sender = :sender")
                .param("sender", sender.toString())
                .query(Long.class)
                .single();
    }

    @Test
    void an_earlier_delivery_of_other_parties_does_not_block_an_id() {
        var facts = Draft.delivery();
        var squatted = Draft.withLabel(between(facts, P0, P2), 99);
        submit(envelope(squatted, P2, 0));

        submitAll(facts);

        assertThat(state(facts)).isEqualTo("bundled");
        deliver(facts);
        assertThat(state(squatted)).isEqualTo("collecting");
    }

    private Duration left(DeliveryFacts facts) {
        return Duration.ofMillis(relay.bean(JdbcClient.class)
                        .sql("SELECT expires FROM delivery WHERE id = :id")
                        .param("id", facts.key().toString())
                        .query(Long.class)
                        .single()
                - clock.millis());
    }

    /// A delivery counts against the quota of all its parties as long as it is kept.
    @Test
    void a_delivery_lasts_at_most_twice_the_lifetime() {
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0, clock.instant().minus(Duration.ofDays(5))));
        relay.bean(JdbcClient.class)
                .sql("UPDATE delivery SET first_seen = first_seen - :eightDays WHERE id = :id")
                .param("eightDays", Duration.ofDays(8).toMillis())
                .param("id", facts.key().toString())
                .update();
        assertThat(left(facts)).isEqualTo(Duration.ofDays(2));

        submit(envelope(facts, P1, 1, clock.instant().minus(Duration.ofDays(2))));
        assertThat(left(facts)).isEqualTo(Duration.ofDays(5));
        submit(envelope(facts, P0, 1));
        assertThat(left(facts)).as("six days are left of twice the lifetime").isEqualTo(Duration.ofDays(5));
    }

    @Test
    void a_later_delivery_of_other_parties_does_not_affect_a_complete_one() {
        var facts = Draft.delivery();
        submitAll(facts);

        submit(envelope(between(facts, P0, P2), P2, 0));
        submit(envelope(between(facts, P0, P1, P2), P2, 0));

        assertThat(state(facts)).isEqualTo("bundled");
        assertThat(relay.as(P2).get(address(facts)).problem()).isEqualTo("not-found");
        assertThat(relay.as(P2)
                        .get("/v1/deliveries/" + facts.id() + "/receipts?parties=P0,P1")
                        .problem())
                .isEqualTo("not-found");
        assertThat(partiesListedFor(P2, facts)).containsExactly("P0,P1,P2", "P0,P2");
        deliver(facts);
    }

    @Test
    void a_sender_that_is_not_one_of_the_parties_is_refused() {
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));
        var envelope = envelope(facts, P1, 0);
        // The sender is field 12: the text P1 becomes P2.
        var header = envelope.headerBytes().toHex().replace("0c625031", "0c625032");
        var body = "{\"enc\":\"" + envelope.enc().toBase64Url() + "\",\"header\":\""
                + Bytes.fromHex(header).toBase64Url() + "\",\"signature\":\""
                + envelope.signature().toBase64Url() + "\",\"ciphertext\":\""
                + envelope.ciphertext().toBase64Url() + "\"}";

        var reply = relay.as(P2).postJson("/v1/envelopes", body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("envelope-malformed");
        assertThat(relay.as(P2).get("/v1/deliveries/" + facts.id()).problem()).isEqualTo("not-found");
    }

    @Test
    void answers_do_not_reveal_whether_an_id_is_in_use() {
        var used = Draft.delivery();
        submitAll(used);
        var unused = Draft.delivery();

        var answers = new ArrayList<String>();
        for (var facts : List.of(used, unused)) {
            var squatted = between(facts, P1, P2);
            var reply = relay.as(P2).submit(envelope(squatted, P2, 0));
            var seen = relay.as(P2).get("/v1/deliveries/" + facts.id());
            answers.add((reply.status() + reply.header("Location") + seen.status() + seen.text())
                    .replace(facts.id().toString(), "ID"));
        }

        assertThat(answers.getFirst()).isEqualTo(answers.getLast()).contains("\"collecting\"");
    }

    @Test
    void parties_select_one_of_several_deliveries_with_an_id() {
        var facts = Draft.delivery();
        var squatted = between(facts, P0, P2);
        submitAll(facts);
        submit(envelope(squatted, P2, 0));
        var bare = "/v1/deliveries/" + facts.id();

        for (var caller : List.of("P0", "C0", "operator")) {
            var reply = relay.as(caller).get(bare);
            assertThat(reply.status()).as(caller).isEqualTo(409);
            assertThat(reply.problem()).isEqualTo("delivery-ambiguous");
            assertThat(reply.json().get("detail").asString()).contains("P0,P1; P0,P2");
            assertThat(relay.as(caller).get(bare + "/receipts").problem()).isEqualTo("delivery-ambiguous");
            assertThat(relay.as(caller).get(address(facts)).json().get("state").asString())
                    .isEqualTo("bundled");
            assertThat(partiesListedFor(caller, facts)).containsExactly("P0,P1", "P0,P2");
        }
        assertThat(relay.as(P1).get(bare).json().get("state").asString()).isEqualTo("bundled");
        assertThat(relay.as(P2).get(bare).json().get("state").asString()).isEqualTo("collecting");
        assertThat(relay.as(P0).get(bare + "?parties=P1,P0").problem()).isEqualTo("request-malformed");
    }

    private List<String> partiesListedFor(MemberName caller, DeliveryFacts facts) {
        return partiesListedFor(caller.toString(), facts);
    }

    /// @return the parties of the listed deliveries with this id, page by page of one
    private List<String> partiesListedFor(String caller, DeliveryFacts facts) {
        var sets = new ArrayList<String>();
        var page = relay.as(caller).get("/v1/deliveries?limit=1").json();
        while (page.has("next")) {
            var delivery = page.get("deliveries").get(0);
            if (delivery.get("id").asString().equals(facts.id().toString())) {
                sets.add(String.join(
                        ",",
                        delivery.get("parties")
                                .valueStream()
                                .map(JsonNode::asString)
                                .toList()));
            }
            page = relay.as(caller)
                    .get("/v1/deliveries?limit=1&after=" + page.get("next").asString())
                    .json();
        }
        return sets;
    }

    @Test
    void submissions_count_towards_their_senders_quota_only() {
        var facts = Draft.delivery();
        long ofP0 = bytesOf(P0);
        long ofP2 = bytesOf(P2);
        var envelope = envelope(between(facts, P0, P2), P2, 0);

        submit(envelope);

        assertThat(bytesOf(P0)).isEqualTo(ofP0);
        assertThat(bytesOf(P2)).isEqualTo(ofP2 + envelope.encode().size());
    }

    @Test
    void envelopes_conflict_only_within_a_set_of_parties() {
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));

        submit(envelope(between(facts, P0, P2), P0, 0));

        assertThat(relay.as(P0).submit(envelope(facts, P0, 0)).problem()).isEqualTo("envelope-conflict");
        assertThat(relay.as(P0).submit(envelope(between(facts, P0, P2), P0, 0)).problem())
                .isEqualTo("envelope-conflict");
    }

    @Test
    void a_backdated_envelope_expires_only_its_own_place() {
        var facts = Draft.delivery();
        submit(envelope(facts, P1, 0, clock.instant().minus(LIFETIME).plusSeconds(1)));
        clock.advance(Duration.ofSeconds(2));

        // Neither at that place nor at another is the age of P1's envelope held against P0's.
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P0, 1));
        submit(envelope(facts, P1, 1));
        relay.tidy();

        assertThat(state(facts)).isEqualTo("expired");
        world.client().answerWithReceipts();
        await().until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return status(facts).at("/places/received").asInt() == 1;
        });
    }

    @Test
    void an_envelope_of_another_set_does_not_expire_the_delivery() {
        var facts = Draft.delivery();
        var squatted = between(facts, P0, P2);
        submit(envelope(squatted, P2, 0, clock.instant().minus(LIFETIME).plusSeconds(1)));
        clock.advance(Duration.ofSeconds(2));
        relay.tidy();
        assertThat(state(squatted)).isEqualTo("expired");

        submitAll(facts);
        relay.tidy();

        assertThat(state(facts)).isEqualTo("bundled");
    }

    @Test
    void a_complete_place_expires_with_its_oldest_envelope() {
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0, clock.instant().minus(LIFETIME).plusSeconds(1)));
        assertThat(status(facts).at("/places/bundled").asInt()).isEqualTo(1);

        clock.advance(Duration.ofSeconds(2));
        relay.tidy();

        assertThat(state(facts)).isEqualTo("expired");
        assertThat(status(facts).at("/places/bundled").asInt()).isZero();
    }

    @Test
    void a_conflicting_envelope_does_not_affect_a_complete_delivery() {
        var facts = Draft.delivery();
        submitAll(facts);
        var longer = withShape(facts, new Shape(6, 2));
        var envelope = envelope(longer, P1, 2);

        var reply = relay.as(P1).submit(envelope);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("facts-differ");
        assertThat(reply.json().get("detail").asString())
                .isEqualTo("The delivery is complete; the envelope differs from it in count.");
        assertThat(state(facts)).isEqualTo("bundled");
        assertThat(relay.stored(facts.id())).isEqualTo(4);
        deliver(facts);
        assertThat(relay.as(P1).submit(envelope).problem()).isEqualTo("facts-differ");
        assertThat(state(facts)).isEqualTo("received");
    }

    private static DeliveryFacts withShape(DeliveryFacts facts, Shape shape) {
        return new DeliveryFacts(
                facts.id(),
                shape,
                facts.domain(),
                facts.scheme(),
                facts.precision(),
                facts.label(),
                facts.recipient(),
                facts.parties(),
                facts.protocol(),
                facts.macsChecked(),
                facts.rerandomised(),
                facts.threshold(),
                facts.bits(),
                facts.program());
    }

    @Test
    void receipts_and_refusals_concern_one_set_of_parties() {
        var facts = Draft.delivery(C1, P0, P1);
        var other = between(facts, P0, P2);
        submitAll(facts);
        submitAll(other);
        var refusal = "{\"delivery\":\"" + facts.id() + "\",\"kind\":\"values\",\"index\":0,"
                + "\"type\":\"/problem-types#parties-differ\",\"detail\":\"Others are required.\"";

        assertThat(relay.refuse(C1, refusal + "}").problem()).isEqualTo("delivery-ambiguous");
        assertThat(relay.refuse(C1, refusal + ",\"parties\":[\"P0\",\"P2\"]}").status())
                .isEqualTo(204);
        assertThat(relay.hand(C1, receipt(facts, 1)).status()).isEqualTo(204);

        assertThat(state(other)).isEqualTo("held");
        assertThat(status(other).at("/places/received").asInt()).isZero();
        assertThat(state(facts)).isEqualTo("bundled");
        assertThat(status(facts).at("/places/received").asInt()).isEqualTo(1);
    }

    /// @return what C1 signs for the envelopes that are stored for this set at an index
    private SignedReceipt receipt(DeliveryFacts facts, int index) {
        var envelopes = relay.bean(JdbcClient.class)
                .sql("SELECT encoded FROM envelope WHERE delivery = :key AND idx = :index")
                .param("key", facts.key().toString())
                .param("index", index)
                .query((row, number) -> decode(row.getBytes(1)))
                .list();
        return StubClient.receipt(new Bundle(envelopes), C1, world.identity(C1));
    }

    private static Envelope decode(byte[] bytes) {
        try {
            return Envelope.decode(Bytes.of(bytes));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_late_envelope_of_a_released_delivery_is_released_and_credited() {
        var facts = Draft.delivery();
        submit(envelope(facts, P1, 0, clock.instant().minus(LIFETIME).plusSeconds(1)));
        clock.advance(Duration.ofHours(25));
        relay.tidy();
        assertThat(relay.stored(facts.id())).isZero();

        long before = bytesOf(P0);
        submit(envelope(facts, P0, 0));
        assertThat(bytesOf(P0)).isGreaterThan(before);
        clock.advance(LIFETIME.plusHours(25));
        relay.tidy();

        assertThat(relay.stored(facts.id())).isZero();
        assertThat(bytesOf(P0)).isZero();
    }
}
