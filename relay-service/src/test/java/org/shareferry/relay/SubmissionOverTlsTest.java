// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.C1;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;
import static org.shareferry.relay.fixture.World.R0;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.Caller.NoAnswerException;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.problem.ContentDigest;

/// The table of answers at `POST /v1/envelopes`, over real mutual TLS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SubmissionOverTlsTest {
    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        relay = RunningRelay.start(world, new SettableClock());
        await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
    }

    @AfterAll
    void stop() {
        relay.close();
        world.client().close();
    }

    private Draft draft() {
        return Draft.of(world, Draft.delivery(), P0);
    }

    private static void assertRefused(Caller.Reply reply, int status, String problem) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.problem()).isEqualTo(problem);
        assertThat(reply.json().get("detail").asString()).isNotEmpty();
        assertThat(reply.json().get("advice").asString()).isNotEmpty();
    }

    private static String json(Envelope envelope) {
        return "{\"enc\":\"" + envelope.enc().toBase64Url() + "\",\"header\":\""
                + envelope.headerBytes().toBase64Url() + "\",\"signature\":\""
                + envelope.signature().toBase64Url() + "\",\"ciphertext\":\""
                + envelope.ciphertext().toBase64Url() + "\"}";
    }

    private static Bytes flipped(Bytes bytes) {
        var content = bytes.toArray();
        content[content.length - 1] ^= 1;
        return Bytes.of(content);
    }

    private static Bytes longer(Bytes bytes) {
        return Bytes.of(Arrays.copyOf(bytes.toArray(), bytes.size() + 1));
    }

    @Test
    void a_stored_envelope_is_answered_202_with_the_address_of_its_delivery() {
        var envelope = draft().seal();

        var reply = relay.as(P0).submit(envelope);

        var address = "/v1/deliveries/" + envelope.header().facts().id() + "?parties=P0,P1";
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Location")).isEqualTo(address);
        var status = relay.as(P0).get(address).json();
        assertThat(status.get("state").asString()).isEqualTo("collecting");
        assertThat(status.get("label").stringValue()).isEqualTo("1");
        assertThat(status.get("waitingFor").toString()).isEqualTo("[\"P0\",\"P1\"]");
    }

    @Test
    void each_envelope_of_a_batch_has_its_own_outcome() {
        var good = draft().seal();
        var another = draft().seal();
        var items = Stream.of(good.encode(), flippedSignature(), Bytes.ascii("x"), good.encode(), another.encode())
                .map(BatchItem::of)
                .toList();

        var reply = submitAll(items);

        assertThat(reply.status()).isEqualTo(200);
        var outcomes = reply.json().get("outcomes");
        assertThat(outcomes)
                .extracting(outcome -> outcome.get("status").asInt())
                .containsExactly(202, 422, 422, 202, 202);
        assertThat(outcomes.at("/1/problem/type").asString()).isEqualTo("/problem-types#signature-wrong");
        assertThat(outcomes.at("/1/problem/judged").asString())
                .isEqualTo(items.get(1).digest().toString());
        assertThat(outcomes.at("/2/problem/type").asString()).isEqualTo("/problem-types#envelope-malformed");
        assertThat(relay.stored(good.header().facts().id())).isEqualTo(1);
        assertThat(relay.stored(another.header().facts().id())).isEqualTo(1);
        assertThat(relay.as(P0)
                        .postJson(
                                "/v1/envelopes/lacking",
                                "{\"envelopes\":[\"" + good.id() + "\",\""
                                        + draft().seal().id() + "\"]}")
                        .json()
                        .get("lacking"))
                .hasSize(1);
        assertThat(relay.as(P1)
                        .postJson("/v1/envelopes/lacking", "{\"envelopes\":[\"" + good.id() + "\"]}")
                        .json()
                        .get("lacking"))
                .hasSize(1);
    }

    private Bytes flippedSignature() {
        var envelope = draft().seal();
        try {
            return Envelope.of(
                            envelope.headerBytes(),
                            envelope.enc(),
                            envelope.ciphertext(),
                            flipped(envelope.signature()))
                    .encode();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private Caller.Reply submitAll(List<BatchItem> items) {
        var body = new BytesOutput(1_000);
        CborSequence.pieces(items).forEach(piece -> body.writeBytes(piece.toArray()));
        return relay.as(P0).post("/v1/envelopes", CborSequence.MEDIA_TYPE, body.written());
    }

    @Test
    void the_readable_part_of_a_batch_is_processed() {
        var good = BatchItem.of(draft().seal().encode());
        var map = new BytesOutput(1_000);
        CborSequence.pieces(List.of(good)).forEach(piece -> map.writeBytes(piece.toArray()));
        map.write(0xa0);
        var cut = Bytes.ofRange(map.written().toArray(), 0, map.size() - 5);

        var reply = relay.as(P0).post("/v1/envelopes", CborSequence.MEDIA_TYPE, map.written());

        assertThat(reply.json().get("outcomes"))
                .extracting(outcome -> outcome.get("status").asInt())
                .containsExactly(202, 400);
        assertThat(relay.as(P0)
                        .post("/v1/envelopes", CborSequence.MEDIA_TYPE, cut)
                        .problem())
                .isEqualTo("body-damaged");
        assertThat(relay.as(P1)
                        .post("/v1/envelopes", CborSequence.MEDIA_TYPE, Bytes.empty())
                        .text())
                .isEqualTo("{\"outcomes\":[]}");
    }

    @Test
    void an_envelope_can_be_submitted_as_json() {
        assertThat(relay.as(P0).postJson("/v1/envelopes", json(draft().seal())).status())
                .isEqualTo(202);
    }

    @Test
    void the_same_bytes_again_are_answered_202_and_stored_once() {
        var envelope = draft().seal();
        relay.as(P0).submit(envelope);

        var reply = relay.as(P0).submit(envelope);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(relay.stored(envelope.header().facts().id())).isEqualTo(1);
    }

    @Test
    void a_different_envelope_for_the_same_place_is_refused() {
        var draft = draft();
        var first = draft.seal();
        relay.as(P0).submit(first);

        var reply = relay.as(P0).submit(draft.seal());

        assertRefused(reply, 409, "envelope-conflict");
        assertThat(relay.as(P0).submit(first).status()).isEqualTo(202);
    }

    @Test
    void a_party_cannot_submit_as_another() {
        assertRefused(relay.as(P1).submit(draft().seal()), 403, "sender-not-caller");
    }

    @Test
    void only_parties_can_submit() {
        var envelope = draft().seal();

        assertRefused(relay.as(C0).submit(envelope), 403, "not-allowed");
        assertRefused(relay.as(R0).submit(envelope), 403, "not-allowed");
        assertRefused(relay.as("operator").submit(envelope), 403, "not-allowed");
    }

    @Test
    void a_wrong_signature_is_refused() throws MalformedException {
        var envelope = draft().seal();
        var forged = Envelope.of(
                envelope.headerBytes(), envelope.enc(), envelope.ciphertext(), flipped(envelope.signature()));

        assertRefused(relay.as(P0).submit(forged), 422, "signature-wrong");
    }

    @Test
    void a_changed_ciphertext_is_refused() throws MalformedException {
        var envelope = draft().seal();
        var changed = Envelope.of(
                envelope.headerBytes(), envelope.enc(), flipped(envelope.ciphertext()), envelope.signature());

        assertRefused(relay.as(P0).submit(changed), 422, "signature-wrong");
    }

    @Test
    void a_sender_key_that_the_roster_does_not_pin_is_refused() {
        try (var key = IdentityKey.generate()) {
            assertRefused(relay.as(P0).submit(draft().signedBy(key).seal()), 422, "sender-unknown");
        }
    }

    @Test
    void an_unknown_recipient_is_refused() {
        var facts = Draft.delivery(MemberName.client(9), P0, P1);

        assertRefused(relay.as(P0).submit(draft().saying(facts).seal()), 422, "recipient-unknown");
    }

    @Test
    void unknown_parties_are_refused_by_name() {
        var facts = Draft.delivery(C0, P0, P1, MemberName.party(8), MemberName.party(9));

        var reply = relay.as(P0).submit(draft().saying(facts).seal());

        assertRefused(reply, 422, "parties-differ");
        assertThat(reply.json().get("members").toString()).isEqualTo("[\"P8\",\"P9\"]");
    }

    @Test
    void an_unannounced_recipient_key_is_refused() {
        try (var key = OpeningKey.generate()) {
            assertRefused(relay.as(P0).submit(draft().sealedTo(key.sealingKey()).seal()), 422, "recipient-key-unknown");
        }
    }

    @Test
    void a_recipient_key_that_was_not_valid_at_sealing_is_refused() {
        var early = draft().createdAt(SettableClock.START.minus(Duration.ofDays(2)));

        assertRefused(relay.as(P0).submit(early.seal()), 422, "recipient-key-unknown");
    }

    @Test
    void a_recipient_key_is_accepted_within_the_clock_tolerance() {
        var early =
                draft().createdAt(SettableClock.START.minus(Duration.ofDays(1)).minusSeconds(299));

        assertThat(relay.as(P0).submit(early.seal()).status()).isEqualTo(202);
    }

    @Test
    void an_envelope_for_a_client_without_keys_can_be_submitted_again() {
        var reply =
                relay.as(P0).submit(draft().saying(Draft.delivery(C1, P0, P1)).seal());

        assertRefused(reply, 503, "keys-unavailable");
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isPositive();
    }

    @Test
    void an_envelope_from_the_future_is_refused_beyond_the_tolerance() {
        var now = SettableClock.START;

        assertThat(relay.as(P0)
                        .submit(draft().createdAt(now.plusSeconds(300)).seal())
                        .status())
                .isEqualTo(202);
        assertRefused(
                relay.as(P0).submit(draft().createdAt(now.plusSeconds(301)).seal()), 422, "clock-skew");
    }

    @Test
    void an_envelope_past_its_lifetime_is_refused() {
        var old =
                draft().createdAt(SettableClock.START.minus(Duration.ofDays(7)).minusMillis(1));

        assertRefused(relay.as(P0).submit(old.seal()), 422, "delivery-expired");
    }

    @Test
    void a_header_that_is_not_deterministic_cbor_is_refused() {
        var envelope = draft().seal();
        var good = envelope.headerBytes();
        for (var header : List.of(
                Bytes.empty(), Bytes.fromHex("ff"), Bytes.ofRange(good.toArray(), 0, good.size() - 1), longer(good))) {
            var body = json(envelope).replace(good.toBase64Url(), header.toBase64Url());

            assertRefused(relay.as(P0).postJson("/v1/envelopes", body), 422, "envelope-malformed");
        }
    }

    @Test
    void a_ciphertext_with_the_wrong_length_is_refused() {
        var envelope = draft().seal();
        var ciphertext = envelope.ciphertext();
        var shorter = Bytes.ofRange(ciphertext.toArray(), 0, ciphertext.size() - 1);
        var body = json(envelope).replace(ciphertext.toBase64Url(), shorter.toBase64Url());

        assertRefused(relay.as(P0).postJson("/v1/envelopes", body), 422, "envelope-malformed");
    }

    @Test
    void malformed_json_is_refused() {
        var good = json(draft().seal());
        for (var body : List.of(
                "",
                "{",
                "null",
                "[]",
                "{}",
                "\"text\"",
                good + "x",
                good.replace("{", "{\"surplus\":1,"),
                good.replace("\"enc\"", "\"header\""),
                good.replace("\"enc\":\"", "\"enc\":\"!"),
                good.replaceFirst("\"enc\":\"[^\"]*\"", "\"enc\":null"),
                good.replaceFirst("\"enc\":\"[^\"]*\"", "\"enc\":7"))) {
            assertRefused(relay.as(P0).postJson("/v1/envelopes", body), 400, "request-malformed");
        }
    }

    @Test
    void malformed_cbor_is_refused() {
        var good = draft().seal().encode();
        for (var body : List.of(
                Bytes.empty(),
                Bytes.fromHex("ff"),
                Bytes.fromHex("f6"),
                Bytes.fromHex("a0"),
                Bytes.fromHex("80"),
                Bytes.ofRange(good.toArray(), 0, good.size() - 1),
                longer(good))) {
            var reply = relay.as(P0).post("/v1/envelopes", "application/cbor", body);

            assertRefused(reply, 400, "request-malformed");
        }
    }

    @Test
    void a_body_over_the_limit_is_refused_with_and_without_content_length() {
        var large = Bytes.of(new byte[65 * 1024]);

        assertRefused(relay.as(P0).post("/v1/envelopes", "application/cbor", large), 413, "body-too-large");
        var json = Bytes.ascii("{\"enc\":\"" + "A".repeat(65 * 1024) + "\"}");
        assertRefused(
                relay.as(P0).postChunked("/v1/envelopes", "application/json", json::stream), 413, "body-too-large");
    }

    @Test
    void wrong_media_types_methods_and_paths_are_refused() {
        assertRefused(relay.as(P0).post("/v1/envelopes", "text/plain", Bytes.empty()), 415, "media-type-unsupported");
        assertRefused(relay.as(P0).get("/v1/deliveries", "image/png"), 406, "not-acceptable");
        assertRefused(relay.as(P0).delete("/v1/envelopes"), 405, "method-not-allowed");
        assertRefused(relay.as(P0).get("/v1/secrets"), 404, "not-found");
        assertRefused(relay.as(P0).get("/actuator/health"), 404, "not-found");
        assertRefused(relay.as(P0).get("/v1//deliveries"), 400, "request-malformed");
    }

    @Test
    void a_caller_without_a_certificate_gets_no_response() {
        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> relay.withoutCertificate().get("/v1/deliveries"));
    }

    @Test
    void a_caller_with_an_untrusted_certificate_gets_no_response() {
        assertThatExceptionOfType(NoAnswerException.class)
                .isThrownBy(() -> relay.withUntrustedCertificate().get("/v1/deliveries"));
    }

    @Test
    void an_expired_trusted_certificate_is_refused() {
        var envelope = draft().seal();

        assertRefused(relay.as("expired-certificate").submit(envelope), 403, "certificate-expired");
        assertRefused(relay.as("not-yet-certificate").submit(envelope), 403, "certificate-expired");
    }

    @Test
    void a_trusted_certificate_of_no_member_is_refused() {
        assertRefused(relay.as("stranger").submit(draft().seal()), 403, "member-unknown");
    }

    /// Writes a request; then the network ends this direction alone (a FIN without TLS's own word).
    private String answerTo(Bytes body, int announcedLength, ContentDigest digest) throws IOException {
        var tls = world.certificate("P0").context(world.certificates()).getSocketFactory();
        try (var network = new Socket("localhost", relay.port());
                var socket = tls.createSocket(network, "localhost", relay.port(), true)) {
            var out = socket.getOutputStream();
            out.write(("POST /v1/envelopes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/cbor\r\n"
                            + "Content-Digest: " + digest + "\r\nConnection: close\r\n"
                            + "Content-Length: " + announcedLength + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body.toArray());
            out.flush();
            if (body.size() < announcedLength) {
                network.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void an_interrupted_body_is_not_a_final_refusal() throws IOException {
        var whole = draft().seal().encode();

        for (int length : new int[] {0, 1, whole.size() / 2, whole.size() - 1}) {
            var part = Bytes.of(Arrays.copyOf(whole.toArray(), length));

            var answer = answerTo(part, whole.size(), ContentDigest.of(List.of(whole)));

            assertThat(answer)
                    .doesNotContain("judged")
                    .doesNotContain("/problem-types#request-malformed")
                    .doesNotContain("/problem-types#envelope-malformed");
        }
        assertThat(relay.as(P0).post("/v1/envelopes", "application/cbor", whole).status())
                .isEqualTo(202);
    }

    @Test
    void a_body_that_does_not_match_its_digest_is_refused() throws IOException {
        var sent = draft().seal().encode();
        var other = draft().seal().encode();

        var answer = answerTo(other, other.size(), ContentDigest.of(List.of(sent)));

        assertThat(answer).contains("/problem-types#body-damaged").contains("\"finality\":\"temporary\"");
        assertThat(answerTo(other, other.size(), ContentDigest.of(List.of(other))))
                .contains(" 202 ");
    }

    @Test
    void a_refusal_contains_the_digest_of_the_refused_body() throws MalformedException {
        var envelope = draft().seal();
        var wrong = Envelope.of(
                envelope.headerBytes(), envelope.enc(), envelope.ciphertext(), flipped(envelope.signature()));

        var reply = relay.as(P0).submit(wrong);

        assertThat(reply.problem()).isEqualTo("signature-wrong");
        assertThat(reply.json().get("finality").asString()).isEqualTo("final");
        assertThat(reply.json().get("judged").asString())
                .isEqualTo(ContentDigest.of(List.of(wrong.encode())).toString());
    }
}
