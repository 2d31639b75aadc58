// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.HandOverBody.elements;
import static org.shareferry.party.HandOverBody.random;

import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.Opening;
import org.shareferry.service.fixture.ApiDocument;
import org.shareferry.service.fixture.Caller;
import org.shareferry.share.ElementVector;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.ZeroShares;
import org.springframework.jdbc.core.simple.JdbcClient;

class HandOverHttpTest {
    private static PartyHost host;

    @BeforeAll
    static void start() throws Exception {
        host = PartyHost.start(
                "shareferry.party.chunk-limit=256KB",
                "shareferry.body-limit=64KB",
                "shareferry.party.max-hand-overs=4");
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static SecretBytes open(Envelope envelope) {
        var sender = host.members().identity(TestMembers.P1).publicKey();
        try (var opener = new EnvelopeOpener(0)) {
            return switch (opener.open(envelope, sender, host.members().clientKey())) {
                case Opening.Opened opened -> opened.body();
                case Opening.Refused refused -> throw new AssertionError("It does not open: " + refused.reason());
            };
        }
    }

    private static Map<Place, Envelope> submitted(DeliveryId id, int envelopes) {
        await().untilAsserted(() -> assertThat(host.relay().envelopes(id)).hasSize(envelopes));
        return host.relay().envelopes(id);
    }

    private static Envelope at(Map<Place, Envelope> envelopes, Kind kind, int index) {
        return Objects.requireNonNull(envelopes.get(new Place(kind, index)));
    }

    @Test
    void shares_in_json_arrive_sealed_to_the_client_with_all_facts() throws Exception {
        var shares = random(48);
        var body = HandOverBody.of("additive", 3, 2)
                .with("precision", 16)
                .with("label", -5)
                .chunk(Arrays.copyOf(shares, 32))
                .chunk(Arrays.copyOfRange(shares, 32, 48));

        var reply = host.postJson(body.json());

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Location")).isEqualTo("/v1/deliveries/" + body.id());
        var envelopes = submitted(body.id(), 2);
        assertThat(open(at(envelopes, Kind.VALUES, 0)).reveal()).isEqualTo(Arrays.copyOf(shares, 32));
        assertThat(open(at(envelopes, Kind.VALUES, 1)).reveal()).isEqualTo(Arrays.copyOfRange(shares, 32, 48));
        var facts = at(envelopes, Kind.VALUES, 1).header().facts();
        assertThat(facts.parties()).containsExactly(TestMembers.P0, TestMembers.P1);
        assertThat(facts.protocol()).isEqualTo("spdz2k");
        assertThat(facts.precision()).isEqualTo(16);
        assertThat(facts.label()).isEqualTo(-5);
        assertThat(host.get("/v1/deliveries/" + body.id()).json().path("label").stringValue())
                .isEqualTo("-5");
        assertThat(facts.macsChecked()).isTrue();
        assertThat(facts.rerandomised()).isFalse();
        assertThat(facts.recipient()).isEqualTo(TestMembers.C0);
        assertThat(facts.threshold()).isEqualTo(1);
        assertThat(facts.bits()).isZero();
        assertThat(facts.program()).isEqualTo(Bytes.empty());
    }

    @Test
    void a_hand_over_can_set_threshold_and_program() throws Exception {
        var body = HandOverBody.small().with("threshold", 1).with("program", "a1".repeat(32));

        assertThat(host.postJson(body.json()).status()).isEqualTo(202);

        var facts = at(submitted(body.id(), 1), Kind.VALUES, 0).header().facts();
        assertThat(facts.threshold()).isEqualTo(1);
        assertThat(facts.program().toHex()).isEqualTo("a1".repeat(32));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            threshold | 0    | spdz2k tolerates all parties but one as corrupt, not 0 of 2.
            threshold | 2    | With 2 parties "threshold" must be 0 to 1, not 2.
            threshold | -1   | With 2 parties "threshold" must be 0 to 1, not -1.
            """)
    void a_threshold_that_differs_from_the_protocol_is_refused(String name, int value, String detail) throws Exception {
        var reply = host.postJson(HandOverBody.small().with(name, value).json());

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("detail").asString()).startsWith(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a1", "A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1", "none"})
    void a_malformed_program_digest_is_refused(String program) throws Exception {
        var reply = host.postJson(HandOverBody.small().with("program", program).json());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("detail").asString()).contains("64 lower-case hex digits");
    }

    @Test
    void rerandomised_shares_still_sum_to_the_values() throws Exception {
        var ours = random(2 * 2 * 16);
        var tail = random(3 * 16);
        var made = random(16);
        var received = random(16);
        var body = HandOverBody.of("batched", 2, 2)
                .pairwiseKey("P0", made, received)
                .chunk(ours, tail);

        var reply = host.post("P1", "application/cbor", body.cbor());

        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        var envelopes = submitted(body.id(), 1);
        var both = ByteBuffer.allocate(ours.length + tail.length)
                .put(ours)
                .put(tail)
                .array();
        assertThat(withTheirs(at(envelopes, Kind.VALUES, 0), both, received, made))
                .isEqualTo(both);
        assertThat(at(envelopes, Kind.VALUES, 0).header().facts().rerandomised())
                .isTrue();
    }

    @Test
    void raw_shares_after_a_head_are_sealed_like_shares_in_a_document() throws Exception {
        var first = random(2 * 2 * 16);
        var firstTail = random(3 * 16);
        var last = random(2 * 16);
        var lastTail = random(3 * 16);
        var body = HandOverBody.of("batched", 3, 2).chunk(first, firstTail).chunk(last, lastTail);

        var reply = host.post("P1", "application/octet-stream", body.raw());

        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        var envelopes = submitted(body.id(), 2);
        assertThat(open(at(envelopes, Kind.VALUES, 0)).reveal())
                .startsWith(first)
                .endsWith(firstTail);
        assertThat(open(at(envelopes, Kind.VALUES, 1)).reveal())
                .startsWith(last)
                .endsWith(lastTail);
    }

    @Test
    void raw_shares_are_read_across_several_buffers() throws Exception {
        var shares = random(16 * 10_000);
        var body = HandOverBody.of("additive", 10_000, 10_000).chunk(shares);

        assertThat(host.post("P1", "application/octet-stream", body.raw()).status())
                .isEqualTo(202);

        assertThat(open(at(submitted(body.id(), 1), Kind.VALUES, 0)).reveal()).isEqualTo(shares);
    }

    @Test
    void too_few_or_too_many_raw_shares_are_refused_and_leave_nothing() throws Exception {
        var body = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        var raw = body.raw();

        var tooFew = host.post("P1", "application/octet-stream", Arrays.copyOf(raw, raw.length - 1));
        var tooMany = host.post("P1", "application/octet-stream", Arrays.copyOf(raw, raw.length + 1));
        var withChunks = host.post("P1", "application/octet-stream", body.cbor());

        assertThat(tooFew.problem()).isEqualTo("hand-over-invalid");
        assertThat(tooFew.json().path("detail").asString()).isEqualTo("Chunk 1 has 15 bytes instead of 16.");
        assertThat(tooMany.problem()).isEqualTo("hand-over-invalid");
        assertThat(withChunks.problem()).isEqualTo("request-malformed");
        assertThat(host.bean(Deliveries.class).find(body.id())).isEmpty();
    }

    @Test
    void a_repeated_id_without_its_pairwise_keys_is_a_conflict() throws Exception {
        var body = HandOverBody.small().pairwiseKey("P0", random(16), random(16));
        assertThat(host.postJson(body.json()).status()).isEqualTo(202);

        var without = host.postJson(body.without("pairwiseKeys").json());

        assertThat(without.status()).isEqualTo(409);
        assertThat(without.json().path("detail").asString()).contains("rerandomised");
    }

    @Test
    void a_domain_of_another_protocol_is_refused_with_a_remedy() throws Exception {
        var prime = Map.of("type", "prime", "modulus", "170141183460469231731687303715884105727");

        var reply = host.postJson(small().with("domain", prime).json());

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("hand-over-invalid");
        assertThat(reply.json().path("detail").asString())
                .startsWith("spdz2k computes in rings with at least 40 spare bits, not in prime 1701")
                .endsWith("Set shareferry.party.protocol to the protocol that the VMs run, or correct the domain.");
    }

    /// Adds what P0 sends when all its shares are zero.
    private static byte[] withTheirs(Envelope envelope, byte[] raw, byte[] madeByP0, byte[] receivedByP0)
            throws MalformedException {
        var header = envelope.header();
        try (var opened = open(envelope);
                var sum = ElementVector.decode(header.elementDomain(), opened);
                var theirs = ElementVector.zeros(header.elementDomain(), sum.size())) {
            assertThat(opened.reveal()).isNotEqualTo(raw);
            var pair = new PairwiseKeys.Pair(SecretBytes.copyOf(madeByP0), SecretBytes.copyOf(receivedByP0));
            var keys = PairwiseKeys.of(TestMembers.P0, Map.of(TestMembers.P1, pair));
            new ZeroShares(keys, header.facts().id(), TestMembers.C0).addTo(theirs, header.place());
            sum.add(theirs);
            return sum.encode().reveal();
        }
    }

    @Test
    void a_repeated_hand_over_is_accepted_and_seals_nothing() throws Exception {
        var body = HandOverBody.small();
        assertThat(host.postJson(body.json()).status()).isEqualTo(202);
        var first = submitted(body.id(), 1);

        var again = host.postJson(body.json());

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Location")).isEqualTo("/v1/deliveries/" + body.id());
        assertThat(envelopeIds(body.id()))
                .containsExactly(at(first, Kind.VALUES, 0).id().toString());
    }

    private static List<String> envelopeIds(DeliveryId id) {
        return host.bean(JdbcClient.class)
                .sql("SELECT id FROM envelope WHERE delivery = :id")
                .param("id", id.toString())
                .query((row, number) -> HexFormat.of().formatHex(row.getBytes(1)))
                .list();
    }

    @Test
    void a_repeated_id_with_other_facts_is_a_conflict_that_names_them() throws Exception {
        var body = HandOverBody.small();
        assertThat(host.postJson(body.json()).status()).isEqualTo(202);

        var other =
                host.postJson(body.with("label", 8).with("macsChecked", false).json());

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.problem()).isEqualTo("delivery-conflict");
        assertThat(other.json().path("detail").asString()).contains("label").contains("macsChecked");
    }

    static List<Arguments> refused() {
        var right = HandOverBody.random(32);
        return List.of(
                Arguments.of("unknown recipient", 422, "recipient-unknown", small().with("recipient", "C9")),
                Arguments.of("a party as recipient", 422, "recipient-unknown", small().with("recipient", "P0")),
                Arguments.of(
                        "committed",
                        422,
                        "scheme-needs-vm",
                        HandOverBody.of("committed", 2, 2).chunk(right)),
                Arguments.of(
                        "a short vector",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("additive", 2, 2).chunk(random(31))),
                Arguments.of(
                        "a long vector",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("additive", 2, 2).chunk(random(48))),
                Arguments.of(
                        "too few chunks",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("additive", 4, 2).chunk(right)),
                Arguments.of("too many chunks", 422, "hand-over-invalid", small().chunk(right)),
                Arguments.of(
                        "no tail",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("batched", 1, 1).chunk(right)),
                Arguments.of(
                        "a short tail",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("batched", 1, 1).chunk(right, random(47))),
                Arguments.of(
                        "a tail in additive",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("additive", 2, 2).chunk(right, random(48))),
                Arguments.of("no values", 422, "hand-over-invalid", small().with("count", 0)),
                Arguments.of("negative precision", 422, "hand-over-invalid", small().with("precision", -1)),
                Arguments.of(
                        "a ring of no bits",
                        422,
                        "hand-over-invalid",
                        small().with("domain", Map.of("type", "ring", "shareBits", 0, "clearBits", 0))),
                Arguments.of(
                        "a composite modulus",
                        422,
                        "hand-over-invalid",
                        small().with("domain", Map.of("type", "prime", "modulus", "15"))),
                Arguments.of(
                        "MACs where there are none",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("additive", 2, 2)
                                .with("domain", Map.of("type", "ring", "shareBits", 64, "clearBits", 64))
                                .chunk(random(16))),
                Arguments.of(
                        "a ring of another protocol",
                        422,
                        "hand-over-invalid",
                        small().with("domain", Map.of("type", "ring", "shareBits", 103, "clearBits", 64))),
                Arguments.of("one party", 422, "parties-differ", small().with("parties", List.of("P1"))),
                Arguments.of("parties without us", 422, "parties-differ", small().with("parties", List.of("P0", "P2"))),
                Arguments.of(
                        "a party off the roster", 422, "parties-differ", small().with("parties", List.of("P1", "P7"))),
                Arguments.of("a party twice", 422, "parties-differ", small().with("parties", List.of("P1", "P1"))),
                Arguments.of("a client as party", 422, "parties-differ", small().with("parties", List.of("P1", "C0"))),
                Arguments.of(
                        "keys with a stranger",
                        422,
                        "hand-over-invalid",
                        small().pairwiseKey("P2", random(16), random(16))),
                Arguments.of(
                        "keys with ourselves",
                        422,
                        "hand-over-invalid",
                        small().pairwiseKey("P1", random(16), random(16))),
                Arguments.of(
                        "a short key", 422, "hand-over-invalid", small().pairwiseKey("P0", random(15), random(16))),
                Arguments.of(
                        "a chunk over the limit",
                        413,
                        "body-too-large",
                        HandOverBody.of("additive", 60_000, 60_000).chunk(right)),
                Arguments.of(
                        "a chunk that no client takes from two parties at once",
                        422,
                        "hand-over-invalid",
                        HandOverBody.of("quintuple", 65_536, 65_536)
                                .with("domain", Map.of("type", "ring", "shareBits", 256, "clearBits", 128))),
                Arguments.of("an unknown property", 400, "request-malformed", small().with("payload", 1)),
                Arguments.of("a malformed id", 400, "request-malformed", small().with("id", "53B9-0")),
                Arguments.of("a malformed recipient", 400, "request-malformed", small().with("recipient", "Charlie")),
                Arguments.of("an unknown scheme", 400, "request-malformed", small().with("scheme", "single")),
                Arguments.of(
                        "an unknown domain", 400, "request-malformed", small().with("domain", Map.of("type", "field"))),
                Arguments.of("a fraction as count", 400, "request-malformed", small().with("count", 2.0)),
                Arguments.of("a text as count", 400, "request-malformed", small().with("count", "2")),
                Arguments.of(
                        "an absurd count",
                        400,
                        "request-malformed",
                        small().with("count", new BigInteger("99999999999999999999"))),
                Arguments.of("no scheme", 400, "request-malformed", small().without("scheme")));
    }

    @Test
    void a_malformed_body_is_refused_with_the_position_of_its_fault() throws Exception {
        var right = HandOverBody.of("additive", 1, 1).chunk(new byte[16]).json();
        var padded = right.replace("A\"}]}", "A==\"}]}");
        var outOfRange = right.replace("\"label\":7", "\"label\":9223372036854775808");
        var twice = right.replace("\"label\":7", "\"label\":7,\"label\":7");
        var broken = right.replace("\"label\":7", "\"label\"7");

        assertThat(detail(padded))
                .startsWith("Expected base64url without padding for ")
                .contains(", near byte ");
        assertThat(detail(outOfRange))
                .matches("The number of \"label\" near byte \\d+ is out of range: integers have 64 bits\\.");
        assertThat(detail(twice)).matches("The JSON body has the property \"label\" twice near byte \\d+\\.");
        assertThat(detail(broken)).matches("The JSON body is not well-formed near byte \\d+\\.");
        assertThat(detail(right.substring(0, right.length() - 2)))
                .startsWith("The JSON body ends before it is complete");
    }

    private static String detail(String json) throws Exception {
        var reply = host.postJson(json);
        assertThat(reply.problem()).isEqualTo("request-malformed");
        return reply.json().path("detail").asString();
    }

    private static HandOverBody small() {
        return HandOverBody.small();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void contradicting_facts_are_refused_in_json_and_cbor_and_leave_nothing(
            String fault, int status, String problem, HandOverBody body) throws Exception {
        var asJson = host.postJson(body.json());
        var asCbor = host.post("P1", "application/cbor", body.cbor());

        assertThat(asJson.status()).as(asJson.text()).isEqualTo(status);
        assertThat(asJson.problem()).isEqualTo(problem);
        assertThat(asCbor.status()).as(asCbor.text()).isEqualTo(status);
        assertThat(asCbor.problem()).isEqualTo(problem);
        assertThat(asJson.json().path("detail").asString()).isNotBlank();
        assertThat(host.bean(Deliveries.class).find(body.id())).isEmpty();
        assertThat(envelopeIds(body.id())).isEmpty();
    }

    @Test
    void a_refused_hand_over_can_be_corrected_and_repeated() throws Exception {
        var id = HandOverBody.freshId();
        var shares = random(32);
        var wrong = HandOverBody.of(id, "additive", 4, 2).chunk(shares).chunk(random(31));
        assertThat(host.postJson(wrong.json()).status()).isEqualTo(422);

        var right = HandOverBody.of(id, "additive", 4, 2).chunk(shares).chunk(random(32));

        assertThat(host.postJson(right.json()).status()).isEqualTo(202);
        submitted(id, 2);
    }

    static List<Arguments> malformed() {
        var json = HandOverBody.small().json();
        return List.of(
                Arguments.of("nothing", ""),
                Arguments.of("an array", "[]"),
                Arguments.of("not JSON", "shares"),
                Arguments.of("truncated in a chunk", json.substring(0, json.length() - 20)),
                Arguments.of("truncated before the end", json.substring(0, json.length() - 1)),
                Arguments.of("something behind", json + "{}"),
                Arguments.of("a property behind the chunks", json.substring(0, json.length() - 1) + ",\"label\":1}"),
                Arguments.of("a property twice", json.replace("\"label\":7", "\"label\":7,\"label\":7")),
                Arguments.of("no chunks", json.substring(0, json.indexOf(",\"chunks\"")) + "}"),
                Arguments.of("chunks of numbers", json.replaceAll("\"chunks\":.*", "\"chunks\":[1]}")),
                Arguments.of("elements as array", json.replaceAll("\"elements\":\"[^\"]*\"", "\"elements\":[1,2]")),
                Arguments.of("elements not base64url", json.replaceAll("\"elements\":\"..", "\"elements\":\"+/")),
                Arguments.of("elements twice", json.replaceAll("(\"elements\":\"[^\"]*\")", "$1,$1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void malformed_json_is_refused(String fault, String body) throws Exception {
        var reply = host.postJson(body);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("request-malformed");
    }

    @Test
    void cbor_that_is_cut_at_any_byte_is_refused() throws Exception {
        var cbor = HandOverBody.small().cbor();

        for (int size = 0; size < cbor.length; size += 7) {
            var reply = host.post("P1", "application/cbor", Arrays.copyOf(cbor, size));
            assertThat(reply.status()).as("cut at " + size).isEqualTo(400);
            assertThat(reply.problem()).isEqualTo("request-malformed");
        }
    }

    @Test
    void a_body_in_an_unknown_character_encoding_is_refused() throws Exception {
        var reply = host.post("alice", "application/json", new byte[] {0, 0, -1, -2, 0, 0, 0, '{'});

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.problem()).isEqualTo("request-malformed");
    }

    @Test
    void an_unsupported_media_type_is_refused() throws Exception {
        var reply = host.post("alice", "text/plain", HandOverBody.small().jsonBytes());

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.problem()).isEqualTo("media-type-unsupported");
    }

    @Test
    void other_members_can_neither_hand_over_nor_read() throws Exception {
        for (var other : List.of("P0", "R0", "C0")) {
            var reply =
                    host.post(other, "application/json", HandOverBody.small().jsonBytes());
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.problem()).isEqualTo("not-allowed");
            assertThat(host.as(other).get("/v1/deliveries").status()).isEqualTo(403);
        }
    }

    @Test
    void an_unknown_certificate_is_refused() throws Exception {
        var reply = host.post(
                TestMembers.STRANGER, "application/json", HandOverBody.small().jsonBytes());

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.problem()).isEqualTo("member-unknown");
    }

    @Test
    void a_connection_without_a_client_certificate_is_refused() {
        assertThatThrownBy(() -> host.withoutCertificate()
                        .postJson("/v1/deliveries", HandOverBody.small().json()))
                .isInstanceOf(Caller.NoAnswerException.class);
    }

    @Test
    void an_expired_client_certificate_is_refused() throws Exception {
        var reply = host.post(
                TestMembers.EXPIRED, "application/json", HandOverBody.small().jsonBytes());

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.problem()).isEqualTo("certificate-expired");
    }

    @Test
    void a_hand_over_above_the_body_limit_is_streamed() throws Exception {
        var body = HandOverBody.of("additive", 40_000, 4_096);
        for (int left = 40_000; left > 0; left -= 4_096) {
            body.chunk(random(16 * Math.min(left, 4_096)));
        }

        assertThat(host.postJson(body.json()).status()).isEqualTo(202);
        submitted(body.id(), 10);
    }

    private static double sealed() {
        return host.bean(MeterRegistry.class)
                .counter("shareferry.envelopes.sealed")
                .count();
    }

    @Test
    void a_chunk_is_sealed_before_the_next_one_is_read_and_none_is_submitted_before_the_last() throws Exception {
        var hand = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        var id = hand.id();
        var body = hand.json();
        int second = body.lastIndexOf("{\"elements\"");
        double before = sealed();
        try (var post = new SlowPost(host, body.length())) {
            post.send(body.substring(0, second));
            await().untilAsserted(() -> assertThat(sealed()).isEqualTo(before + 1));
            assertThat(host.bean(Deliveries.class).find(id)).isEmpty();
            assertThat(host.get("/v1/deliveries/" + id).status()).isEqualTo(404);
            var meanwhile = host.postJson(body);
            assertThat(meanwhile.status()).isEqualTo(503);
            assertThat(meanwhile.problem()).isEqualTo("store-busy");
            assertThat(host.relay().submissions(id)).isEmpty();

            post.send(body.substring(second));

            assertThat(post.status()).isEqualTo(202);
        }
        submitted(id, 2);
    }

    @Test
    void one_caller_can_use_half_of_the_capacity_and_small_bodies_use_little() throws Exception {
        try (var first = begun()) {
            assertThat(host.postJson(HandOverBody.small().json()).status()).isEqualTo(202);
            try (var second = begun()) {
                var third = host.postJson(HandOverBody.small().json());

                assertThat(third.status()).isEqualTo(503);
                assertThat(third.json().path("detail").asString()).contains("Too many hand-overs");
                assertThat(host.post(
                                        "P1",
                                        "application/json",
                                        HandOverBody.small().jsonBytes())
                                .status())
                        .as("another caller")
                        .isEqualTo(202);
            }
        }
        await().untilAsserted(() ->
                assertThat(host.postJson(HandOverBody.small().json()).status()).isEqualTo(202));
    }

    /// Starts a large hand-over and sends its first chunk, so that it occupies its capacity. It could
    /// not get the capacity while a small hand-over is in progress, so nothing else is sent meanwhile.
    private static SlowPost begun() throws Exception {
        var body = HandOverBody.of("additive", 2, 1).chunk(random(16)).json();
        double before = sealed();
        var post = new SlowPost(host, 5 << 20);
        post.send(body.substring(0, body.length() - "]}".length()) + ",");
        await().untilAsserted(() -> assertThat(sealed()).isEqualTo(before + 1));
        return post;
    }

    @Test
    void an_interrupted_hand_over_is_dropped() throws Exception {
        var hand = HandOverBody.of("additive", 2, 1).chunk(random(16)).chunk(random(16));
        var body = hand.json();
        double before = sealed();
        var dropped = host.bean(MeterRegistry.class).counter("shareferry.handovers", "outcome", "dropped");
        double droppedBefore = dropped.count();
        try (var post = new SlowPost(host, body.length())) {
            post.send(body.substring(0, body.lastIndexOf("{\"elements\"")));
            await().untilAsserted(() -> assertThat(sealed()).isEqualTo(before + 1));
        }

        await().untilAsserted(() -> assertThat(dropped.count()).isEqualTo(droppedBefore + 1));
        assertThat(host.bean(Deliveries.class).find(hand.id())).isEmpty();
        assertThat(envelopeIds(hand.id())).isEmpty();
        assertThat(host.relay().submissions(hand.id())).isEmpty();
    }

    @Test
    void negative_values_are_delivered() throws Exception {
        var ring = HandOverBody.of("additive", 2, 2).chunk(elements(-1, 42));

        assertThat(host.postJson(ring.json()).status()).isEqualTo(202);

        assertThat(open(at(submitted(ring.id(), 1), Kind.VALUES, 0)).reveal()).isEqualTo(elements(-1, 42));
    }

    @Test
    void deliveries_are_listed_in_pages() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(host.postJson(HandOverBody.small().json()).status()).isEqualTo(202);
        }

        var all = host.get("/v1/deliveries?limit=1000").json().path("deliveries");
        var first = host.get("/v1/deliveries?limit=2").json().path("deliveries");
        var next = host.get(
                "/v1/deliveries?limit=1&after=" + first.get(1).path("id").asString());

        assertThat(all.size()).isGreaterThanOrEqualTo(3);
        assertThat(first.get(0)).isEqualTo(all.get(0));
        assertThat(next.json().path("deliveries").get(0).path("id"))
                .isEqualTo(all.get(2).path("id"));
        assertThat(host.get("/v1/deliveries?limit=0").problem()).isEqualTo("request-malformed");
        assertThat(host.get("/v1/deliveries?after=x").problem()).isEqualTo("request-malformed");
    }

    @Test
    void an_unknown_delivery_is_not_found() throws Exception {
        assertThat(host.get("/v1/deliveries/" + HandOverBody.freshId()).problem())
                .isEqualTo("not-found");
        assertThat(host.get("/v1/deliveries/" + HandOverBody.freshId() + "/receipts")
                        .problem())
                .isEqualTo("not-found");
        assertThat(host.get("/v1/deliveries/nonsense").problem()).isEqualTo("request-malformed");
        assertThat(host.get("/v1/else").status()).isEqualTo(404);
    }

    @Test
    void the_example_of_the_api_document_is_accepted() throws Exception {
        var document = host.get("/v3/api-docs").json();
        assertThat(document).isEqualTo(ApiDocument.committed("party.json"));
        var operation = document.path("paths").path("/v1/deliveries").path("post");
        var content = operation.path("requestBody").path("content").path("application/json");
        var example = content.path("examples").path("two values").path("value");

        var reply = host.postJson(example.isString() ? example.asString() : example.toString());

        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        assertThat(content.path("schema").toString()).contains("HandOver");
        assertThat(operation.path("responses").path("422").toString())
                .contains("scheme-needs-vm")
                .contains("hand-over-invalid");
    }

    @Test
    void the_management_port_serves_health_and_metrics() throws Exception {
        host.postJson(HandOverBody.small().json());

        var health = host.managed("/actuator/health").text();
        var metrics = host.managed("/actuator/prometheus").text();

        assertThat(health).contains("\"clientKeys\"").contains("valid until");
        assertThat(host.managed("/actuator/health/readiness").text()).contains("UP");
        assertThat(metrics).contains("shareferry_envelopes_sealed_total").contains("shareferry_deliveries");
    }

    /// A connector without a port would prevent the start.
    @Test
    void a_service_without_a_vm_shows_none() throws Exception {
        assertThat(host.get("/v1/deliveries").json().path("vms")).isEmpty();
        assertThat(host.managed("/actuator/prometheus").text()).doesNotContain("shareferry_vm_");
        assertThat(host.managed("/actuator/health").text())
                .contains("\"vm\":{\"details\":{\"state\":\"none\"},\"status\":\"UP\"}");
    }
}
