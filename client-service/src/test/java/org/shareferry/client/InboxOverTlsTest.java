// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.client.fixture.Made;
import org.shareferry.client.fixture.RunningClient;
import org.shareferry.client.fixture.World;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.problem.ContentDigest;

/// What a client takes from its relay, and each thing that it compares before it does.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InboxOverTlsTest {
    private final SettableClock clock = new SettableClock();
    private World world;
    private RunningClient client;
    private SealingKey key;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        client = RunningClient.start(world, clock);
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    private static DeliveryFacts facts() {
        return Made.facts(Scheme.BATCHED, 4);
    }

    private Bundle blank(DeliveryFacts ofP0, DeliveryFacts ofP1) {
        return new Bundle(List.of(Made.blank(world, ofP0, World.P0, key), Made.blank(world, ofP1, World.P1, key)));
    }

    @Test
    void a_bundle_is_answered_with_a_receipt_for_exactly_its_envelopes_and_always_the_same() throws Exception {
        var facts = facts();
        var bundle = blank(facts, facts);

        var receipt = client.received(bundle);
        clock.advance(Duration.ofSeconds(5));
        var again = client.received(bundle);

        var verified = receipt.verify(client.roster().current()).orElseThrow();
        assertThat(verified.delivery()).isEqualTo(facts.id());
        assertThat(verified.envelopesAt(bundle.place()).values())
                .containsExactly(
                        bundle.envelopes().get(0).id(),
                        bundle.envelopes().get(1).id());
        assertThat(again).isEqualTo(receipt);
    }

    private Caller.Reply bring(Bytes... items) {
        var sequence = new ByteArrayOutputStream();
        for (var piece : CborSequence.pieces(Stream.of(items).map(BatchItem::of).toList())) {
            sequence.writeBytes(piece.toArray());
        }
        return client.as("R0").post("/v1/bundles", CborSequence.MEDIA_TYPE, Bytes.of(sequence.toByteArray()));
    }

    private static List<Integer> statuses(Caller.Reply reply) {
        return reply.json()
                .path("outcomes")
                .valueStream()
                .map(outcome -> outcome.path("status").asInt())
                .toList();
    }

    @Test
    void bundles_that_come_together_are_judged_each_alone_and_a_receipt_covers_those_of_a_delivery() throws Exception {
        var bundles = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5).bundles();
        var lacking = new Bundle(List.of(Made.blank(world, facts(), World.P0, key)));
        var junk = Bytes.ascii("junk");

        var reply = bring(
                bundles.get(0).encode(),
                junk,
                lacking.encode(),
                bundles.get(1).encode(),
                bundles.get(0).encode());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(statuses(reply)).containsExactly(200, 422, 422, 200, 200);
        var outcomes = reply.json().path("outcomes");
        assertThat(outcomes.path(1).path("problem").path("type").asString())
                .isEqualTo("/problem-types#envelope-malformed");
        assertThat(outcomes.path(1).path("problem").path("judged").asString())
                .isEqualTo(ContentDigest.of(List.of(junk)).toString());
        assertThat(outcomes.path(2).path("problem").path("judged").asString())
                .isEqualTo(ContentDigest.of(List.of(lacking.encode())).toString());
        assertThat(reply.json().path("receipts")).hasSize(1);
        var receipt = RunningClient.receipt(reply.json().path("receipts").path(0));
        var verified = receipt.verify(client.roster().current()).orElseThrow();
        assertThat(verified.places().keySet())
                .containsExactly(bundles.get(0).place(), bundles.get(1).place());
        assertThat(client.received(bundles.get(1))).isEqualTo(receipt);
    }

    @Test
    void places_that_come_later_get_a_receipt_of_their_own_and_earlier_ones_keep_theirs() {
        var bundles = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5).bundles();
        var first = client.received(bundles.get(0));

        var reply = bring(bundles.get(0).encode(), bundles.get(1).encode());

        assertThat(statuses(reply)).containsExactly(200, 200);
        var receipts = reply.json().path("receipts");
        assertThat(receipts).hasSize(2);
        assertThat(RunningClient.receipt(receipts.path(0))).isEqualTo(first);
        assertThat(client.received(bundles.get(1))).isEqualTo(RunningClient.receipt(receipts.path(1)));
    }

    @Test
    void of_two_bundles_for_one_place_in_one_request_the_first_is_kept() {
        var facts = facts();
        var one = blank(facts, facts);
        var other = blank(facts, facts);

        var reply = bring(
                one.encode(),
                other.encode(),
                blank(
                                new Change(facts).label(8).facts(),
                                new Change(facts).label(8).facts())
                        .encode());

        assertThat(statuses(reply)).containsExactly(200, 409, 422);
        assertThat(client.received(one))
                .isEqualTo(RunningClient.receipt(reply.json().path("receipts").path(0)));
    }

    @Test
    void a_sequence_that_breaks_off_is_refused_as_a_whole_and_taken_when_it_comes_again() {
        var facts = facts();
        var whole = blank(facts, facts).encode();
        var cut = new ByteArrayOutputStream();
        cut.writeBytes(CborSequence.head(whole.size()).toArray());
        cut.write(whole.toArray(), 0, 100);

        refused(
                client.as("R0").post("/v1/bundles", CborSequence.MEDIA_TYPE, Bytes.of(cut.toByteArray())),
                400,
                "body-damaged");
        assertThat(statuses(bring(whole))).containsExactly(200);
    }

    static Stream<Arguments> differentFacts() {
        var f = Made.facts(Scheme.BATCHED, 4);
        return Stream.of(
                Arguments.of(
                        "delivery",
                        f,
                        new Change(f).id(new DeliveryId(f.id().run(), 1)).facts()),
                Arguments.of(
                        "delivery",
                        f,
                        new Change(f).id(new DeliveryId(new RunId(1, 1), 0)).facts()),
                Arguments.of("count", f, new Change(f).shape(new Shape(3, 4)).facts()),
                Arguments.of(
                        "valuesPerChunk",
                        f,
                        new Change(f).shape(new Shape(4, 5)).facts()),
                Arguments.of(
                        "domain",
                        f,
                        new Change(f).domain(new Domain.Ring(112, 64)).facts()),
                Arguments.of("scheme", f, new Change(f).scheme(Scheme.ADDITIVE).facts()),
                Arguments.of("precision", f, new Change(f).precision(16).facts()),
                Arguments.of("label", f, new Change(f).label(8).facts()),
                Arguments.of(
                        "recipient",
                        f,
                        new Change(f).recipient(MemberName.client(1)).facts()),
                Arguments.of(
                        "parties",
                        f,
                        new Change(f).parties(World.P0, World.P1, World.P2).facts()),
                Arguments.of("protocol", f, new Change(f).protocol("unheard-of").facts()),
                Arguments.of("macsChecked", f, new Change(f).macsChecked(false).facts()),
                Arguments.of(
                        "rerandomised", f, new Change(f).rerandomised(false).facts()),
                Arguments.of(
                        "threshold", f, new Change(f).with(0, 0, Bytes.empty()).facts()),
                Arguments.of(
                        "program",
                        f,
                        new Change(f).with(1, 0, Bytes.of(new byte[32])).facts()),
                Arguments.of(
                        "bits",
                        new Change(f).scheme(Scheme.INPUT, 64).facts(),
                        new Change(f).scheme(Scheme.INPUT, 65).facts()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differentFacts")
    void envelopes_that_differ_in_one_header_field_are_refused_and_both_members_named(
            String field, DeliveryFacts ofP0, DeliveryFacts ofP1) {
        var reply = client.bring(blank(ofP0, ofP1));

        refused(reply, 422, "facts-differ");
        assertThat(reply.json().path("detail").asString()).isEqualTo("The headers differ in " + field + ".");
        assertThat(reply.json().path("members").toString()).isEqualTo("[\"P0\",\"P1\"]");
    }

    @Test
    void a_later_bundle_that_differs_from_the_first_is_refused() {
        var made = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5);
        client.received(made.bundles().getFirst());
        var other = new Change(made.facts()).label(99).facts();

        refused(client.bring(blank(other, other)), 422, "facts-differ");
    }

    @Test
    void a_smaller_set_of_parties_is_refused_though_all_of_them_agree() {
        var forged = new Change(facts()).parties(World.P1, World.P2).facts();
        var bundle =
                new Bundle(List.of(Made.blank(world, forged, World.P1, key), Made.blank(world, forged, World.P2, key)));

        refused(client.bring(bundle), 422, "parties-differ");
    }

    @Test
    void a_bundle_of_another_set_of_parties_takes_nothing_from_the_right_one() {
        var made = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3);
        var forged =
                new Change(made.facts()).label(99).parties(World.P1, World.P2).facts();
        refused(
                client.bring(new Bundle(
                        List.of(Made.blank(world, forged, World.P1, key), Made.blank(world, forged, World.P2, key)))),
                422,
                "parties-differ");

        made.bundles().forEach(client::received);
    }

    @Test
    void a_missing_envelope_is_refused_and_its_sender_named() {
        var facts = facts();
        var reply = client.bring(new Bundle(List.of(Made.blank(world, facts, World.P0, key))));

        refused(reply, 422, "bundle-incomplete");
        assertThat(reply.json().path("members").toString()).isEqualTo("[\"P1\"]");
    }

    @Test
    void a_surplus_envelope_is_refused() {
        var facts = facts();
        var p0 = Made.blank(world, facts, World.P0, key);
        var p1 = Made.blank(world, facts, World.P1, key);

        refused(client.bring(new Bundle(List.of(p0, p1, p1))), 422, "bundle-incomplete");
        refused(client.bring(new Bundle(List.of(p0, p0))), 422, "bundle-incomplete");
    }

    @Test
    void an_envelope_signed_with_another_partys_key_is_refused() {
        var facts = facts();
        var stolen = new Header(
                facts,
                Made.blank(world, facts, World.P0, key).header().place(),
                World.P0,
                world.identity(World.P1).publicKey().id(),
                key.id(),
                SettableClock.START);
        var envelope = seal(stolen, World.P0, world.identity(World.P1));

        refused(
                client.bring(new Bundle(List.of(envelope, Made.blank(world, facts, World.P1, key)))),
                422,
                "sender-unknown");
    }

    @Test
    void a_key_that_the_roster_does_not_pin_is_refused() {
        var facts = facts();
        var stranger = IdentityKey.generate();
        var place = Made.blank(world, facts, World.P0, key).header().place();
        var header = new Header(facts, place, World.P1, stranger.publicKey().id(), key.id(), SettableClock.START);
        var envelope = seal(header, World.P1, stranger);

        refused(
                client.bring(new Bundle(List.of(Made.blank(world, facts, World.P0, key), envelope))),
                422,
                "sender-unknown");
    }

    private Envelope seal(Header header, MemberName sender, IdentityKey signer) {
        try (var body = SecretBytes.random(header.bodySize());
                var handOver = new EnvelopeSealer(sender, signer).begin(header.facts(), key, header.created())) {
            return handOver.seal(header.place(), body);
        } catch (org.shareferry.crypto.CryptoException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_wrong_signature_is_refused() throws Exception {
        var facts = facts();
        var good = Made.blank(world, facts, World.P1, key);
        var signature = good.signature().toArray();
        signature[3] ^= 1;
        var bad = Envelope.of(good.headerBytes(), good.enc(), good.ciphertext(), Bytes.of(signature));

        refused(client.bring(pair(facts, bad)), 422, "signature-wrong");
    }

    @Test
    void a_ciphertext_that_was_changed_and_signed_anew_is_refused() throws Exception {
        var facts = facts();
        var good = Made.blank(world, facts, World.P1, key);
        var ciphertext = good.ciphertext().toArray();
        ciphertext[0] ^= 1;
        var changed = Envelope.sign(good.headerBytes(), good.enc(), Bytes.of(ciphertext), world.identity(World.P1));

        refused(client.bring(pair(facts, changed)), 422, "ciphertext-wrong");
    }

    @Test
    void an_envelope_sealed_to_a_key_that_is_not_ours_is_refused() {
        var facts = facts();
        try (var other = OpeningKey.generate()) {
            refused(
                    client.bring(pair(facts, Made.blank(world, facts, World.P1, other.sealingKey()))),
                    422,
                    "recipient-key-unknown");
        }
    }

    @Test
    void a_bundle_for_another_client_is_refused() {
        var other = new Change(facts()).recipient(MemberName.client(1)).facts();
        refused(client.bring(blank(other, other)), 422, "recipient-unknown");
    }

    @Test
    void clocks_that_differ_too_much_and_old_envelopes_are_refused() {
        refused(client.bring(created(clock.instant().plus(Duration.ofMinutes(6)))), 422, "clock-skew");
        refused(client.bring(created(clock.instant().minus(Duration.ofDays(8)))), 422, "delivery-expired");
        assertThat(client.bring(created(clock.instant().plus(Duration.ofMinutes(4))))
                        .status())
                .isEqualTo(200);
    }

    private Bundle created(Instant moment) {
        var facts = facts();
        return pair(facts, Made.blank(world, facts, World.P1, key, moment));
    }

    private Bundle pair(DeliveryFacts facts, Envelope ofP1) {
        return new Bundle(List.of(Made.blank(world, facts, World.P0, key), ofP1));
    }

    @Test
    void the_first_envelope_for_a_place_is_kept() {
        var facts = facts();
        var first = blank(facts, facts);
        var receipt = client.received(first);

        refused(client.bring(blank(facts, facts)), 409, "envelope-conflict");
        assertThat(client.received(first)).isEqualTo(receipt);
    }

    /// When a delivery is deleted may depend on its verdict, which the relay must not learn.
    @Test
    void whether_a_delivery_was_deleted_does_not_show_in_the_answer_to_another_envelope() {
        var made = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3);
        made.bundles().forEach(client::received);
        await().until(() -> client.as("user").delete("/v1/results/" + made.id()).status() == 204);
        var ofP0 = made.bundles().getFirst().envelopes().getFirst();
        var another = Made.blank(world, ofP0.header().facts(), World.P1, key);

        refused(client.bring(new Bundle(List.of(ofP0, another))), 409, "envelope-conflict");
    }

    @Test
    void chunks_of_two_hand_overs_of_a_delivery_do_not_mix() {
        var made = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5, 6, 7, 8);
        var one = made.bundles();
        var another = made.bundles();
        client.received(one.get(0));

        refused(client.bring(another.get(1)), 409, "hand-overs-mixed");
        client.received(one.get(1));
    }

    @Test
    void envelopes_of_one_bundle_from_two_places_are_refused() {
        var made = Made.of(world, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5, 6, 7, 8);
        var bundles = made.bundles();
        var mixed = new Bundle(List.of(
                bundles.get(0).envelopes().get(0), bundles.get(1).envelopes().get(1)));

        refused(client.bring(mixed), 422, "facts-differ");
    }

    @Test
    void the_fault_in_a_body_is_named_with_its_place() {
        assertThat(detail("{\"envelopes\":[],\"envelopes\":[]}"))
                .isEqualTo("The body has the property \"envelopes\" twice near byte 27.");
        assertThat(detail("{\"envelopes\":[")).startsWith("The body ends before it is complete");
        assertThat(detail("{\"envelopes\":[{\"enc\":\"AA==\"}]}"))
                .matches("The property \"enc\" near byte \\d+ must be base64url without padding\\.");
    }

    private String detail(String json) {
        return client.as("R0")
                .postJson("/v1/bundles", json)
                .json()
                .path("detail")
                .asString("");
    }

    @Test
    void malformed_bodies_are_refused_with_a_problem() {
        var relay = client.as("R0");
        refused(relay.postJson("/v1/bundles", "{\"envelopes\":["), 400, "request-malformed");
        refused(relay.postJson("/v1/bundles", "{\"envelopes\":[null]}"), 400, "request-malformed");
        refused(relay.postJson("/v1/bundles", "{\"envelopes\":[],\"more\":1}"), 400, "request-malformed");
        refused(
                relay.post("/v1/bundles", "application/cbor", Bytes.of((byte) 0xa1, (byte) 0x61)),
                400,
                "request-malformed");
        refused(relay.post("/v1/bundles", "text/plain", Bytes.ascii("x")), 415, "media-type-unsupported");
        refused(relay.post("/v1/bundles", "application/cbor", Bytes.of(new byte[300_000])), 413, "body-too-large");
        refused(
                relay.postChunked("/v1/bundles", "application/cbor", Bytes.of(new byte[300_000])),
                400,
                "request-malformed");
    }

    @Test
    void only_the_relay_brings_bundles() {
        var facts = facts();
        var bundle = blank(facts, facts);
        for (var other : List.of("P0", "P1", "C0", "user")) {
            refused(client.as(other).post("/v1/bundles", "application/cbor", bundle.encode()), 403, "not-allowed");
        }
        refused(client.as("stranger").get("/v1/keys"), 403, "member-unknown");
        refused(client.as("expired-certificate").get("/v1/keys"), 403, "certificate-expired");
        assertThatThrownBy(() -> client.withoutCertificate().get("/v1/keys"))
                .isInstanceOf(Caller.NoAnswerException.class);
    }

    @Test
    void results_are_for_the_clients_own_people_only() {
        for (var other : List.of("P0", "P1", "R0")) {
            refused(client.as(other).get("/v1/results"), 403, "not-allowed");
            refused(client.as(other).get("/v1/results/" + facts().id()), 403, "not-allowed");
        }
        assertThat(client.as("user").get("/v1/results").status()).isEqualTo(200);
        assertThat(client.as("C0").get("/v1/results").status()).isEqualTo(200);
    }

    private static void refused(Caller.Reply reply, int status, String problem) {
        assertThat(reply.problem()).isEqualTo(problem);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
    }

    /// Facts with one thing changed.
    private record Change(DeliveryFacts facts) {
        Change id(DeliveryId id) {
            return with(id, facts.shape(), facts.domain(), facts.scheme());
        }

        Change shape(Shape shape) {
            return with(facts.id(), shape, facts.domain(), facts.scheme());
        }

        Change domain(Domain domain) {
            return with(facts.id(), facts.shape(), domain, facts.scheme());
        }

        Change scheme(Scheme scheme) {
            return with(facts.id(), facts.shape(), facts.domain(), scheme);
        }

        Change scheme(Scheme scheme, int bits) {
            return new Change(new DeliveryFacts(
                    facts.id(),
                    facts.shape(),
                    facts.domain(),
                    scheme,
                    facts.precision(),
                    facts.label(),
                    facts.recipient(),
                    facts.parties(),
                    facts.protocol(),
                    facts.macsChecked(),
                    facts.rerandomised(),
                    facts.threshold(),
                    bits,
                    facts.program()));
        }

        private Change with(int threshold, int bits, Bytes program) {
            return new Change(new DeliveryFacts(
                    facts.id(),
                    facts.shape(),
                    facts.domain(),
                    facts.scheme(),
                    facts.precision(),
                    facts.label(),
                    facts.recipient(),
                    facts.parties(),
                    facts.protocol(),
                    facts.macsChecked(),
                    facts.rerandomised(),
                    threshold,
                    bits,
                    program));
        }

        private Change with(DeliveryId id, Shape shape, Domain domain, Scheme scheme) {
            return new Change(new DeliveryFacts(
                    id,
                    shape,
                    domain,
                    scheme,
                    facts.precision(),
                    facts.label(),
                    facts.recipient(),
                    facts.parties(),
                    facts.protocol(),
                    facts.macsChecked(),
                    facts.rerandomised(),
                    facts.threshold(),
                    facts.bits(),
                    facts.program()));
        }

        Change precision(int precision) {
            return with(precision, facts.label(), facts.recipient());
        }

        Change label(long label) {
            return with(facts.precision(), label, facts.recipient());
        }

        Change recipient(MemberName recipient) {
            return with(facts.precision(), facts.label(), recipient);
        }

        private Change with(int precision, long label, MemberName recipient) {
            return new Change(new DeliveryFacts(
                    facts.id(),
                    facts.shape(),
                    facts.domain(),
                    facts.scheme(),
                    precision,
                    label,
                    recipient,
                    facts.parties(),
                    facts.protocol(),
                    facts.macsChecked(),
                    facts.rerandomised(),
                    facts.threshold(),
                    facts.bits(),
                    facts.program()));
        }

        Change parties(MemberName... parties) {
            return with(List.of(parties), facts.protocol(), facts.macsChecked(), facts.rerandomised());
        }

        Change protocol(String protocol) {
            return with(facts.parties(), protocol, facts.macsChecked(), facts.rerandomised());
        }

        Change macsChecked(boolean macsChecked) {
            return with(facts.parties(), facts.protocol(), macsChecked, facts.rerandomised());
        }

        Change rerandomised(boolean rerandomised) {
            return with(facts.parties(), facts.protocol(), facts.macsChecked(), rerandomised);
        }

        private Change with(List<MemberName> parties, String protocol, boolean macsChecked, boolean rerandomised) {
            return new Change(new DeliveryFacts(
                    facts.id(),
                    facts.shape(),
                    facts.domain(),
                    facts.scheme(),
                    facts.precision(),
                    facts.label(),
                    facts.recipient(),
                    parties,
                    protocol,
                    macsChecked,
                    rerandomised,
                    facts.threshold(),
                    facts.bits(),
                    facts.program()));
        }
    }
}
