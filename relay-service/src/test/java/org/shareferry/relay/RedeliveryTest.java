// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.C1;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.StubClient;
import org.shareferry.relay.fixture.StubClient.Reply;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;
import tools.jackson.databind.JsonNode;

/// A client that was restored from a backup gets again what it gave receipts for and has lost.
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedeliveryTest {
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

    /// Nothing of former tests is kept.
    @BeforeEach
    void beginAnew() {
        world.client().answerWithReceipts();
        clock.advance(Duration.ofDays(10));
        relay.tidy();
        relay.tidy();
    }

    @AfterAll
    void stop() {
        relay.close();
        world.client().close();
    }

    /// Time goes on until the condition holds.
    private void eventually(Callable<Boolean> condition) {
        await().until(() -> {
            clock.advance(Duration.ofSeconds(20));
            return condition.call();
        });
    }

    private DeliveryFacts delivered() {
        var facts = Draft.delivery();
        for (var party : List.of(P0, P1)) {
            for (int index = 0; index < 2; index++) {
                var envelope = Draft.of(world, facts, party)
                        .createdAt(clock.instant())
                        .at(index)
                        .seal();
                assertThat(relay.as(party).submit(envelope).status()).isEqualTo(202);
            }
        }
        eventually(() -> state(facts).equals("received"));
        return facts;
    }

    private String state(DeliveryFacts facts) {
        return relay.as(P0)
                .get("/v1/deliveries/" + facts.id())
                .json()
                .path("state")
                .asString("none");
    }

    private JsonNode receipts(DeliveryFacts facts) {
        return relay.as(P1)
                .get("/v1/deliveries/" + facts.id() + "/receipts")
                .json()
                .path("receipts");
    }

    private List<Bytes> pushed(DeliveryFacts facts) {
        return world.client().bundles(facts.id());
    }

    private int redeliver(String order) {
        var reply = relay.as("operator").postJson("/v1/redeliveries", order);
        assertThat(reply.status()).as(reply.text()).isEqualTo(202);
        return reply.json().get("bundles").asInt();
    }

    private int redeliver() {
        return redeliver("{\"recipient\":\"C0\"}");
    }

    /// What the client answers when it has lost the bundle: another receipt for the same envelopes.
    private Reply receiptOfToday(Bundle bundle) {
        return StubClient.reply(StubClient.receipt(bundle, C0, world.identity(C0), clock.instant()));
    }

    @Test
    void a_redelivery_pushes_the_same_bytes_and_accepts_a_new_receipt() {
        var facts = delivered();
        var before = pushed(facts);
        var receipt = receipts(facts).get(0).get("receipt").asString();
        world.client().answer(this::receiptOfToday);
        clock.advance(Duration.ofHours(2));

        assertThat(redeliver()).isEqualTo(2);

        eventually(() -> pushed(facts).size() == 4
                && !receipts(facts).get(0).get("receipt").asString().equals(receipt)
                && !receipts(facts).get(1).get("receipt").asString().equals(receipt));
        assertThat(pushed(facts).subList(2, 4)).containsExactlyInAnyOrderElementsOf(before);
        assertThat(state(facts)).isEqualTo("received");
        assertThat(redeliver(
                        "{\"recipient\":\"C0\",\"since\":\"" + clock.instant().plusSeconds(1) + "\"}"))
                .as("nothing has a receipt since")
                .isZero();
        for (var far : List.of("+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z")) {
            assertThat(relay.as("operator")
                            .postJson("/v1/redeliveries", "{\"recipient\":\"C0\",\"since\":\"" + far + "\"}")
                            .status())
                    .as(far)
                    .isEqualTo(400);
        }
    }

    @Test
    void a_redelivery_does_not_change_state_or_receipts() {
        var facts = delivered();
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));

        assertThat(redeliver()).isEqualTo(2);
        assertThat(redeliver()).as("they are on their way").isZero();

        eventually(() -> pushed(facts).size() > 3);
        assertThat(state(facts)).isEqualTo("received");
        assertThat(receipts(facts)).hasSize(2);
        relay.tidy();
        clock.advance(Duration.ofHours(30));
        relay.tidy();
        assertThat(relay.stored(facts.id())).as("kept until it has arrived").isEqualTo(4);
    }

    @Test
    void a_refusal_after_a_receipt_leaves_the_bundle_received() {
        var facts = delivered();
        world.client().answer(bundle -> Reply.problem(422, "/problem-types#recipient-key-unknown"));

        redeliver();

        eventually(() -> pushed(facts).size() == 4 && redeliver() == 2);
        assertThat(state(facts)).isEqualTo("received");
        assertThat(receipts(facts)).hasSize(2);
    }

    @Test
    void an_expired_redelivery_leaves_the_bundle_received() {
        var facts = delivered();
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        redeliver();

        clock.advance(Duration.ofDays(8));
        relay.tidy();
        assertThat(state(facts)).isEqualTo("received");
        assertThat(redeliver()).as("too old to be taken").isZero();
        clock.advance(Duration.ofHours(25));
        relay.tidy();
        assertThat(relay.stored(facts.id())).isZero();
        clock.advance(Duration.ofDays(8));
        relay.tidy();
        assertThat(state(facts)).isEqualTo("none");
    }

    @Test
    void released_content_is_not_redelivered() {
        delivered();
        clock.advance(Duration.ofHours(25));
        relay.tidy();

        assertThat(redeliver()).isZero();
    }

    @Test
    void only_local_users_and_the_client_may_request_a_redelivery() {
        var facts = delivered();
        var order = "{\"recipient\":\"C0\"}";

        assertThat(relay.as(P0).postJson("/v1/redeliveries", order).status()).isEqualTo(403);
        var other = relay.as(C1).postJson("/v1/redeliveries", order);
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.problem()).isEqualTo("not-allowed");
        assertThat(pushed(facts)).hasSize(2);

        assertThat(relay.as(C0).postJson("/v1/redeliveries", order).status()).isEqualTo(202);
        eventually(() -> pushed(facts).size() == 4);
    }

    @Test
    void a_redelivery_without_a_recipient_is_malformed() {
        assertThat(relay.as("operator").postJson("/v1/redeliveries", "{}").problem())
                .isEqualTo("request-malformed");
    }

    @Test
    void a_single_delivery_can_be_redelivered() {
        var facts = delivered();
        var other = delivered();
        var order = "{\"recipient\":\"C0\",\"delivery\":\"" + facts.id() + "\",\"parties\":[\"P0\",\"P1\"]}";

        assertThat(redeliver(order)).isEqualTo(2);

        eventually(() -> pushed(facts).size() == 4);
        assertThat(pushed(other)).hasSize(2);
        assertThat(relay.as(P0)
                        .get("/v1/deliveries/" + facts.id() + "/timeline")
                        .json()
                        .get("steps"))
                .extracting(step -> step.get("step").asString())
                .containsExactlyInAnyOrder("stored", "stored", "bundled", "received");
        assertThat(relay.as("operator")
                        .get("/v1/deliveries?underWay=true")
                        .json()
                        .findValuesAsString("id"))
                .doesNotContain(facts.id().toString());
        assertThat(relay.as("operator")
                        .postJson("/v1/redeliveries", "{\"recipient\":\"C0\",\"delivery\":\"" + facts.id() + "\"}")
                        .problem())
                .as("several sets of parties can use its id")
                .isEqualTo("request-malformed");
    }

    @Test
    void only_local_users_see_the_state_of_members() {
        delivered();
        world.client().answer(bundle -> Reply.problem(503, "about:blank"));
        redeliver();

        eventually(() -> !client("C0").get("reachable").asBoolean());

        assertThat(client("C0").at("/failure/nextTry").asString()).isNotEmpty();
        assertThat(client("C0").at("/key/until").asString()).isNotEmpty();
        assertThat(client("C0").has("lastContact")).isTrue();
        assertThat(client("C1").get("mode").asString()).isEqualTo("pull");
        var party = members().at("/parties/0");
        assertThat(party.get("name").asString()).isEqualTo("P0");
        assertThat(party.has("lastEnvelope")).isTrue();
        assertThat(party.get("bytes").asLong())
                .isPositive()
                .isLessThan(party.get("quota").asLong());
        assertThat(List.of(relay.as(P0), relay.as(C0)))
                .allSatisfy(
                        caller -> assertThat(caller.get("/v1/members").status()).isEqualTo(403));
    }

    private JsonNode members() {
        return relay.as("operator").get("/v1/members").json();
    }

    private JsonNode client(String name) {
        return members()
                .get("clients")
                .valueStream()
                .filter(client -> client.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
