// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.client.fixture.Made;
import org.shareferry.client.fixture.RunningClient;
import org.shareferry.client.fixture.World;
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
import org.shareferry.service.fixture.ApiDocument;
import org.shareferry.service.fixture.Caller.Reply;
import org.shareferry.service.fixture.SettableClock;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Inputs from the client's people to the relay, by the client's rules, over TLS and a real database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class InputsOverTlsTest {
    private static final AtomicLong RUNS = new AtomicLong();

    /// r of every request here.
    private static final long[] RANDOM = {0x1234_5678_9abc_def0L, -1, 5, Long.MAX_VALUE, 1_000_007};

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
                World.C0,
                List.of(World.P0, World.P1),
                protocol,
                !isSemi,
                true,
                1,
                bits,
                Bytes.empty());
    }

    private Made asked(DeliveryFacts facts, Instant created) {
        return Made.of(world, key, facts, created, RANDOM);
    }

    private Made asked(long label) {
        return asked(facts(label, "spdz2k"), later());
    }

    private Instant later() {
        clock.advance(Duration.ofSeconds(1));
        return clock.instant();
    }

    private Made deliver(Made made) {
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

    private static String query(Made made) {
        return "?delivery=" + made.id() + "&parties=P0,P1";
    }

    private SignedInputStatement answerTo(Made made) {
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

    private Reply valuesOf(Made made) {
        return client.as("R0").get("/v1/answers/values" + query(made), "application/octet-stream");
    }

    private JsonNode open(Made made) {
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

    private Reply settle(Made made, String json) {
        return client.as("user").postJson("/v1/requests/" + made.id() + "/answer", json);
    }

    @Test
    void an_input_that_waits_answers_the_request_once_and_is_gone() {
        var log = logged();
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
        assertThat(client.as("user").get("/v1/inputs").text()).doesNotContain("\"label\":1,");
        assertThat(client.as("user").get("/v1/requests").text()).doesNotContain(made.id());
        assertNothingIsShown(made);
        assertThat(log.list.toString())
                .contains("answered")
                .doesNotContain("424242424242", "9223372036854775", Long.toString(RANDOM[0]));
    }

    private static ListAppender<ILoggingEvent> logged() {
        var appender = new ListAppender<ILoggingEvent>();
        appender.list = new CopyOnWriteArrayList<>();
        appender.start();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(appender);
        return appender;
    }

    private void assertNothingIsShown(Made made) {
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

    private long count(String table, String where, Made made) {
        return client.jdbc()
                .sql("SELECT COUNT(*) FROM " + table + " WHERE " + where + " = :id")
                .param("id", made.key())
                .query(Long.class)
                .single();
    }

    @Test
    void the_relay_is_told_of_answers_in_the_order_of_their_commits() {
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
        var made = deliver(asked(3).cheatingAt(new Place(Kind.VALUES, 1), shares -> {
            var shifted = shares.clone();
            shifted[0] = shifted[0].add(BigInteger.ONE.shiftLeft(63));
            return shifted;
        }));

        var statement = verified(answerTo(made));

        assertThat(statement.answer()).isEqualTo(Answer.REFUSED);
        assertThat(statement.masked()).isEqualTo(InputStatement.NOTHING);
        assertThat(valuesOf(made).status()).isEqualTo(404);
        assertThat(client.as("user").get("/v1/inputs").text()).contains("\"label\":3,");
    }

    @Test
    void a_request_that_is_older_than_the_input_needs_an_answer_of_its_own() {
        var asked = later();
        clock.advance(Duration.ofSeconds(1));
        give(4, "[1,2,3,4,5]");
        var made = deliver(asked(facts(4, "spdz2k"), asked));

        assertThat(open(made).path("reason").asString(""))
                .startsWith("The request was made before the waiting input was given");
        assertThat(settle(made, "{\"values\":[10,20,30,40,\"50\"]}").status()).isEqualTo(204);

        assertThat(valuesOf(made).bytes()).isEqualTo(masked(10, 20, 30, 40, 50));
        assertThat(client.as("user").get("/v1/inputs").text()).as("not used").contains("\"label\":4,");
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
    void a_request_that_never_came_is_unknown() {
        assertThat(settle(asked(19), "{\"refuse\":true}").status()).isEqualTo(404);
    }

    @Test
    void a_request_that_is_not_verified_gets_values_only_where_its_owner_said_so() {
        give(5, "[1,2,3,4,5]");
        var made = deliver(asked(facts(5, "semi2k"), later()));
        assertThat(open(made).path("reason").asString("")).contains("not verified");
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

        assertThat(open(made).path("reason").asString(""))
                .isEqualTo("The waiting input is for a different value of bits.");
    }

    @Test
    void envelopes_that_come_again_get_no_second_answer() {
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

        assertThat(open(made).path("reason").asString(""))
                .startsWith("The request was made before the waiting input was given");
        assertThat(settle(made, "{\"refuse\":true}").status()).isEqualTo(204);
        assertThat(verified(answerTo(made)).created()).isEqualTo(early);
    }

    /// Whoever can make requests without an input must not keep others from their answers.
    @Test
    void many_requests_that_nobody_answers_keep_no_other_back() {
        for (int i = 0; i < 250; i++) {
            var facts = facts(17, "spdz2k");
            var header =
                    Made.blank(world, facts, World.P0, key, clock.instant()).headerBytes();
            var id = facts.key().toString();
            client.jdbc()
                    .sql("INSERT INTO delivery (id, delivery_id, header, place_count, received, state, verdict, doubts,"
                            + " first_seen, changed, expires) VALUES (:id, :delivery, :header, 1, 1, 'checked',"
                            + " 'VERIFIED', '', :now, :now, :now)")
                    .param("id", id)
                    .param("delivery", facts.id().toString())
                    .param("header", header.toArray())
                    .param("now", clock.millis())
                    .update();
            client.jdbc()
                    .sql("INSERT INTO request (delivery, created) VALUES (:id, :now)")
                    .param("id", id)
                    .param("now", clock.millis())
                    .update();
        }

        give(18, "[1,2,3,4,5]");
        var made = deliver(asked(18));

        assertThat(verified(answerTo(made)).answer()).isEqualTo(Answer.GIVEN);
        client.jdbc().sql("DELETE FROM request").update();
    }

    @Test
    void its_people_refuse_a_request() {
        var made = deliver(asked(6));
        assertThat(open(made).path("reason").asString(""))
                .isEqualTo("No input is waiting for this label and these parties.");
        assertThat(client.as("R0").get("/v1/answers" + query(made)).status()).isEqualTo(204);

        assertThat(settle(made, "{\"refuse\":true}").status()).isEqualTo(204);

        assertThat(verified(answerTo(made)).answer()).isEqualTo(Answer.REFUSED);
        give(6, "[1,2,3,4,5]");
        assertThat(client.as("user").get("/v1/inputs").text())
                .as("no request is left")
                .contains("\"label\":6,");
    }

    @Test
    void late_values_that_do_not_fit_are_no_answer() {
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
    void what_an_input_without_a_program_consents_to_is_said_where_it_is_given() {
        assertThat(client.as("user").get("/v3/api-docs").text().replace("\\n", " "))
                .contains(
                        "Without `program`",
                        "this is consent to whatever an honest party agrees to run with this label");
    }

    /// The committed one is made without starting a service.
    @Test
    void the_api_document_is_the_committed_one() throws IOException {
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
    void a_wrong_input_is_refused_with_what_is_wrong_and_never_with_the_value(
            String values, String more, String expected) {
        var extra = more == null ? "" : more;
        var json = body(9, values, extra.contains("bits") ? "" : extra);
        if (extra.contains("bits")) {
            json = json.replace(",\"bits\":64", extra);
        }

        var reply = client.as("user").postJson("/v1/inputs", json);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.text()).contains(expected).doesNotContain("128\"", "12345678", "9007199254740993", "7654321");
        assertThat(client.as("user").get("/v1/inputs").text()).doesNotContain("\"label\":9,");
    }

    private String address(long label, String more) {
        return "/v1/inputs?label=" + label + "&parties=P0,P1&protocols=spdz2k&until="
                + clock.instant().plus(Duration.ofDays(1)) + more;
    }

    private static Bytes text(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void csv_and_raw_integers_are_the_same_input() {
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
    void csv_and_raw_integers_that_are_wrong_are_refused() {
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
        assertThat(user.get("/v1/inputs").text()).doesNotContain("\"label\":11,");
    }

    @Test
    void only_its_own_people_give_inputs_and_only_they_and_the_relay_see_answers() {
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
    void after_a_restore_nothing_is_answered_that_was_asked_before(@TempDir Path folder) {
        var restored = new World(folder);
        RunningClient.start(restored, clock).close();
        var asked = later();
        clock.advance(Duration.ofSeconds(1));

        try (var again = RunningClient.start(restored, clock, "restored")) {
            var made = Made.of(restored, again.sealingKey(clock), facts(13, "spdz2k"), asked, RANDOM);
            made.bundles().forEach(again::received);
            await().until(() -> again.as("user").get("/v1/requests").text().contains(made.id()));

            assertThat(again.as("user").get("/v1/requests").text()).contains("restored");
            assertThat(again.as("user")
                            .postJson("/v1/requests/" + made.id() + "/answer", "{\"values\":[1,2,3,4,5]}")
                            .problem())
                    .isEqualTo("request-not-answered");
        }
    }
}
