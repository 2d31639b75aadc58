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
import java.util.Arrays;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Shape;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RequestedInput;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.fixture.Caller.Reply;
import org.shareferry.service.fixture.SettableClock;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Answers of clients that connect to the relay, and of one to which it connects.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AnswersOverTlsTest {
    private static final int PIECE = 1 << 20;

    private final SettableClock clock = new SettableClock();
    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        relay = RunningRelay.start(world, clock, "shareferry.relay.max-backoff=1s");
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

    private RequestedInput request(Shape shape) {
        var request = RequestedInput.to(world, C1, shape);
        submit(request.envelope(world));
        return request;
    }

    private RequestedInput request() {
        return request(new Shape(4, 2));
    }

    private void submit(Draft draft) {
        assertThat(relay.as(draft.sender()).submit(draft.seal()).status()).isEqualTo(202);
    }

    private Reply post(RequestedInput request, SignedInputStatement signed, Bytes masked) {
        return post(request, RequestedInput.body(signed, masked, PIECE));
    }

    private Reply post(RequestedInput request, Bytes body) {
        return relay.as(C1).post("/v1/answers" + request.query(), CborSequence.MEDIA_TYPE, body);
    }

    private Reply answer(RequestedInput request, String wait) {
        return relay.as(P1).get("/v1/answers" + request.query() + "&wait=" + wait);
    }

    private Reply values(RequestedInput request) {
        return relay.as(P1).get("/v1/answers/values" + request.query(), "application/octet-stream");
    }

    private static void assertGiven(Reply reply, SignedInputStatement signed) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().get("statement").asString())
                .isEqualTo(signed.statement().toBase64Url());
        assertThat(reply.json().get("signature").asString())
                .isEqualTo(signed.signature().toBase64Url());
    }

    private void assertNothingIsThere(RequestedInput request) {
        assertThat(answer(request, "0s").status()).isEqualTo(204);
        assertThat(values(request).status()).isEqualTo(404);
        assertThat(relay.bean(JdbcClient.class)
                        .sql("SELECT COUNT(*) FROM answer_upload WHERE delivery = :id")
                        .param("id", request.facts().key().toString())
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void waiting_parties_get_the_answer_and_its_values() throws Exception {
        var request = request();
        var masked = request.masked(7);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> answer(request, "30s"));

            var reply = post(request, request.given(masked), masked);

            assertThat(reply.status()).as(reply.text()).isEqualTo(202);
            assertGiven(waiting.get(), request.given(masked));
        }
        assertThat(values(request).bytes()).isEqualTo(masked);
        assertThat(values(request).header("Content-Length")).isEqualTo("32");
    }

    @Test
    void values_arrive_in_parts_of_any_size() {
        var request = request(new Shape(300_000, 1_024));
        var masked = request.masked(9);
        var body = RequestedInput.body(request.given(masked), masked, 77_777);

        assertThat(post(request, body).status()).isEqualTo(202);

        assertThat(values(request).bytes()).isEqualTo(masked);
        assertThat(post(request, body).status()).as("again").isEqualTo(202);
    }

    @Test
    void a_second_answer_is_refused_and_stored_as_evidence() {
        var request = request();
        var masked = request.masked(1);
        var other = request.masked(2);
        post(request, request.given(masked), masked);

        assertThat(post(request, request.given(masked), masked).status()).isEqualTo(202);
        var reply = post(request, request.given(other), other);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.problem()).isEqualTo("answer-differs");
        assertThat(post(request, request.refused(), Bytes.empty()).problem()).isEqualTo("answer-differs");
        assertGiven(answer(request, "0s"), request.given(masked));
        assertThat(values(request).bytes()).isEqualTo(masked);
        assertThat(relay.bean(JdbcClient.class)
                        .sql("SELECT statement FROM answer_evidence WHERE delivery = :id")
                        .param("id", request.facts().key().toString())
                        .query((row, number) -> Bytes.of(row.getBytes(1)))
                        .single())
                .isEqualTo(request.given(other).statement());
    }

    @Test
    void a_refusal_has_no_values() {
        var request = request();

        assertThat(post(request, request.refused(), Bytes.empty()).status()).isEqualTo(202);

        assertGiven(answer(request, "0s"), request.refused());
        assertThat(values(request).status()).isEqualTo(404);
    }

    @Test
    void an_answer_that_does_not_match_the_request_is_refused() {
        var request = request();
        var masked = request.masked(3);
        var signed = request.given(masked);
        var shorter = Bytes.ofRange(masked.toArray(), 0, masked.size() - 1);
        var forged = new SignedInputStatement(signed.statement(), Bytes.of(new byte[64]));
        var anotherLabel = request.given(Draft.withLabel(request.facts(), 2), masked);
        var another = RequestedInput.to(world, C1);

        for (var reply : new Reply[] {
            post(request, signed, shorter),
            post(request, signed, Bytes.of(Arrays.copyOf(masked.toArray(), masked.size() + 1))),
            post(request, signed, request.masked(4)),
            post(request, request.refused(), masked),
            post(request, forged, masked),
            post(request, anotherLabel, masked),
            post(request, another.given(masked), masked),
            post(request, new SignedInputStatement(Bytes.ascii("x"), signed.signature()), masked)
        }) {
            assertThat(reply.status()).as(reply.text()).isEqualTo(422);
            assertThat(reply.problem()).isEqualTo("answer-invalid");
        }
        assertNothingIsThere(request);
    }

    @Test
    void an_interrupted_answer_leaves_no_rows() {
        var request = request(new Shape(300_000, 1_024));
        var masked = request.masked(9);
        var body = RequestedInput.body(request.given(masked), masked, PIECE);

        var reply = post(request, Bytes.ofRange(body.toArray(), 0, body.size() - 1));

        assertThat(reply.problem()).isEqualTo("body-damaged");
        assertNothingIsThere(request);
    }

    @Test
    void a_sequence_without_a_statement_is_malformed() {
        assertThat(post(request(), Bytes.of((byte) 0x40)).problem()).isEqualTo("request-malformed");
        assertThat(post(request(), Bytes.empty()).problem()).isEqualTo("request-malformed");
    }

    @Test
    void only_the_requests_client_answers_and_only_its_parties_see_the_answer() {
        var request = request();
        var masked = request.masked(5);
        var body = RequestedInput.body(request.given(masked), masked, PIECE);
        var path = "/v1/answers" + request.query();

        assertThat(relay.as(C0).post(path, CborSequence.MEDIA_TYPE, body).problem())
                .isEqualTo("not-found");
        assertThat(relay.as(P1).post(path, CborSequence.MEDIA_TYPE, body).status())
                .isEqualTo(403);
        assertThat(post(RequestedInput.to(world, C1), body).problem()).isEqualTo("not-found");
        assertThat(relay.as(P2).get(path).problem()).isEqualTo("not-found");
        assertThat(relay.as(C1).get(path).status()).isEqualTo(403);
        assertThat(answer(RequestedInput.to(world, C1), "30s").status()).isEqualTo(404);
    }

    @Test
    void a_delivery_of_another_scheme_has_no_answer() {
        var facts = Draft.delivery(C1, P0, P1);
        submit(Draft.of(world, facts, P0).sealedTo(world.openingKey(C1).sealingKey()));

        assertThat(relay.as(P0)
                        .get("/v1/answers?delivery=" + facts.id() + "&parties=P0,P1")
                        .problem())
                .isEqualTo("not-found");
    }

    @Test
    void the_relay_fetches_the_answer_of_a_client_with_an_address() {
        var request = RequestedInput.to(world, C0, new Shape(300_000, 1_024));
        submit(request.envelope(world));
        var masked = request.masked(6);

        world.client().answer(request.facts().key(), request.given(masked), masked);

        assertGiven(answer(request, "30s"), request.given(masked));
        assertThat(values(request).bytes()).isEqualTo(masked);
    }

    @Test
    void an_invalid_answer_does_not_block_other_answers() {
        var wrong = RequestedInput.to(world, C0);
        var right = RequestedInput.to(world, C0);
        submit(wrong.envelope(world));
        submit(right.envelope(world));
        var masked = right.masked(6);

        world.client().answer(wrong.facts().key(), wrong.given(masked), wrong.masked(7));
        world.client().answer(right.facts().key(), right.given(masked), masked);

        assertGiven(answer(right, "30s"), right.given(masked));
        assertNothingIsThere(wrong);
    }

    @Test
    void a_failed_fetch_does_not_block_other_answers() {
        var lost = RequestedInput.to(world, C0);
        var found = RequestedInput.to(world, C0);
        submit(lost.envelope(world));
        submit(found.envelope(world));
        var masked = found.masked(8);

        world.client().answer(lost.facts().key(), lost.given(lost.masked(7)), Bytes.empty());
        world.client().answer(found.facts().key(), found.given(masked), masked);

        assertGiven(answer(found, "30s"), found.given(masked));
    }

    @Test
    void an_unlisted_answer_is_requested_every_ten_minutes() {
        var unnamed = RequestedInput.to(world, C0);
        unnamed.envelopes(world).forEach(this::submit);
        var masked = unnamed.masked(8);
        world.client().answerUnnamed(unnamed.facts().key(), unnamed.given(masked), masked);

        clock.advance(Duration.ofMinutes(9));
        var named = RequestedInput.to(world, C0);
        submit(named.envelope(world));
        world.client().answer(named.facts().key(), named.given(masked), masked);
        assertGiven(answer(named, "30s"), named.given(masked));
        assertNothingIsThere(unnamed);
        clock.advance(Duration.ofMinutes(1));

        assertGiven(answer(unnamed, "30s"), unnamed.given(masked));
    }
}
