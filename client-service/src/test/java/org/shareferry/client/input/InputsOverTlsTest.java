// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.service.fixture.ApiDocument;
import org.shareferry.service.fixture.Caller.Reply;
import org.shareferry.service.fixture.CapturedLog;
import org.shareferry.service.fixture.SettableClock;
import tools.jackson.databind.JsonNode;

/// Inputs from the client's people to the relay, by the client's rules, over TLS and a real database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class InputsOverTlsTest {
    private static final AtomicLong RUNS = new AtomicLong();

    /// r of every request here.
    private static final long[] RANDOM = {0x1234_5678_9abc_def0L, -1, 5, Long.MAX_VALUE, 1_000_007};

    private final SettableClock clock = new SettableClock();
    private TestMembers members;
    private ClientHost client;
    private SealingKey key;

    @BeforeAll
    void start(@TempDir Path folder) {
        members = new TestMembers(folder);
        client = ClientHost.start(members, clock, "shareferry.client.accept-unverified=semi2k");
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    private static DeliveryFacts facts(long label, String protocol) {
        return facts(label, protocol, 64);
    }

    private static DeliveryFacts facts(long label, String protocol, int bits) {
        boolean isSemi = protocol.equals("semi2k");
        return new DeliveryFacts(
                new DeliveryId(new RunId(77, RUNS.incrementAndGet()), 0),
                new Shape(RANDOM.length, 2),
                new Domain.Ring(isSemi ? 64 : 128, 64),
                Scheme.INPUT,
                0,
                label,
                TestMembers.C0,
                List.of(TestMembers.P0, TestMembers.P1),
                protocol,
                !isSemi,
                true,
                1,
                bits,
                Bytes.empty());
    }

    private TestDelivery asked(DeliveryFacts facts, Instant created) {
        return TestDelivery.of(members, key, facts, created, RANDOM);
    }

    private TestDelivery asked(long label) {
        return asked(facts(label, "spdz2k"), later());
    }

    private Instant later() {
        clock.advance(Duration.ofSeconds(1));
        return clock.instant();
    }

    private TestDelivery deliver(TestDelivery made) {
        made.bundles().forEach(client::received);
        return made;
    }

    private String body(long label, String values, String more) {
        return "{\"label\":" + label + ",\"values\":" + values
                + ",\"parties\":[\"P0\",\"P1\"],\"protocols\":[\"spdz2k\"," + "\"semi2k\"],\"until\":\""
                + clock.instant().plus(Duration.ofDays(1)) + "\",\"bits\":64" + more + "}";
    }

    private Reply give(long label, String values) {
        return client.as("user").postJson("/v1/inputs", body(label, values, ""));
    }

    private static String query(TestDelivery made) {
        return "?delivery=" + made.id() + "&parties=P0,P1";
    }

    private SignedInputStatement answerTo(TestDelivery made) {
        var reply = client.as("R0").get("/v1/answers" + query(made) + "&wait=20s", "application/json");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return new SignedInputStatement(
                Bytes.fromBase64Url(reply.json().path("statement").asString("")),
                Bytes.fromBase64Url(reply.json().path("signature").asString("")));
    }

    private InputStatement verified(SignedInputStatement answer) {
        try {
            return answer.verify(client.roster().current()).orElseThrow();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static Bytes masked(long... inputs) {
        var m = ByteBuffer.allocate(8 * inputs.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < inputs.length; i++) {
            m.putLong(inputs[i] + RANDOM[i]);
        }
        return Bytes.of(m.array());
    }

    private Reply valuesOf(TestDelivery made) {
        return client.as("R0").get("/v1/answers/values" + query(made), "application/octet-stream");
    }

    private JsonNode open(TestDelivery made) {
        await().until(() -> client.jdbc()
                .sql("SELECT COUNT(*) FROM delivery WHERE id = :id AND state = 'checked'")
                .param("id", made.key())
                .query(Long.class)
                .single()
                .equals(1L));
        for (var request : client.as("user").get("/v1/requests").json().path("requests")) {
            if (request.path("id").asString("").equals(made.id())) {
                return request;
            }
        }
        throw new AssertionError("It is not open.");
    }

    private Reply settle(TestDelivery made, String json) {
        return client.as("user").postJson("/v1/requests/" + made.id() + "/answer", json);
    }

    @Test
    void a_waiting_input_answers_one_request_and_is_deleted() {
        try (var log = CapturedLog.ofAll()) {
            var taken = give(1, "[5, \"-7\", \"9223372036854775\", \"-9223372036854775808\", 424242424242]");
            assertThat(taken.status()).as(taken.text()).isEqualTo(201);

            var made = deliver(asked(1));

            var answer = answerTo(made);
            var statement = verified(answer);
            assertThat(statement.answer()).isEqualTo(Answer.GIVEN);
            assertThat(statement.key()).isEqualTo(made.facts().key());
            assertThat(statement.created()).isEqualTo(clock.instant());
            assertThat(statement.bits()).isEqualTo(64);
            var m = masked(5, -7, 9_223_372_036_854_775L, Long.MIN_VALUE, 424_242_424_242L);
            assertThat(valuesOf(made).bytes()).isEqualTo(m);
            assertThat(statement.masked()).isEqualTo(Sha256.of(m));
            assertThat(answerTo(made)).as("the same bytes again").isEqualTo(answer);
            assertThat(client.as("user").get("/v1/inputs").text()).doesNotContain("\"label\":\"1\",");
            assertThat(client.as("user").get("/v1/requests").text()).doesNotContain(made.id());
            assertNothingIsShown(made);
            assertThat(log.text())
                    .contains("answered")
                    .doesNotContain("424242424242", "9223372036854775", Long.toString(RANDOM[0]));
        }
    }

    private static BigInteger[] shifted(BigInteger[] shares) {
        var shifted = shares.clone();
        shifted[0] = shifted[0].add(BigInteger.ONE.shiftLeft(63));
        return shifted;
    }

    private void assertNothingIsShown(TestDelivery made) {
        assertThat(client.result(made.id()).has("values")).isFalse();
        assertThat(client.as("user").get("/v1/results/" + made.id(), "text/csv").status())
                .isEqualTo(409);
        assertThat(client.as("user")
                        .get("/v1/results/" + made.id(), "application/octet-stream")
                        .status())
                .isEqualTo(409);
        assertThat(count("value_chunk", "delivery", made)).isZero();
        await().until(() -> count("envelope", "LENGTH(encoded) > 0 AND delivery", made) == 0);
    }

    private long count(String table, String where, TestDelivery made) {
        return client.jdbc()
                .sql("SELECT COUNT(*) FROM " + table + " WHERE " + where + " = :id")
                .param("id", made.key())
                .query(Long.class)
                .single();
    }

    @Test
    void the_relay_gets_answers_in_the_order_of_their_commits() {
        long before =
                client.as("R0").get("/v1/answers/next").json().path("complete").asLong();
        give(2, "[1,2,3,4,5]");
        var one = deliver(asked(2));
        answerTo(one);
        give(2, "[1,2,3,4,5]");
        var other = deliver(asked(2));
        answerTo(other);

        var next = client.as("R0")
                .get("/v1/answers/next?after=" + before + "&wait=20s")
                .json();

        assertThat(next.path("answers").values().stream()
                        .map(answer -> answer.path("delivery").asString("")))
                .endsWith(one.id(), other.id());
        var later = client.as("R0")
                .get("/v1/answers/next?after=" + next.path("complete").asLong())
                .json();
        assertThat(later.path("answers")).isEmpty();
        assertThat(later.path("complete").asLong())
                .isEqualTo(next.path("complete").asLong());
    }

    @Test
    void a_request_whose_check_fails_is_refused_and_uses_no_input() {
        give(3, "[1,2,3,4,5]");
        var made = deliver(asked(3).cheatingAt(new Place(Kind.VALUES, 1), InputsOverTlsTest::shifted));

        var statement = verified(answerTo(made));

        assertThat(statement.answer()).isEqualTo(Answer.REFUSED);
        assertThat(statement.masked()).isEqualTo(InputStatement.NOTHING);
        assertThat(valuesOf(made).status()).isEqualTo(404);
        assertThat(client.as("user").get("/v1/inputs").text()).contains("\"label\":\"3\",");
    }

    @Test
    void a_request_older_than_the_input_needs_an_explicit_answer() {
        var asked = later();
        clock.advance(Duration.ofSeconds(1));
        var stored = give(4, "[1,2,3,4,5]").json();
        var made = deliver(asked(facts(4, "spdz2k"), asked));

        assertThat(stored.path("next").asString("")).isEqualTo("wait");
        assertThat(stored.path("openRequests")).isEmpty();
        assertThat(open(made).path("reason").asString("")).isEqualTo("asked-before-input");
        assertThat(open(made).path("detail").asString("")).contains("needs an explicit answer");
        assertThat(settle(made, "{\"values\":[10,20,30,40,\"50\"]}").status()).isEqualTo(204);

        assertThat(valuesOf(made).bytes()).isEqualTo(masked(10, 20, 30, 40, 50));
        assertThat(client.as("user").get("/v1/inputs").text()).as("not used").contains("\"label\":\"4\",");
        for (var again : List.of("{\"values\":[11,20,30,40,50]}", "{\"refuse\":true}")) {
            var reply = settle(made, again);
            assertThat(reply.problem()).isEqualTo("request-not-answered");
            assertThat(reply.text()).contains("The request already has an answer, which is never changed");
        }
        assertThat(client.as("user")
                        .postJson("/v1/requests/" + made.id() + "/answer?parties=P0,P1", "{\"refuse\":true}")
                        .status())
                .isEqualTo(409);
        assertThat(valuesOf(made).bytes()).as("no second answer").isEqualTo(masked(10, 20, 30, 40, 50));
    }

    @Test
    void the_response_to_an_input_lists_the_open_requests_that_do_not_use_it() {
        var one = deliver(asked(20));
        open(one);
        var other = deliver(asked(21));
        open(other);
        var refused = deliver(asked(20).cheatingAt(new Place(Kind.VALUES, 1), InputsOverTlsTest::shifted));
        answerTo(refused);
        clock.advance(Duration.ofSeconds(1));

        var stored = give(20, "[1,2,3,4,5]").json();

        assertThat(stored.path("next").asString("")).isEqualTo("answer-requests");
        assertThat(stored.path("detail").asString(""))
                .isEqualTo("The input waits for the next request with label 20 of the parties P0,P1. The open request "
                        + one.id() + " does not use it: The request was made before the waiting input was given, so it"
                        + " needs an explicit answer. Answer it with POST /v1/requests/" + one.id()
                        + "/answer?parties=P0,P1, or run the program again: its new request uses the input.");
        assertThat(stored.path("openRequests").size()).isEqualTo(1);
        var listed = stored.path("openRequests").get(0);
        assertThat(listed).isEqualTo(open(one));
        assertThat(listed.path("reason").asString("")).isEqualTo("asked-before-input");
        assertThat(listed.path("acceptsValues").asBoolean()).isTrue();
        assertThat(listed.path("label").isString()).isTrue();
        settle(one, "{\"refuse\":true}");
        settle(other, "{\"refuse\":true}");
    }

    /// Writes the row of a checked request, as the check does.
    private void insertOpen(DeliveryFacts facts, String verdict) {
        insertOpen(
                facts,
                verdict,
                TestDelivery.blank(members, facts, TestMembers.P0, key, clock.instant())
                        .headerBytes());
    }

    private void insertOpen(DeliveryFacts facts, String verdict, Bytes header) {
        client.jdbc()
                .sql(
                        "INSERT INTO delivery (id, delivery_id, label, header, place_count, received, state, verdict, doubts,"
                                + " first_seen, changed, expires) VALUES (:id, :delivery, :label, :header, 1, 1, 'checked',"
                                + " :verdict, '', :now, :now, :now)")
                .param("id", facts.key().toString())
                .param("delivery", facts.id().toString())
                .param("label", facts.label())
                .param("header", header.toArray())
                .param("verdict", verdict)
                .param("now", clock.millis())
                .update();
        client.jdbc()
                .sql("INSERT INTO request (delivery, created) VALUES (:id, :now)")
                .param("id", facts.key().toString())
                .param("now", clock.millis())
                .update();
    }

    private static DeliveryFacts changed(
            DeliveryFacts facts, List<MemberName> parties, Domain domain, String protocol) {
        return new DeliveryFacts(
                facts.id(),
                facts.shape(),
                domain,
                facts.scheme(),
                facts.precision(),
                facts.label(),
                facts.recipient(),
                parties,
                protocol,
                false,
                facts.rerandomised(),
                parties.size() - 1,
                facts.bits(),
                facts.program());
    }

    @Test
    void a_request_that_no_input_can_answer_says_so_and_is_not_listed_after_an_input() {
        var facts = facts(24, "spdz2k");
        var prime = new Domain.PrimeField(BigInteger.TWO.pow(127).subtract(BigInteger.ONE));
        insertOpen(facts(24, "spdz2k", 200), "VERIFIED");
        insertOpen(changed(facts, facts.parties(), facts.domain(), "unheard"), "UNVERIFIED");
        insertOpen(changed(facts(24, "spdz2k"), facts.parties(), prime, "semi"), "UNVERIFIED");

        var reasons = client.as("user").get("/v1/requests").json().path("requests").values().stream()
                .map(request -> request.path("reason").asString(""))
                .toList();
        var stored = give(24, "[1,2,3,4,5]").json();

        assertThat(reasons).containsExactlyInAnyOrder("domain-too-small", "protocol-invalid", "not-allowed");
        assertThat(stored.path("openRequests")).isEmpty();
        assertThat(stored.path("next").asString("")).isEqualTo("wait");
        client.jdbc().sql("DELETE FROM request").update();
    }

    @Test
    void requests_of_other_parties_are_not_among_those_of_an_input() {
        var own = facts(25, "spdz2k");
        var three = List.of(TestMembers.P0, TestMembers.P1, TestMembers.P2);
        insertOpen(own, "VERIFIED");
        insertOpen(changed(facts(25, "spdz2k"), three, own.domain(), "spdz2k"), "VERIFIED");

        var open = client.bean(RequestStore.class).open(25, own.partySet(), Instant.EPOCH, 10);

        assertThat(open).extracting(OpenRequest::key).containsExactly(own.key());
        client.jdbc().sql("DELETE FROM request").update();
    }

    @Test
    void an_input_is_stored_although_the_open_requests_cannot_be_read() {
        insertOpen(facts(26, "spdz2k"), "VERIFIED", Bytes.of(new byte[] {0}));

        var reply = give(26, "[1,2,3,4,5]");

        client.jdbc().sql("DELETE FROM request").update();
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.json().path("openRequests")).isEmpty();
        assertThat(reply.json().path("detail").asString("")).contains("the open requests could not be read");
        assertThat(client.as("user").get("/v1/inputs").text())
                .contains(reply.json().path("id").asString("none"));
    }

    @Test
    void a_request_that_never_arrived_is_unknown() {
        assertThat(settle(asked(19), "{\"refuse\":true}").status()).isEqualTo(404);
    }

    @Test
    void an_unverified_request_gets_values_only_if_its_owner_accepts_it() {
        give(5, "[1,2,3,4,5]");
        var made = deliver(asked(facts(5, "semi2k"), later()));
        assertThat(open(made).path("reason").asString("")).isEqualTo("not-verified");
        var late = settle(made, "{\"values\":[1,2,3,4,5]}");
        assertThat(late.problem()).isEqualTo("request-not-answered");

        var taken = settle(made, "{\"values\":[1,2,3,4,5],\"acceptUnverified\":[\"semi2k\"]}");

        assertThat(taken.status()).as(taken.text()).isEqualTo(204);
        assertThat(valuesOf(made).bytes()).isEqualTo(masked(1, 2, 3, 4, 5));
        client.as("user").postJson("/v1/inputs", body(50, "[1,2,3,4,5]", ",\"acceptUnverified\":[\"semi2k\"]"));
        var other = deliver(asked(facts(50, "semi2k"), later()));
        assertThat(verified(answerTo(other)).answer()).isEqualTo(Answer.GIVEN);
    }

    @Test
    void whether_a_request_fits_does_not_depend_on_the_values() {
        give(14, "[0,0,-1,0,0]");
        var made = deliver(asked(facts(14, "spdz2k", 2), later()));

        assertThat(open(made).path("reason").asString("")).isEqualTo("input-differs");
        assertThat(open(made).path("detail").asString(""))
                .isEqualTo("The waiting input is for a different value of bits.");
    }

    @Test
    void repeated_envelopes_get_no_second_answer() {
        give(15, "[1,2,3,4,5]");
        var made = asked(15);
        var bundles = made.bundles();
        bundles.forEach(client::received);
        var answer = answerTo(made);
        await().until(() -> count("envelope", "LENGTH(encoded) > 0 AND delivery", made) == 0);
        give(15, "[6,7,8,9,10]");

        bundles.forEach(client::received);
        var next = deliver(asked(15));

        assertThat(answerTo(next)).isNotEqualTo(answer);
        assertThat(answerTo(made)).isEqualTo(answer);
        assertThat(valuesOf(made).bytes()).isEqualTo(masked(1, 2, 3, 4, 5));
        assertThat(valuesOf(next).bytes()).isEqualTo(masked(6, 7, 8, 9, 10));
    }

    @Test
    void a_request_s_time_is_the_earliest_of_its_envelopes() {
        var early = later();
        clock.advance(Duration.ofSeconds(10));
        give(16, "[1,2,3,4,5]");
        var late = later();
        var made = deliver(asked(facts(16, "spdz2k"), late).createdByP1(early));

        assertThat(open(made).path("reason").asString("")).isEqualTo("asked-before-input");
        assertThat(settle(made, "{\"refuse\":true}").status()).isEqualTo(204);
        assertThat(verified(answerTo(made)).created()).isEqualTo(early);
    }

    /// Whoever can make requests without an input must not keep others from their answers.
    @Test
    void many_unanswered_requests_delay_no_other() {
        for (int i = 0; i < 250; i++) {
            insertOpen(facts(17, "spdz2k"), "VERIFIED");
        }

        give(18, "[1,2,3,4,5]");
        var made = deliver(asked(18));

        assertThat(verified(answerTo(made)).answer()).isEqualTo(Answer.GIVEN);
        client.jdbc().sql("DELETE FROM request").update();
    }

    @Test
    void a_user_refuses_a_request() {
        var made = deliver(asked(6));
        assertThat(open(made).path("reason").asString("")).isEqualTo("no-input");
        assertThat(open(made).path("detail").asString(""))
                .isEqualTo("No input is waiting for this label and these parties.");
        assertThat(client.as("R0").get("/v1/answers" + query(made)).status()).isEqualTo(204);

        assertThat(settle(made, "{\"refuse\":true}").status()).isEqualTo(204);

        assertThat(verified(answerTo(made)).answer()).isEqualTo(Answer.REFUSED);
        give(6, "[1,2,3,4,5]");
        assertThat(client.as("user").get("/v1/inputs").text())
                .as("no request is left")
                .contains("\"label\":\"6\",");
    }

    @Test
    void late_values_that_do_not_fit_are_refused() {
        var made = deliver(asked(7));
        open(made);

        var tooFew = settle(made, "{\"values\":[1,2,3,4]}");
        var tooLarge = settle(made, "{\"values\":[1,2,3,4,\"9223372036854775808\"]}");

        assertThat(tooFew.problem()).isEqualTo("input-invalid");
        assertThat(tooLarge.problem()).isEqualTo("input-invalid");
        assertThat(tooLarge.text()).contains("Value 4 ").doesNotContain("9223372036854775808");
        assertThat(client.as("user")
                        .post("/v1/requests/" + made.id() + "/answer?bits=8", "text/csv", text("1\n2\n3\n4\n5\n"))
                        .text())
                .contains("Unknown parameter \\\"bits\\\"");
        assertThat(client.as("R0").get("/v1/answers" + query(made)).status()).isEqualTo(204);
        var raw = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : List.of(-1L, -2L, -3L, -4L, -5L)) {
            raw.putLong(value);
        }
        assertThat(client.as("user")
                        .post(
                                "/v1/requests/" + made.id() + "/answer",
                                "application/octet-stream",
                                Bytes.of(raw.array()))
                        .status())
                .isEqualTo(204);
        assertThat(valuesOf(made).bytes()).isEqualTo(masked(-1, -2, -3, -4, -5));
    }

    @Test
    void the_api_document_says_what_an_input_without_a_program_consents_to() {
        assertThat(client.as("user").get("/v3/api-docs").text().replace("\\n", " "))
                .contains(
                        "Without `program`",
                        "this is consent to whatever an honest party agrees to run with this label");
    }

    /// The committed one is made without starting a service.
    @Test
    void the_served_api_document_equals_the_committed_one() throws IOException {
        assertThat(client.as("user").get("/v3/api-docs").json()).isEqualTo(ApiDocument.committed("client.json"));
    }

    @Test
    void one_input_waits_for_each_label_and_set_of_parties() {
        assertThat(give(8, "[1]").status()).isEqualTo(201);

        assertThat(give(8, "[2]").problem()).isEqualTo("input-waits");

        var inputs = client.as("user").get("/v1/inputs").json().path("inputs");
        var id = inputs.values().stream()
                .filter(input -> input.path("label").asLong() == 8)
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString("");
        assertThat(client.as("user").delete("/v1/inputs/" + id).status()).isEqualTo(204);
        assertThat(client.as("user").delete("/v1/inputs/" + id).status()).isEqualTo(404);
        assertThat(give(8, "[2]").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,128]                | ,\"bits\":8 | Value 1 does not fit 8 bits",
                "[1,\"12345678x\"]      | | Value 1 is not a decimal number",
                "[9007199254740993]     | | Value 0 is above 2^53",
                "[1e3]                  | | Value 0 is above 2^53",
                "[1e99999999999999999]  | | Value 0 is above 2^53",
                "[\"1e99999999999999\"] | | Value 0 is not a decimal number",
                "[true]                 | | Value 0 is neither",
                "[[7654321]]            | | Value 0 is neither",
                "[]                     | | at least one value",
                "[1]                    | ,\"times\":0 | times",
                "[1]                    | ,\"precision\":256 | precision",
                "[1]                    | ,\"program\":\"ab\" | program",
                "[1]                    | ,\"acceptUnverified\":[\"mascot\"] | acceptUnverified",
                "[1]                    | ,\"speed\":1 | speed",
                "[1]                    | ,\"label\":1 | twice",
            })
    void the_refusal_of_an_invalid_input_names_the_fault_and_not_the_value(
            String values, String more, String expected) {
        var extra = more == null ? "" : more;
        var json = body(9, values, extra.contains("bits") ? "" : extra);
        if (extra.contains("bits")) {
            json = json.replace(",\"bits\":64", extra);
        }

        var reply = client.as("user").postJson("/v1/inputs", json);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.text()).contains(expected).doesNotContain("128\"", "12345678", "9007199254740993", "7654321");
        assertThat(client.as("user").get("/v1/inputs").text()).doesNotContain("\"label\":\"9\",");
    }

    private String address(long label, String more) {
        return "/v1/inputs?label=" + label + "&parties=P0,P1&protocols=spdz2k&until="
                + clock.instant().plus(Duration.ofDays(1)) + more;
    }

    private static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void csv_and_raw_integers_make_the_same_input() {
        var csv = text("index,value\r\n0,1\r\n1,-2\r\n2,3\r\n3,4\r\n4,5");
        assertThat(client.as("user")
                        .post(address(10, "&bits=64"), "text/csv", csv)
                        .status())
                .isEqualTo(201);
        var one = deliver(asked(10));
        assertThat(verified(answerTo(one)).answer()).isEqualTo(Answer.GIVEN);
        assertThat(valuesOf(one).bytes()).isEqualTo(masked(1, -2, 3, 4, 5));

        var raw = Bytes.fromHex("0100" + "feff" + "0300" + "0400" + "0500");
        var taken = client.as("user").post(address(10, "&bits=64&size=2"), "application/octet-stream", raw);
        assertThat(taken.status()).as(taken.text()).isEqualTo(201);
        var other = deliver(asked(10));
        answerTo(other);
        assertThat(valuesOf(other).bytes()).isEqualTo(masked(1, -2, 3, 4, 5));
    }

    @Test
    void invalid_csv_and_raw_integers_are_refused() {
        var user = client.as("user");

        assertThat(user.post(address(11, "&bits=8"), "text/csv", text("value\n1\n300\n"))
                        .text())
                .contains("Value 1 does not fit 8 bits")
                .doesNotContain("300");
        assertThat(user.post(address(11, "&bits=8"), "text/csv", text("0,1\n2,3\n"))
                        .text())
                .contains("does not begin with the index 1");
        assertThat(user.post(address(11, "&bits=16"), "application/octet-stream", Bytes.fromHex("010002"))
                        .text())
                .contains("Value 1 is incomplete");
        assertThat(user.post(address(11, "&bits=15"), "application/octet-stream", Bytes.fromHex("0080"))
                        .text())
                .contains("Value 0 does not fit 15 bits");
        assertThat(user.get("/v1/inputs").text()).doesNotContain("\"label\":\"11\",");
    }

    @Test
    void only_users_give_inputs_and_only_users_and_the_relay_read_answers() {
        assertThat(client.as("R0").postJson("/v1/inputs", body(12, "[1]", "")).status())
                .isEqualTo(403);
        assertThat(client.as("R0").get("/v1/inputs").status()).isEqualTo(403);
        assertThat(client.as("P0").get("/v1/requests").status()).isEqualTo(403);
        assertThat(client.as("user").get("/v1/answers/next").status()).isEqualTo(200);
        assertThat(client.as("P0").get("/v1/answers" + query(asked(12))).status())
                .isEqualTo(403);
        assertThat(client.as("R0").get("/v1/answers" + query(asked(12))).status())
                .isEqualTo(404);
    }

    @Test
    void a_restored_client_answers_no_earlier_request(@TempDir Path folder) {
        var restored = new TestMembers(folder);
        ClientHost.start(restored, clock).close();
        var asked = later();
        clock.advance(Duration.ofSeconds(1));

        try (var again = ClientHost.start(restored, clock, "restored")) {
            var made = TestDelivery.of(restored, again.sealingKey(clock), facts(13, "spdz2k"), asked, RANDOM);
            made.bundles().forEach(again::received);
            await().until(() -> again.as("user").get("/v1/requests").text().contains(made.id()));

            assertThat(again.as("user").get("/v1/requests").text()).contains("\"asked-before-start\"", "restored");
            assertThat(again.as("user")
                            .postJson("/v1/requests/" + made.id() + "/answer", "{\"values\":[1,2,3,4,5]}")
                            .problem())
                    .isEqualTo("request-not-answered");
        }
    }
}
