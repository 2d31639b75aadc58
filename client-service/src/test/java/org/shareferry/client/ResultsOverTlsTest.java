// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Tag;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.check.ClosingWords;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Envelope;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.fixture.CapturedLog;
import org.shareferry.service.fixture.SettableClock;
import tools.jackson.databind.JsonNode;

/// From bundles to verdicts and values, honest and otherwise, through the running service.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResultsOverTlsTest {
    private static final long[] VALUES = {-7, -6, 1234567890123456789L, 2, 9, 18, Long.MIN_VALUE, 42, Long.MAX_VALUE};

    private final SettableClock clock = new SettableClock();
    private TestMembers members;
    private ClientHost client;
    private SealingKey key;

    @BeforeAll
    void start(@TempDir Path temporary) {
        members = new TestMembers(temporary);
        client = ClientHost.start(members, clock);
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    private JsonNode checked(TestDelivery made) {
        made.bundles().forEach(client::received);
        return awaitChecked(client, made.id());
    }

    private static JsonNode awaitChecked(ClientHost client, String id) {
        return await().until(
                        () -> client.result(id),
                        result -> result.path("state").asString("").equals("checked"));
    }

    @ParameterizedTest
    @EnumSource(names = {"TRIPLE", "QUINTUPLE", "BATCHED", "COMMITTED"})
    void honest_deliveries_are_verified_and_shown_in_every_form(Scheme scheme) {
        var made = TestDelivery.of(members, key, scheme, VALUES);

        var result = checked(made);

        assertThat(result.path("verdict").asString()).isEqualTo("VERIFIED");
        assertThat(result.path("reasons").size()).isZero();
        assertThat(IntStream.range(0, VALUES.length)
                        .mapToLong(i -> result.path("values").get(i).asLong())
                        .toArray())
                .containsExactly(VALUES);
        var csv = client.as("user").get("/v1/results/" + made.id(), "text/csv").text();
        assertThat(csv).startsWith("index,value\r\n0,-7\r\n1,-6\r\n2,1234567890123456789\r\n");
        var raw = client.as("user")
                .get("/v1/results/" + made.id(), "application/octet-stream")
                .bytes();
        assertThat(raw.size()).isEqualTo(8 * VALUES.length);
        assertThat(raw.toHex()).startsWith("f9ffffffffffffff");
    }

    /// Beyond 2^53 a reader of JSON that knows only doubles would round.
    @Test
    void values_and_labels_are_strings_on_request() {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, 9007199254740993L, -1);
        checked(made);

        var user = client.as("user");
        var byType = user.get("/v1/results/" + made.id(), "application/json;numbers=string");
        var byQuery = user.get("/v1/results/" + made.id() + "?numbers=string").json();
        var list = user.get("/v1/results?numbers=string&limit=1").json();

        assertThat(byType.json().path("values").toString()).isEqualTo("[\"9007199254740993\",\"-1\"]");
        assertThat(byType.header("Content-Type")).contains("application/json;numbers=string");
        assertThat(byQuery).isEqualTo(byType.json());
        assertThat(byQuery.path("label").isString()).isTrue();
        assertThat(list.path("results").get(0).path("label")).isEqualTo(byQuery.path("label"));
        assertThat(user.get("/v1/results/" + made.id() + "?numbers=text").problem())
                .isEqualTo("request-malformed");
    }

    @Test
    void file_formats_have_headers_that_describe_them() {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, 9007199254740993L, -1);
        checked(made);

        var npy = client.as("user").get("/v1/results/" + made.id() + "?format=npy");

        assertThat(npy.header("Content-Type")).contains("application/x-npy");
        assertThat(npy.header("Shareferry-Verdict")).contains("VERIFIED");
        assertThat(npy.header("Shareferry-Width")).contains("8");
        assertThat(npy.header("Shareferry-Precision")).contains("0");
        assertThat(npy.header("Shareferry-Count")).contains("2");
        assertThat(npy.bytes().toHex()).startsWith("934e554d505901").endsWith("0100000000002000ffffffffffffffff");
        assertThat(client.as("user")
                        .get("/v1/results/" + made.id() + "?format=xls")
                        .status())
                .isEqualTo(406);
    }

    @Test
    void only_users_open_the_page_and_it_loads_nothing_from_other_hosts() {
        var page = client.as("user").get("/", "text/html");
        var script = client.as("user").get("/ui/client.js", "*/*");

        assertThat(page.text()).contains("<title>Shareferry client</title>").doesNotContain("http://", "https://");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'; script-src 'self'");
        assertThat(script.status()).isEqualTo(200);
        assertThat(client.as("R0").get("/", "text/html").problem()).isEqualTo("not-allowed");
        assertThat(client.as("P0").get("/ui/client.js", "*/*").problem()).isEqualTo("not-allowed");
    }

    /// RFC 9457 §3.1.1: a type can be a relative reference, and whoever resolves it should find a description.
    @Test
    void the_type_of_a_problem_links_to_a_page_of_the_service() {
        var refused = client.as("user").get("/v1/result");
        var link = URI.create("https://c0.example/v1/result")
                .resolve(refused.json().path("type").asString());

        var page = client.as("P0").get(link.getRawPath(), "text/html");

        assertThat(link).hasToString("https://c0.example/problem-types#not-found");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("<tr id=\"not-found\">");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(client.as("stranger").get(link.getRawPath(), "text/html").status())
                .isEqualTo(403);
    }

    @Test
    void a_mistyped_path_method_or_parameter_is_refused() {
        var user = client.as("user");

        assertThat(user.get("/v1/result").problem()).isEqualTo("not-found");
        assertThat(user.post("/v1/results", "application/json", Bytes.ascii("{}"))
                        .problem())
                .isEqualTo("method-not-allowed");
        assertThat(user.get("/v1/results?lable=7").text()).contains("Unknown parameter \\\"lable\\\"");
        assertThat(user.get("/v1/results?limit=0").text()).contains("`limit` must be 1 to 200.");
        assertThat(user.get("/v1/results?since=%2B1000000000-12-31T23:59:59Z").status())
                .isEqualTo(400);
        assertThat(user.get("/v1/results?parties=P0,P2").json().path("results").isEmpty())
                .isTrue();
        assertThat(user.get("/v1/results?parties=P0%2CP1").status()).isEqualTo(200);
        assertThat(user.get("/v1/results", "image/png").text())
                .contains("This address responds only in application/json, text/event-stream.");
        assertThat(user.get("/v1/results/" + "0".repeat(32) + "-0").text()).contains("relay");
        assertThat(client.as("P0").get("/v1/results").problem()).isEqualTo("not-allowed");
    }

    @Test
    void an_additive_delivery_is_shown_but_never_verified() {
        var result = checked(TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3));

        assertThat(result.path("verdict").asString()).isEqualTo("UNVERIFIED");
        assertThat(result.path("reasons").get(0).asString()).isEqualTo("the scheme additive has no check");
        assertThat(result.path("values").toString()).isEqualTo("[1,2,3]");
    }

    static Stream<Arguments> cheats() {
        return Stream.of(Scheme.TRIPLE, Scheme.QUINTUPLE, Scheme.BATCHED, Scheme.COMMITTED)
                .flatMap(scheme -> {
                    int perValue = scheme.elementsPerValue();
                    var atValues = IntStream.range(0, perValue)
                            .mapToObj(i -> Arguments.of(scheme, new Place(Kind.VALUES, 1), i));
                    // Behind the four values of chunk 0.
                    var atTail = IntStream.range(0, scheme.elementsPerTail())
                            .mapToObj(i -> Arguments.of(scheme, new Place(Kind.VALUES, 0), 4 * perValue + i));
                    // The last chunk has one value.
                    var atMasks = scheme == Scheme.COMMITTED
                            ? Stream.of(Arguments.of(scheme, new Place(Kind.VALUES, 2), 1 + 63))
                            : Stream.<Arguments>empty();
                    return Stream.concat(Stream.concat(atValues, atTail), atMasks);
                });
    }

    @ParameterizedTest(name = "{0}: element {2} of {1}")
    @MethodSource("cheats")
    void a_party_that_shifts_anything_is_rejected_and_nothing_of_it_is_shown_or_stored(
            Scheme scheme, Place place, int element) {
        var made = TestDelivery.of(members, key, scheme, VALUES).cheatingAt(place, shares -> {
            var shifted = shares.clone();
            shifted[element] = shifted[element].add(BigInteger.ONE.shiftLeft(63));
            return shifted;
        });

        assertRejected(made);
    }

    static Stream<UnaryOperator<ClosingWords>> lies() {
        var other = Sha256.of(Bytes.ascii("another"));
        return Stream.of(
                w -> new ClosingWords(List.of(other, w.digests().get(1)), w.coinShares(), w.combinations()),
                w -> new ClosingWords(List.of(w.digests().get(0), other), w.coinShares(), w.combinations()),
                w -> new ClosingWords(w.digests(), List.of(w.coinShares().get(0), other), w.combinations()),
                w -> {
                    var t = w.combinations().toArray();
                    t[511] ^= (byte) 0x80;
                    return new ClosingWords(w.digests(), w.coinShares(), Bytes.of(t));
                });
    }

    @ParameterizedTest
    @MethodSource("lies")
    void closing_words_that_disagree_are_rejected(UnaryOperator<ClosingWords> lie) {
        assertRejected(TestDelivery.of(members, key, Scheme.COMMITTED, VALUES).cheatingInClosing(lie));
    }

    /// A sum does not tell whose share is wrong.
    @Test
    void a_rejected_result_says_where_the_check_failed_and_has_its_signed_envelopes() throws Exception {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, VALUES)
                .cheatingAt(new Place(Kind.VALUES, 1), shares -> {
                    var shifted = shares.clone();
                    shifted[0] = shifted[0].add(BigInteger.ONE);
                    return shifted;
                });

        var bundles = made.bundles();
        bundles.forEach(client::received);
        var result = awaitChecked(client, made.id());
        var evidence = client.as("user").get("/v1/results/" + made.id() + "/evidence", CborSequence.MEDIA_TYPE);

        assertThat(result.path("reasons").toString()).isEqualTo("[\"the check failed in chunk 1\"]");
        var sent = bundles.stream()
                .flatMap(bundle -> bundle.envelopes().stream())
                .map(Envelope::encode)
                .toList();
        var items = new CborSequence(new ByteArrayInputStream(evidence.bytes().toArray()), 1 << 20)
                .next(100, Long.MAX_VALUE);
        assertThat(items.getFirst()).isEqualTo(new CborSequence.Whole(Bytes.ascii("shareferry evidence v1")));
        assertThat(items.subList(1, items.size()))
                .extracting(item -> ((CborSequence.Whole) item).content())
                .containsExactlyInAnyOrderElementsOf(sent);
        assertThat(client.as("R0").get("/v1/results/" + made.id() + "/evidence").problem())
                .isEqualTo("not-allowed");
    }

    private void assertRejected(TestDelivery made) {
        var result = checked(made);

        assertThat(result.path("verdict").asString()).isEqualTo("REJECTED");
        assertThat(result.path("reasons").size()).isPositive();
        assertThat(result.has("values")).isFalse();
        var csv = client.as("user").get("/v1/results/" + made.id(), "text/csv");
        assertThat(csv.status()).isEqualTo(409);
        assertThat(csv.problem()).isEqualTo("result-not-available");
        var raw = client.as("user").get("/v1/results/" + made.id(), "application/octet-stream");
        assertThat(raw.problem()).isEqualTo("result-not-available");
        assertThat(client.jdbc()
                        .sql("SELECT raw FROM value_chunk WHERE delivery = :key ORDER BY idx")
                        .param("key", made.key())
                        .query(byte[].class)
                        .list())
                .as("as many zeros as values")
                .containsExactly(new byte[32], new byte[32], new byte[8]);
        assertThat(client.jdbc()
                        .sql("SELECT COUNT(*) FROM envelope WHERE delivery = :key")
                        .param("key", made.key())
                        .query(Long.class)
                        .single())
                .as("the evidence")
                .isPositive();
    }

    /// Metrics can be read by others than the client's own people.
    @Test
    void request_metrics_do_not_reveal_verdicts() {
        var cheated = cheated();
        checked(cheated);
        var user = client.as("user");
        assertThat(user.delete("/v1/results/" + cheated.id() + "/values").status())
                .isEqualTo(409);

        var requests = await().until(
                        () -> client.meters()
                                .find("http.server.requests")
                                .tag("uri", "/v1/results/{id}/values")
                                .timers(),
                        timers -> !timers.isEmpty());

        assertThat(requests)
                .flatMap(timer -> timer.getId().getTags())
                .filteredOn(
                        tag -> Set.of("status", "outcome", "exception", "error").contains(tag.getKey()))
                .extracting(Tag::getValue)
                .containsOnly("any");
    }

    private TestDelivery cheated() {
        return TestDelivery.of(members, key, Scheme.BATCHED, VALUES).cheatingAt(new Place(Kind.VALUES, 0), shares -> {
            var shifted = shares.clone();
            shifted[0] = shifted[0].add(BigInteger.ONE);
            return shifted;
        });
    }

    @Test
    void the_relay_sees_the_same_of_an_honest_and_of_a_cheated_delivery() throws Exception {
        var honest = TestDelivery.of(members, key, Scheme.BATCHED, VALUES);
        var cheated = cheated();
        checked(honest);
        checked(cheated);

        // Brought again after the verdict: still the same kind of answer.
        for (var made : List.of(honest, cheated)) {
            for (var bundle : made.bundles().subList(0, 1)) {
                var reply = client.bring(bundle);
                assertThat(reply.status()).isEqualTo(409);
            }
        }
        assertThat(client.as("R0").get("/v1/results/" + cheated.id()).status()).isEqualTo(403);
    }

    @Test
    void events_have_the_numbers_of_lists_and_a_listener_continues_after_one() {
        checked(TestDelivery.of(members, key, Scheme.BATCHED, VALUES));
        var user = client.as("user");
        long asOf = user.get("/v1/results").json().path("asOf").asLong();

        try (var events = user.events("/v1/results?since=" + (asOf - 1), "")) {
            assertThat(events.limit(5).toList())
                    .startsWith("id: " + (asOf - 1), "", "event: result", "id: " + asOf)
                    .last()
                    .asString()
                    .startsWith("data: {\"id\":")
                    .contains("\"change\":" + asOf);
        }
        try (var events = user.events("/v1/results?since=0", Long.toString(asOf))) {
            assertThat(events.findFirst()).contains("id: " + asOf);
        }
        assertThat(user.get("/v1/results?since=yesterday", "text/event-stream").status())
                .isEqualTo(400);
    }

    @Test
    void a_deleted_delivery_is_not_shown_and_gets_the_same_receipt_again() {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, VALUES);
        var bundles = made.bundles();
        var bundle = bundles.getFirst();
        var other = TestDelivery.of(members, key, Scheme.BATCHED, VALUES);
        client.received(other.bundles().getFirst());
        var receipt = client.received(bundle);
        bundles.stream().skip(1).forEach(client::received);
        awaitChecked(client, made.id());

        assertThat(client.as("R0").delete("/v1/results/" + made.id()).status()).isEqualTo(403);
        assertThat(client.as("user").delete("/v1/results/" + other.id()).status())
                .isEqualTo(409);
        assertThat(client.as("user").delete("/v1/results/" + made.id()).status())
                .isEqualTo(204);
        assertThat(client.as("user").delete("/v1/results/" + made.id()).status())
                .isEqualTo(204);

        var result = client.result(made.id());
        assertThat(result.path("state").asString()).isEqualTo("deleted");
        assertThat(result.has("values")).isFalse();
        assertThat(client.as("user").get("/v1/results/" + made.id(), "text/csv").status())
                .isEqualTo(409);
        assertThat(client.received(bundle)).isEqualTo(receipt);
    }

    /// The opening keys would make the same values of the envelopes again.
    @Test
    void deleting_values_deletes_their_envelopes_and_keeps_verdict_and_receipts() {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, VALUES);
        var bundles = made.bundles();
        var receipts = bundles.stream().map(client::received).toList();
        long before = awaitChecked(client, made.id()).path("change").asLong();
        var values = "/v1/results/" + made.id() + "/values";

        assertThat(client.as("R0").delete(values).status()).isEqualTo(403);
        var log = loggedWhile(
                () -> assertThat(client.as("user").delete(values).status()).isEqualTo(204));
        var atOnce = client.result(made.id());
        client.tidy();

        assertThat(log).contains("user asks to delete the values of delivery " + made.key());
        assertThat(client.as("user").delete(values).status()).isEqualTo(204);
        assertThat(atOnce.path("state").asString()).isEqualTo("checked");
        assertThat(atOnce.path("verdict").asString()).isEqualTo("VERIFIED");
        assertThat(atOnce.has("values")).isFalse();
        assertThat(atOnce.path("valuesDeleted").asString())
                .isEqualTo(clock.instant().toString());
        assertThat(atOnce.path("change").asLong()).as("listeners are told").isGreaterThan(before);
        var user = client.as("user");
        for (var gone : List.of("?format=csv", "?format=npy", "/evidence")) {
            assertThat(user.get("/v1/results/" + made.id() + gone, "*/*").status())
                    .as(gone)
                    .isEqualTo(409);
        }
        assertThat(client.jdbc()
                        .sql("SELECT COUNT(*) FROM value_chunk WHERE delivery = :key")
                        .param("key", made.key())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(bundles.stream().map(client::received).toList()).isEqualTo(receipts);
        assertThat(client.result(made.id())).isEqualTo(atOnce);
    }

    private static String loggedWhile(Runnable work) {
        try (var log = CapturedLog.ofAll()) {
            work.run();
            return log.text();
        }
    }

    @Test
    void a_rejected_result_has_no_values_to_delete() {
        var made = cheated();
        checked(made);

        var reply = client.as("user").delete("/v1/results/" + made.id() + "/values");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text()).contains("is checked and REJECTED.");
    }

    @Test
    void an_incomplete_delivery_names_what_is_missing_and_shows_no_values() {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, VALUES);
        client.received(made.bundles().getFirst());

        var result = client.result(made.id());

        assertThat(result.path("state").asString()).isEqualTo("receiving");
        assertThat(result.path("received").toString()).isEqualTo("{\"bundles\":1,\"of\":3}");
        assertThat(result.has("verdict")).isFalse();
        assertThat(result.has("values")).isFalse();
    }

    @Test
    void a_committed_delivery_without_its_closing_envelopes_shows_nothing() {
        var bundles = TestDelivery.of(members, key, Scheme.COMMITTED, VALUES);
        var made = bundles.bundles();
        made.subList(0, made.size() - 1).forEach(client::received);

        assertThat(client.result(bundles.id()).path("state").asString()).isEqualTo("receiving");
        assertThat(client.result(bundles.id()).has("values")).isFalse();
    }

    @Test
    void bundles_are_accepted_in_any_order() {
        var made = TestDelivery.of(members, key, Scheme.COMMITTED, VALUES);
        made.bundles().reversed().forEach(client::received);

        assertThat(awaitChecked(client, made.id()).path("verdict").asString()).isEqualTo("VERIFIED");
    }

    @Test
    void a_check_that_a_stop_broke_off_is_made_after_the_next_start(@TempDir Path other) {
        var there = new TestMembers(other);
        TestDelivery made;
        try (var stopped = ClientHost.start(there, clock)) {
            made = TestDelivery.of(there, stopped.sealingKey(clock), Scheme.BATCHED, VALUES);
            made.bundles().forEach(stopped::received);
            awaitChecked(stopped, made.id());
        }
        // What the database holds when the service stops between the last receipt and the verdict.
        ClientHost.breakOffCheck(there, made.key(), Optional.empty());
        try (var restarted = ClientHost.start(there, clock)) {
            var result = awaitChecked(restarted, made.id());
            assertThat(result.path("verdict").asString()).isEqualTo("VERIFIED");
            assertThat(result.path("values").size()).isEqualTo(VALUES.length);
        }
    }

    @Test
    void a_stored_verdict_is_final_and_the_values_are_written_after_the_next_start(@TempDir Path other) {
        var there = new TestMembers(other);
        TestDelivery made;
        try (var stopped = ClientHost.start(there, clock)) {
            made = TestDelivery.of(there, stopped.sealingKey(clock), Scheme.BATCHED, VALUES);
            made.bundles().forEach(stopped::received);
            awaitChecked(stopped, made.id());
        }
        // Another verdict than a second check would come to shows that there is no second check.
        ClientHost.breakOffCheck(there, made.key(), Optional.of("UNVERIFIED"));
        try (var restarted = ClientHost.start(there, clock)) {
            var result = awaitChecked(restarted, made.id());
            assertThat(result.path("verdict").asString()).isEqualTo("UNVERIFIED");
            assertThat(result.path("values").size()).isEqualTo(VALUES.length);
        }
    }

    @Test
    void logs_contain_neither_values_nor_verdicts_nor_envelopes() {
        var made = TestDelivery.of(members, key, Scheme.BATCHED, 1311768467463790320L);
        var bundles = made.bundles();

        var everything = loggedWhile(() -> {
            bundles.forEach(client::received);
            awaitChecked(client, made.id());
            client.bring(
                    TestDelivery.of(members, key, Scheme.BATCHED, 1).bundles().getFirst());
        });

        var ciphertext = HexFormat.of()
                .formatHex(
                        bundles.getFirst().envelopes().getFirst().ciphertext().toArray(), 0, 16);
        assertThat(everything)
                .contains(made.id())
                .doesNotContain("1311768467463790320", "123456789abcdef0", ciphertext, "VERIFIED", "REJECTED");
    }

    @Test
    void users_see_the_opening_keys_dates_and_the_last_contact_with_the_relay() {
        assertThat(client.as("R0").get("/v1/keys").status()).isEqualTo(200);

        var overview = client.as("user").get("/v1/overview").json();

        assertThat(overview.get("member").asString()).isEqualTo("C0");
        assertThat(overview.get("mode").asString()).isEqualTo("push");
        assertThat(overview.get("lastContact").asString())
                .isEqualTo(clock.instant().toString());
        assertThat(Instant.parse(overview.at("/openingKey/until").asString())).isAfter(clock.instant());
        assertThat(client.as("user").get("/v1/under-way").json().get("problem").asString())
                .contains("R0");
        for (var path : List.of("/v1/overview", "/v1/under-way", "/v1/findings")) {
            assertThat(client.as("user").get(path).status()).as(path).isEqualTo(200);
            assertThat(client.as("R0").get(path).status()).as(path).isEqualTo(403);
            assertThat(client.as("P0").get(path).status()).as(path).isEqualTo(403);
        }
    }
}
