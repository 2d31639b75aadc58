// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.C1;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;
import static org.shareferry.relay.fixture.World.P2;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.StubClient;
import org.shareferry.relay.fixture.StubClient.Reply;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;
import tools.jackson.databind.JsonNode;

/// Bundles of a client that has an address.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PushOverTlsTest {
    private final SettableClock clock = new SettableClock();
    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        relay = RunningRelay.start(world, clock);
        await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
    }

    @AfterAll
    void stop() {
        relay.close();
        world.client().close();
    }

    @AfterEach
    void answerWithReceiptsAgain() {
        world.client().judge(true);
        world.client().answerWithReceipts();
    }

    private void submit(Envelope envelope) {
        var sender = envelope.header().sender();
        assertThat(relay.as(sender).submit(envelope).status()).isEqualTo(202);
    }

    private Envelope envelope(DeliveryFacts facts, MemberName sender, int index) {
        return Draft.of(world, facts, sender)
                .createdAt(clock.instant())
                .at(index)
                .seal();
    }

    private DeliveryFacts submitAll(DeliveryFacts facts) {
        for (var party : facts.parties()) {
            for (int index = 0; index < 2; index++) {
                submit(envelope(facts, party, index));
            }
        }
        return facts;
    }

    private JsonNode status(DeliveryId id) {
        return relay.as(P0).get("/v1/deliveries/" + id).json();
    }

    private String state(DeliveryId id) {
        return status(id).get("state").asString();
    }

    /// Time goes on until the condition holds.
    private void eventually(Callable<Boolean> condition) {
        await().until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return condition.call();
        });
    }

    private List<Bytes> pushed(DeliveryId id) {
        return world.client().bundles(id);
    }

    private static Bundle decode(Bytes bytes) {
        try {
            return Bundle.decode(bytes);
        } catch (MalformedException e) {
            throw new AssertionError("The relay pushed something that is not a bundle.", e);
        }
    }

    @Test
    void bundles_contain_the_envelopes_in_the_order_of_parties() {
        var facts = Draft.delivery(C0, P0, P1, P2);

        for (var party : List.of(P2, P0, P1)) {
            submit(envelope(facts, party, 0));
        }

        await().until(() -> pushed(facts.id()).size() == 1);
        assertThat(decode(pushed(facts.id()).getFirst()).envelopes())
                .extracting(envelope -> envelope.header().sender())
                .containsExactly(P0, P1, P2);
        await().until(() -> status(facts.id())
                .get("places")
                .toString()
                .equals("{\"expected\":2,\"bundled\":0," + "\"received\":1,\"refused\":0,\"held\":0}"));
        assertThat(state(facts.id())).isEqualTo("collecting");
    }

    @Test
    void a_received_delivery_has_receipts_that_every_member_can_verify() throws MalformedException {
        var facts = submitAll(Draft.delivery());

        await().until(() -> state(facts.id()).equals("received"));

        var receipts = relay.as(P1)
                .get("/v1/deliveries/" + facts.id() + "/receipts")
                .json()
                .get("receipts");
        assertThat(receipts).hasSize(2);
        for (var node : receipts) {
            var signed = new SignedReceipt(
                    Bytes.fromBase64Url(node.get("receipt").asString()),
                    Bytes.fromBase64Url(node.get("signature").asString()));
            var receipt = signed.verify(world.roster()).orElseThrow();
            assertThat(receipt.delivery()).isEqualTo(facts.id());
            assertThat(receipt.places().firstKey().index())
                    .isEqualTo(node.get("index").asInt());
        }
        var second = relay.as(P1)
                .get("/v1/deliveries/" + facts.id() + "/receipts?after=1&limit=1")
                .json()
                .get("receipts");
        assertThat(second).hasSize(1);
        assertThat(second.get(0)).isEqualTo(receipts.get(1));
    }

    @Test
    void a_waiting_party_reads_receipts_at_once() {
        var before = relay.as(P0).get("/v1/receipts?limit=1000").json();
        var path = "/v1/receipts?wait=20&feed=" + before.get("feed").asString() + "&after=";
        var facts = Draft.delivery();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var events =
                    threads.submit(() -> states(path, before.get("complete").asLong(), facts.id()));

            submitAll(facts);

            assertThat(events)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .satisfies(states -> assertThat(states).contains("bundled", "receipt"));
        }
        assertThat(relay.as(P2).get("/v1/receipts").text())
                .doesNotContain(facts.id().toString());
        assertThat(relay.as(P0).get("/v1/receipts?after=9007199254740991").problem())
                .isEqualTo("feed-unknown");
        assertThat(relay.as(C0).get("/v1/receipts").problem()).isEqualTo("not-allowed");
    }

    private List<String> states(String path, long from, DeliveryId id) {
        var states = new ArrayList<String>();
        long after = from;
        while (!states.contains("receipt") || !states.contains("bundled")) {
            var page = relay.as(P0).get(path + after).json();
            after = page.get("complete").asLong();
            for (var entry : page.get("entries")) {
                if (entry.get("delivery").asString().equals(id.toString())) {
                    states.add(entry.get("state").asString());
                }
            }
        }
        return states;
    }

    @Test
    void nothing_is_pushed_before_every_party_has_submitted() {
        var facts = Draft.delivery(C0, P0, P1, P2);
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0));

        var other = submitAll(Draft.delivery());

        await().until(() -> state(other.id()).equals("received"));
        assertThat(pushed(facts.id())).isEmpty();
        assertThat(status(facts.id()).get("waitingFor").toString()).isEqualTo("[\"P0\",\"P1\",\"P2\"]");
    }

    @Test
    void a_failed_push_is_repeated_with_identical_bytes() {
        var tries = new AtomicInteger();
        Function<Bundle, Reply> receipt = world.client()::receiptFor;
        world.client().answer(bundle -> switch (tries.getAndIncrement()) {
            case 0 -> Reply.problem(503, "/problem-types#store-busy");
            case 1 -> Reply.problem(500, "/problem-types#internal");
            case 2 -> Reply.problem(429, "/problem-types#quota-used-up");
            case 3 -> Reply.problem(408, "about:blank");
            case 4 -> Reply.problem(302, "about:blank");
            default -> receipt.apply(bundle);
        });
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0));

        eventually(() -> status(facts.id()).at("/places/received").asInt() == 1);

        assertThat(pushed(facts.id())).hasSizeGreaterThanOrEqualTo(6);
        assertThat(pushed(facts.id()).stream().distinct()).hasSize(1);
    }

    @Test
    void a_finally_refused_bundle_is_shown_and_never_pushed_again() {
        world.client().answer(bundle -> Reply.problem(422, "/problem-types#ciphertext-wrong"));
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0));
        await().until(() -> state(facts.id()).equals("refused"));

        world.client().answerWithReceipts();
        clock.advance(Duration.ofHours(2));
        var other = submitAll(Draft.delivery());
        await().until(() -> state(other.id()).equals("received"));

        assertThat(pushed(facts.id())).hasSize(1);
        assertThat(relay.stored(facts.id())).isEqualTo(2);
        var refusal = status(facts.id()).get("refusals").get(0);
        assertThat(refusal.get("type").asString()).isEqualTo("/problem-types#ciphertext-wrong");
        assertThat(refusal.get("detail").asString()).isEqualTo("C0 refused it: Because the test says so.");
        assertThat(refusal.get("members").toString()).isEqualTo("[\"C0\"]");
        assertThat(refusal.get("kind").asString()).isEqualTo("values");
    }

    @Test
    void a_refusal_of_another_body_is_not_final() {
        var tries = new AtomicInteger();
        world.client().answer(bundle -> {
            world.client().judge(tries.get() > 0);
            return tries.getAndIncrement() == 0
                    ? Reply.problem(422, "/problem-types#ciphertext-wrong")
                    : tries.get() == 2
                            ? Reply.problem(400, "about:blank")
                            : world.client().receiptFor(bundle);
        });

        var facts = submitAll(Draft.delivery());

        eventually(() -> state(facts.id()).equals("received"));
    }

    @Test
    void a_held_bundle_is_pushed_on_request() {
        world.client().answer(bundle -> Reply.problem(422, "/problem-types#parties-differ"));
        var facts = submitAll(Draft.delivery());
        await().until(() -> state(facts.id()).equals("held"));
        assertThat(status(facts.id()).at("/places/held").asInt()).isPositive();
        assertThat(status(facts.id()).at("/refusals/0/finality").asString()).isEqualTo("curable");
        await().until(() -> status(facts.id()).at("/places/held").asInt() == 2);
        var before = pushed(facts.id());
        world.client().answerWithReceipts();

        var reply = relay.as("operator").postJson("/v1/redeliveries", "{\"recipient\":\"C0\",\"only\":\"held\"}");

        assertThat(reply.json().get("bundles").asInt()).isEqualTo(2);
        await().until(() -> state(facts.id()).equals("received"));
        assertThat(status(facts.id()).get("refusals")).isEmpty();
        assertThat(before).hasSize(2).containsAll(pushed(facts.id()).subList(2, 4));
    }

    @Test
    void a_held_bundle_is_pushed_at_intervals_until_it_expires() {
        world.client().answer(bundle -> Reply.problem(422, "/problem-types#clock-skew"));
        var curable = submitAll(Draft.delivery());
        await().until(() -> status(curable.id()).at("/places/held").asInt() == 2);
        clock.advance(Duration.ofMinutes(14));
        relay.tidy();
        var other = submitAll(Draft.delivery());
        await().until(() -> status(other.id()).at("/places/held").asInt() == 2);
        assertThat(pushed(curable.id())).hasSize(2);
        world.client().answerWithReceipts();

        clock.advance(Duration.ofMinutes(2));
        relay.tidy();

        await().until(() -> state(curable.id()).equals("received"));
        assertThat(state(other.id())).isEqualTo("held");
        clock.advance(Duration.ofDays(8));
        relay.tidy();
        assertThat(state(other.id())).isEqualTo("expired");
    }

    @Test
    void a_client_that_refuses_the_relays_certificate_is_tried_again() {
        var tries = new AtomicInteger();
        Function<Bundle, Reply> receipt = world.client()::receiptFor;
        world.client().answer(bundle -> switch (tries.getAndIncrement()) {
            case 0 -> Reply.problem(403, "/problem-types#certificate-expired");
            case 1 -> Reply.problem(403, "/problem-types#member-unknown");
            default -> receipt.apply(bundle);
        });

        var facts = submitAll(Draft.delivery());

        eventually(() -> state(facts.id()).equals("received"));
    }

    @Test
    void invalid_receipts_are_not_accepted() {
        var other = decodeOtherBundle();
        try (var stranger = IdentityKey.generate()) {
            List<Function<Bundle, Reply>> forgeries = List.of(
                    bundle -> StubClient.reply(StubClient.receipt(bundle, C0, stranger)),
                    bundle -> StubClient.reply(StubClient.receipt(bundle, C1, world.identity(C1))),
                    bundle -> StubClient.reply(StubClient.receipt(bundle, C0, world.identity(C1))),
                    bundle -> StubClient.reply(StubClient.receipt(other, C0, world.identity(C0))),
                    bundle -> StubClient.reply(
                            StubClient.receipt(new Bundle(bundle.envelopes().subList(0, 1)), C0, world.identity(C0))),
                    bundle -> new Reply(200, "application/cbor", Bytes.fromHex("a0")),
                    bundle -> new Reply(200, "application/cbor", Bytes.fromHex("ff")),
                    bundle -> new Reply(200, "application/json", Bytes.empty()));
            var tries = new AtomicInteger();
            world.client()
                    .answer(bundle -> forgeries
                            .get(tries.getAndIncrement() % forgeries.size())
                            .apply(bundle));
            var facts = Draft.delivery();
            submit(envelope(facts, P0, 0));
            submit(envelope(facts, P1, 0));

            eventually(() -> tries.get() > forgeries.size());

            assertThat(status(facts.id()).at("/places/received").asInt()).isZero();
            assertThat(status(facts.id()).at("/places/bundled").asInt()).isOne();
            world.client().answerWithReceipts();
            eventually(() -> status(facts.id()).at("/places/received").asInt() == 1);
        }
    }

    /// The relay goes on from an older backup: the client's receipt of then covers more than the relay holds.
    @Test
    void a_receipt_for_more_places_counts_for_the_stored_ones() {
        world.client().answer(bundle -> {
            var ids = new TreeMap<MemberName, EnvelopeId>();
            bundle.envelopes().forEach(envelope -> ids.put(envelope.header().sender(), envelope.id()));
            var places = new TreeMap<Place, Map<MemberName, EnvelopeId>>(Map.of(bundle.place(), ids));
            places.put(new Place(Kind.VALUES, 1), ids);
            var identity = world.identity(C0);
            return StubClient.reply(SignedReceipt.sign(
                    new Receipt(bundle.delivery(), C0, identity.publicKey().id(), SettableClock.START, places),
                    identity));
        });
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0));

        eventually(() -> status(facts.id()).at("/places/received").asInt() == 1);
        world.client().answerWithReceipts();
    }

    private Bundle decodeOtherBundle() {
        var facts = Draft.delivery();
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0));
        await().until(() -> pushed(facts.id()).size() == 1);
        return decode(pushed(facts.id()).getFirst());
    }

    @Test
    void a_refusal_names_the_members_and_fields_that_differ() {
        var facts = Draft.delivery(C0, P0, P1, P2);
        var otherwise = new DeliveryFacts(
                facts.id(),
                facts.shape(),
                facts.domain(),
                facts.scheme(),
                7,
                facts.label(),
                C0,
                facts.parties(),
                facts.protocol(),
                false,
                false,
                facts.threshold(),
                facts.bits(),
                facts.program());
        submit(envelope(facts, P0, 0));
        submit(envelope(otherwise, P1, 0));
        submit(envelope(facts, P2, 0));
        submitAllAt(1, facts);

        var status = status(facts.id());
        assertThat(status.get("state").asString()).isEqualTo("refused");
        assertThat(status.at("/places/refused").asInt()).isEqualTo(2);
        for (var refusal : status.get("refusals")) {
            assertThat(refusal.get("type").asString()).isEqualTo("/problem-types#facts-differ");
            assertThat(refusal.get("members").toString()).isEqualTo("[\"P0\",\"P1\"]");
            assertThat(refusal.get("detail").asString())
                    .isEqualTo("The envelopes of P0, P1 differ in precision, macsChecked, rerandomised.");
        }
        assertThat(relay.stored(facts.id())).isEqualTo(6);
        assertThat(pushed(facts.id())).isEmpty();
    }

    private void submitAllAt(int index, DeliveryFacts facts) {
        facts.parties().forEach(party -> submit(envelope(facts, party, index)));
    }

    @Test
    void a_bundle_completed_before_a_disagreement_is_still_pushed() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        var facts = Draft.delivery();
        submitAllAt(0, facts);
        await().until(() -> pushed(facts.id()).size() == 1);
        submit(envelope(Draft.withLabel(facts, 9), P1, 1));
        world.client().answerWithReceipts();

        eventually(() -> status(facts.id()).at("/places/received").asInt() == 1);

        assertThat(state(facts.id())).isEqualTo("refused");
        assertThat(status(facts.id()).at("/places/refused").asInt()).isEqualTo(1);
    }

    @Test
    void the_refusal_names_all_members_that_differ() {
        var facts = Draft.delivery(C0, P0, P1, P2);
        submit(envelope(Draft.withLabel(facts, 9), P2, 0));
        submit(envelope(facts, P0, 0));
        submit(envelope(facts, P1, 0));

        var refusal = status(facts.id()).get("refusals").get(0);
        assertThat(refusal.get("members").toString()).isEqualTo("[\"P0\",\"P1\",\"P2\"]");
        assertThat(refusal.get("detail").asString()).isEqualTo("The envelopes of P0, P1, P2 differ in label.");
    }

    @Test
    void a_delivery_is_pushed_until_it_expires() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        var facts = submitAll(Draft.delivery());
        assertThat(state(facts.id())).isEqualTo("bundled");
        eventually(() -> pushed(facts.id()).size() > 3);
        assertThat(state(facts.id())).isEqualTo("bundled");

        clock.advance(Duration.ofDays(7));

        assertThat(state(facts.id())).isEqualTo("expired");
        world.client().answerWithReceipts();
        var other = submitAll(Draft.delivery());
        eventually(() -> state(other.id()).equals("received"));
        assertThat(state(facts.id())).isEqualTo("expired");
        assertThat(status(facts.id()).at("/places/received").asInt()).isZero();
    }

    @Test
    void concurrent_envelopes_complete_every_place() {
        var deliveries = Stream.generate(Draft::delivery).limit(10).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var facts : deliveries) {
                for (var party : facts.parties()) {
                    for (int index = 0; index < 2; index++) {
                        var envelope = envelope(facts, party, index);
                        threads.execute(() -> submit(envelope));
                    }
                }
            }
        }

        for (var facts : deliveries) {
            eventually(() -> state(facts.id()).equals("received"));
            assertThat(pushed(facts.id()).stream().distinct()).hasSize(2);
        }
    }

    /// Otherwise it would occupy all pushing threads, and bundles for other clients would wait.
    @Test
    void an_unreachable_client_gets_one_bundle_at_a_time() {
        world.client().answer(bundle -> Reply.problem(503, "/problem-types#store-busy"));
        var first = submitAll(Draft.delivery()).id();
        // Two at once at first, one for each place; a third only when the relay knows that something is wrong.
        eventually(() -> pushed(first).size() > 2);
        var silence = new CountDownLatch(1);
        var asked = new AtomicInteger();
        world.client().answer(bundle -> afterSilence(silence, asked, bundle));

        var ids = Stream.generate(() -> submitAll(Draft.delivery()).id())
                .limit(10)
                .toList();
        eventually(() -> asked.get() > 0);
        await().during(Duration.ofSeconds(1)).until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return asked.get() == 1;
        });

        silence.countDown();
        eventually(() -> ids.stream().allMatch(id -> state(id).equals("received")));
    }

    @Test
    void a_slow_client_has_two_requests_in_flight() {
        var silence = new CountDownLatch(1);
        var asked = new AtomicInteger();
        world.client().answer(bundle -> afterSilence(silence, asked, bundle));

        var ids = Stream.generate(() -> submitAll(Draft.delivery()).id())
                .limit(20)
                .toList();

        await().until(() -> asked.get() == 2);
        await().during(Duration.ofSeconds(1)).until(() -> asked.get() == 2);
        int before = world.client().requests().size();
        silence.countDown();
        await().until(() -> ids.stream().allMatch(id -> state(id).equals("received")));
        assertThat(world.client().requests().size() - before).isLessThan(10);
    }

    @Test
    void waiting_bundles_are_pushed_at_once_when_the_client_is_reachable_again() {
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        var ids = Stream.generate(() -> submitAll(Draft.delivery()).id())
                .limit(20)
                .toList();
        int tries = world.client().requests().size();
        eventually(() -> world.client().requests().size() > tries + 2);

        world.client().answerWithReceipts();
        int before = world.client().requests().size();
        clock.advance(Duration.ofSeconds(5));

        await().until(() -> ids.stream().allMatch(id -> state(id).equals("received")));
        assertThat(world.client().requests().size() - before).isLessThan(15);
    }

    @Test
    void a_refused_bundle_does_not_affect_others_in_its_request() {
        var first = Draft.delivery();
        var second = Draft.delivery();
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        submitAll(first);
        await().until(() -> !pushed(first.id()).isEmpty());
        submitAll(second);
        var third = submitAll(Draft.delivery());
        world.client()
                .answer(bundle -> bundle.delivery().equals(first.id())
                        ? Reply.problem(422, "/problem-types#ciphertext-wrong")
                        : bundle.delivery().equals(second.id())
                                ? Reply.problem(503, "/problem-types#store-busy")
                                : world.client().receiptFor(bundle));

        eventually(() -> state(third.id()).equals("received"));

        eventually(() -> state(first.id()).equals("refused"));
        assertThat(state(second.id())).isEqualTo("bundled");
        world.client().answerWithReceipts();
        eventually(() -> state(second.id()).equals("received"));
    }

    private Reply afterSilence(CountDownLatch silence, AtomicInteger asked, Bundle bundle) {
        asked.incrementAndGet();
        try {
            silence.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return world.client().receiptFor(bundle);
    }
}
