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
import static org.shareferry.relay.fixture.World.R0;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.shareferry.crypto.IdentityKey;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.RunningRelay.HandedIn;
import org.shareferry.relay.fixture.StubClient;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.fixture.Caller.Reply;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.problem.ContentDigest;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A client without an address, and who may see what.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PullOverTlsTest {
    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        relay = RunningRelay.start(world, new SettableClock());
        assertThat(relay.as(P0).get("/v1/members/C1/keys").problem()).isEqualTo("keys-unknown");
        assertThat(announce(C1, world.announcement(C1)).status()).isEqualTo(204);
        await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
    }

    @AfterAll
    void stop() {
        relay.close();
        world.client().close();
    }

    /// A pull has at most 16 bundles, so those of other tests must not be among them.
    @BeforeEach
    void expireBundlesOfOtherTests() {
        relay.bean(JdbcClient.class).sql("UPDATE bundle SET state = 'expired'").update();
    }

    private Reply announce(MemberName client, SignedKeyAnnouncement signed) {
        return relay.as(client)
                .putJson(
                        "/v1/members/" + client + "/keys",
                        "{\"announcement\":\"" + signed.announcement().toBase64Url() + "\",\"signature\":\""
                                + signed.signature().toBase64Url() + "\"}");
    }

    private DeliveryFacts submitPlace() {
        var facts = Draft.delivery(C1, P0, P1);
        for (var party : facts.parties()) {
            var draft =
                    Draft.of(world, facts, party).sealedTo(world.openingKey(C1).sealingKey());
            assertThat(relay.as(party).submit(draft.seal()).status()).isEqualTo(202);
        }
        return facts;
    }

    private List<Bundle> pull(String query) {
        var bundles = new ArrayList<Bundle>();
        for (var bundle : relay.as(C1).get("/v1/bundles" + query).json().get("bundles")) {
            var envelopes = new ArrayList<Envelope>();
            for (var envelope : bundle.get("envelopes")) {
                envelopes.add(envelope(
                        envelope.get("header").asString(),
                        envelope.get("enc").asString(),
                        envelope.get("ciphertext").asString(),
                        envelope.get("signature").asString()));
            }
            bundles.add(new Bundle(envelopes));
        }
        return bundles;
    }

    private static Envelope envelope(String header, String enc, String ciphertext, String signature) {
        try {
            return Envelope.of(
                    Bytes.fromBase64Url(header),
                    Bytes.fromBase64Url(enc),
                    Bytes.fromBase64Url(ciphertext),
                    Bytes.fromBase64Url(signature));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_unreadable_bundle_is_refused_and_does_not_block_others() {
        var bad = submitPlace();
        var good = submitPlace();
        relay.bean(JdbcClient.class)
                .sql("UPDATE envelope SET encoded = :bytes WHERE delivery LIKE :id AND sender = 'P0'")
                .param("bytes", new byte[] {1})
                .param("id", bad.id() + "%")
                .update();

        assertThat(pull("?limit=16"))
                .extracting(Bundle::delivery)
                .contains(good.id())
                .doesNotContain(bad.id());

        assertThat(status(bad, "/refusals/0/type")).isEqualTo("/problem-types#envelope-malformed");
        assertThat(status(bad, "/refusals/0/members/0")).isEqualTo("P0");
    }

    private Bundle pulled(DeliveryFacts facts) {
        return pull("?limit=16").stream()
                .filter(bundle -> bundle.delivery().equals(facts.id()))
                .findFirst()
                .orElseThrow();
    }

    private HandedIn hand(MemberName client, SignedReceipt receipt) {
        return relay.hand(client, receipt);
    }

    private String status(DeliveryFacts facts, String pointer) {
        return relay.as(P0)
                .get("/v1/deliveries/" + facts.id())
                .json()
                .at(pointer)
                .asString("none");
    }

    @Test
    void a_client_pulls_its_bundle_and_posts_the_receipt() {
        var facts = submitPlace();

        var bundle = pulled(facts);
        var receipt = StubClient.receipt(bundle, C1, world.identity(C1));

        assertThat(bundle.envelopes()).hasSize(2);
        assertThat(hand(C1, receipt).status()).isEqualTo(204);
        assertThat(hand(C1, receipt).status()).isEqualTo(204);
        assertThat(relay.as(P1)
                        .get("/v1/deliveries/" + facts.id() + "/receipts")
                        .json()
                        .at("/receipts/0/receipt")
                        .asString())
                .isEqualTo(receipt.receipt().toBase64Url());
        assertThat(pull("")).noneMatch(other -> other.delivery().equals(facts.id()));
    }

    @Test
    void a_bundle_is_listed_until_its_receipt_arrives() {
        var one = submitPlace();
        var two = submitPlace();

        assertThat(pull("?limit=1")).hasSize(1);
        assertThat(pulled(one)).isEqualTo(pulled(one));
        assertThat(pulled(two).delivery()).isEqualTo(two.id());
        hand(C1, StubClient.receipt(pulled(one), C1, world.identity(C1)));
        hand(C1, StubClient.receipt(pulled(two), C1, world.identity(C1)));
    }

    @Test
    void a_pull_with_wait_returns_when_a_bundle_is_complete() {
        pull("").forEach(bundle -> hand(C1, StubClient.receipt(bundle, C1, world.identity(C1))));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = CompletableFuture.supplyAsync(() -> pull("?wait=20s"), threads);

            var facts = submitPlace();

            assertThat(waiting)
                    .succeedsWithin(Duration.ofSeconds(15))
                    .satisfies(bundles ->
                            assertThat(bundles).anyMatch(b -> b.delivery().equals(facts.id())));
            hand(C1, StubClient.receipt(pulled(facts), C1, world.identity(C1)));
        }
    }

    @Test
    void a_pull_returns_an_empty_list_after_its_timeout() {
        assertThat(relay.as(C0).get("/v1/bundles?wait=1s").text()).isEqualTo("{\"bundles\":[]}");
    }

    @Test
    void a_finally_refused_bundle_is_shown_and_not_listed_again() {
        var facts = submitPlace();
        var refusal = refusal(facts, "ciphertext-wrong", digest(pulled(facts)));

        assertThat(relay.refuse(C0, refusal).problem()).isEqualTo("not-found");
        assertThat(relay.refuse(C1, refusal).status()).isEqualTo(204);

        assertThat(status(facts, "/state")).isEqualTo("refused");
        assertThat(status(facts, "/refusals/0/detail")).isEqualTo("C1 refused it: P1's envelope does not open.");
        assertThat(relay.stored(facts.id())).isEqualTo(2);
        assertThat(pull("?limit=16")).noneMatch(bundle -> bundle.delivery().equals(facts.id()));
    }

    private static ContentDigest digest(Bundle bundle) {
        var pieces = new ArrayList<Bytes>(List.of(Bundle.head(bundle.envelopes().size())));
        bundle.envelopes().forEach(envelope -> pieces.add(envelope.encode()));
        return ContentDigest.of(pieces);
    }

    private static String refusal(DeliveryFacts facts, String type, ContentDigest judged) {
        return "{\"delivery\":\"" + facts.id() + "\",\"kind\":\"values\",\"index\":0,"
                + "\"type\":\"/problem-types#" + type
                + "\",\"detail\":\"P1's envelope\\ndoes not open.\",\"judged\":\"" + judged + "\"}";
    }

    @Test
    void a_bundle_with_a_curable_refusal_or_without_its_digest_is_held() {
        var facts = submitPlace();
        var judged = digest(pulled(facts));

        relay.refuse(C1, refusal(facts, "clock-skew", judged));

        assertThat(status(facts, "/state")).isEqualTo("held");
        assertThat(pull("?limit=16")).noneMatch(bundle -> bundle.delivery().equals(facts.id()));
        relay.as(C1).postJson("/v1/redeliveries", "{\"recipient\":\"C1\",\"only\":\"held\"}");
        assertThat(digest(pulled(facts))).isEqualTo(judged);
        relay.refuse(C1, refusal(facts, "ciphertext-wrong", ContentDigest.of(List.of(Bytes.empty()))));
        assertThat(status(facts, "/state")).isEqualTo("held");
        relay.refuse(C1, refusal(facts, "ciphertext-wrong", judged));
        assertThat(status(facts, "/state")).isEqualTo("refused");
    }

    @Test
    void malformed_receipts_refusals_and_parameters_are_refused() {
        for (var body : List.of("{}", "{\"receipt\":\"AA\"}", "[", "{\"receipt\":null,\"signature\":null}")) {
            assertThat(relay.as(C1).postJson("/v1/bundles/outcomes", body).problem())
                    .isEqualTo("request-malformed");
            assertThat(relay.as(C1).putJson("/v1/members/C1/keys", body).problem())
                    .isEqualTo("request-malformed");
        }
        var nowhere = """
                {"delivery":"%s","kind":"values","index":-1,"type":"/problem-types#internal","detail":"None."}""".formatted(Draft.delivery().id());
        assertThat(relay.as(C1)
                        .postJson("/v1/bundles/outcomes", "{\"receipts\":[],\"refusals\":[" + nowhere + "]}")
                        .problem())
                .isEqualTo("request-malformed");
        for (var path : List.of("/v1/bundles?wait=soon", "/v1/bundles?limit=all")) {
            assertThat(relay.as(C1).get(path).problem()).isEqualTo("request-malformed");
        }
        for (var path : List.of("/v1/deliveries/1", "/v1/members/X1/keys", "/v1/deliveries?limit=x")) {
            assertThat(relay.as(P0).get(path).problem()).isEqualTo("request-malformed");
        }
    }

    @Test
    void a_forged_receipt_is_not_accepted() {
        var facts = submitPlace();
        var bundle = pulled(facts);
        try (var stranger = IdentityKey.generate()) {
            for (var receipt : List.of(
                    StubClient.receipt(bundle, C1, stranger),
                    StubClient.receipt(bundle, C1, world.identity(C0)),
                    StubClient.receipt(new Bundle(bundle.envelopes().subList(1, 2)), C1, world.identity(C1)),
                    new SignedReceipt(Bytes.fromHex("a0"), Bytes.fromHex("00")))) {
                var reply = hand(C1, receipt);
                assertThat(reply.status()).isEqualTo(422);
                assertThat(reply.problem()).isEqualTo("announcement-wrong");
            }
        }
        var good = StubClient.receipt(bundle, C1, world.identity(C1));
        var ofOther = StubClient.receipt(bundle, C0, world.identity(C0));
        assertThat(hand(C0, good).status()).isEqualTo(422);
        assertThat(hand(C0, ofOther).status()).isEqualTo(422);
        assertThat(status(facts, "/places/received")).isEqualTo("0");
        assertThat(hand(C1, good).status()).isEqualTo(204);
    }

    @Test
    void keys_are_served_with_the_clients_exact_bytes() throws MalformedException {
        for (var client : List.of(C0, C1)) {
            var json = relay.as(P1).get("/v1/members/" + client + "/keys").json();
            var signed = new SignedKeyAnnouncement(
                    Bytes.fromBase64Url(json.get("announcement").asString()),
                    Bytes.fromBase64Url(json.get("signature").asString()));

            assertThat(signed).isEqualTo(world.announcement(client));
            assertThat(signed.verify(client, world.roster())).isPresent();
        }
    }

    @Test
    void a_forged_announcement_is_refused() {
        assertThat(announce(C1, world.announcement(C1, world.identity(C0))).problem())
                .isEqualTo("announcement-wrong");
        assertThat(announce(C1, world.announcement(C0)).problem()).isEqualTo("announcement-wrong");
        assertThat(announce(C1, new SignedKeyAnnouncement(Bytes.fromHex("a0"), Bytes.empty()))
                        .problem())
                .isEqualTo("announcement-wrong");
    }

    @Test
    void a_client_can_announce_only_its_own_keys() {
        var body = "{\"announcement\":\"AA\",\"signature\":\"AA\"}";

        assertThat(relay.as(C1).putJson("/v1/members/C0/keys", body).problem()).isEqualTo("not-allowed");
        assertThat(relay.as(P0).putJson("/v1/members/C0/keys", body).problem()).isEqualTo("not-allowed");
    }

    @Test
    void only_its_members_and_local_users_see_a_delivery() {
        var facts = Draft.delivery(C1, P0, P1);
        var draft = Draft.of(world, facts, P0).sealedTo(world.openingKey(C1).sealingKey());
        relay.as(P0).submit(draft.seal());
        var address = "/v1/deliveries/" + facts.id();

        for (var caller : List.of("P0", "P1", "C1", "R0", "operator")) {
            assertThat(relay.as(caller).get(address).status()).as(caller).isEqualTo(200);
            assertThat(relay.as(caller).get(address + "/receipts").status()).isEqualTo(200);
            assertThat(list(caller)).contains(facts.id().toString());
        }
        for (var caller : List.of("P2", "C0")) {
            assertThat(relay.as(caller).get(address).problem()).as(caller).isEqualTo("not-found");
            assertThat(relay.as(caller).get(address + "/receipts").problem()).isEqualTo("not-found");
            assertThat(list(caller)).doesNotContain(facts.id().toString());
        }
    }

    private List<String> list(String caller) {
        var ids = new ArrayList<String>();
        String after = "";
        while (true) {
            var page = relay.as(caller)
                    .get("/v1/deliveries?limit=2&after=" + after)
                    .json()
                    .get("deliveries");
            if (page.isEmpty()) {
                return ids;
            }
            for (var delivery : page) {
                after = delivery.get("id").asString();
                ids.add(after);
            }
        }
    }

    @Test
    void only_clients_can_pull() {
        for (var caller : List.of(P0, P2, R0)) {
            assertThat(relay.as(caller).get("/v1/bundles").problem()).isEqualTo("not-allowed");
            assertThat(relay.as(caller).postJson("/v1/bundles/outcomes", "{}").problem())
                    .isEqualTo("not-allowed");
        }
    }

    @Test
    void the_response_is_cbor_on_request() {
        var facts = submitPlace();

        var reply = relay.as(C1).get("/v1/bundles", "application/cbor");

        assertThat(reply.header("Content-Type")).isEqualTo("application/cbor");
        assertThat(reply.bytes().toHex()).startsWith("bf6762756e646c6573");
        hand(C1, StubClient.receipt(pulled(facts), C1, world.identity(C1)));
    }

    @Test
    void a_receipt_for_several_places_must_be_valid_at_each() {
        var facts = submitPlace();
        for (var party : facts.parties()) {
            var draft = Draft.of(world, facts, party)
                    .at(1)
                    .sealedTo(world.openingKey(C1).sealingKey());
            assertThat(relay.as(party).submit(draft.seal()).status()).isEqualTo(202);
        }
        var places = new TreeMap<Place, Map<MemberName, EnvelopeId>>();
        for (var bundle : pull("?limit=16")) {
            if (bundle.delivery().equals(facts.id())) {
                places.put(
                        bundle.place(),
                        bundle.envelopes().stream()
                                .collect(Collectors.toMap(one -> one.header().sender(), Envelope::id)));
            }
        }
        assertThat(places).hasSize(2);
        var wrong = new TreeMap<>(places);
        wrong.put(places.lastKey(), places.get(places.firstKey()));

        assertThat(hand(C1, receipt(facts, wrong)).problem()).isEqualTo("announcement-wrong");
        assertThat(status(facts, "/places/received")).isEqualTo("0");
        assertThat(hand(C1, receipt(facts, places)).status()).isEqualTo(204);
        assertThat(status(facts, "/state")).isEqualTo("received");
    }

    private SignedReceipt receipt(DeliveryFacts facts, SortedMap<Place, Map<MemberName, EnvelopeId>> places) {
        var identity = world.identity(C1);
        return SignedReceipt.sign(
                new Receipt(facts.id(), C1, identity.publicKey().id(), SettableClock.START, places), identity);
    }

    @Test
    void a_sequence_contains_the_stored_bytes() {
        pull("?limit=16").forEach(bundle -> hand(C1, StubClient.receipt(bundle, C1, world.identity(C1))));
        assertThat(relay.as(C1)
                        .get("/v1/bundles", "application/cbor-seq")
                        .bytes()
                        .size())
                .isZero();
        var facts = Stream.generate(this::submitPlace).limit(20).toList();

        var reply = relay.as(C1).get("/v1/bundles?limit=256", "application/cbor-seq");

        assertThat(reply.header("Content-Type")).isEqualTo("application/cbor-seq");
        var items = new CborSequence(reply.bytes().stream(), Bundle.MAX_SIZE).next(99, Long.MAX_VALUE);
        assertThat(items).hasSize(20).allSatisfy(item -> {
            var bundle = Bundle.decode(((CborSequence.Whole) item).content());
            assertThat(hand(C1, StubClient.receipt(bundle, C1, world.identity(C1)))
                            .status())
                    .isEqualTo(204);
        });
        assertThat(facts)
                .allMatch(delivery -> status(delivery, "/places/received").equals("1"));
    }

    @Test
    void a_restored_client_can_pull_received_bundles_again() {
        var facts = submitPlace();
        var bundle = pulled(facts);
        hand(C1, StubClient.receipt(bundle, C1, world.identity(C1)));
        assertThat(pull("?limit=16")).doesNotContain(bundle);

        var reply = relay.as(C1).postJson("/v1/redeliveries", "{\"recipient\":\"C1\"}");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(pulled(facts)).isEqualTo(bundle);
        assertThat(status(facts, "/places/received")).isEqualTo("1");
        assertThat(hand(C1, StubClient.receipt(bundle, C1, world.identity(C1), SettableClock.START.plusSeconds(9)))
                        .status())
                .isEqualTo(204);
        assertThat(pull("?limit=16")).doesNotContain(bundle);
    }
}
