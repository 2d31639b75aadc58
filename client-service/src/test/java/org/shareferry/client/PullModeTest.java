// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.StubRelay;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Bundle;
import org.shareferry.service.fixture.SettableClock;

/// A client that the relay cannot dial comes for its bundles itself.
class PullModeTest {
    @Test
    void it_announces_its_keys_pulls_bundles_and_brings_receipts_and_refusals(@TempDir Path folder) {
        var clock = new SettableClock();
        try (var relay = new StubRelay()) {
            var members = new TestMembers(folder, relay.port());
            relay.start(members);
            try (var client = ClientHost.start(members, clock, "shareferry.client.mode=pull")) {
                await().until(() -> !relay.announcements().isEmpty());
                var made = TestDelivery.of(members, client.sealingKey(clock), Scheme.BATCHED, 5, 6);
                made.bundles().forEach(relay::give);
                var facts = TestDelivery.facts(Scheme.ADDITIVE, 1);
                relay.give(new Bundle(
                        List.of(TestDelivery.blank(members, facts, TestMembers.P0, client.sealingKey(clock)))));

                await().until(() ->
                        client.result(made.id()).path("state").asString("").equals("checked"));
                await().until(() -> !relay.refusals().isEmpty());

                assertThat(client.result(made.id()).path("values").toString()).isEqualTo("[5,6]");
                assertThat(relay.receipts()).isNotEmpty();
                var refusal = relay.refusals().getFirst();
                assertThat(refusal.get("type").asString()).isEqualTo("/problem-types#bundle-incomplete");
                assertThat(refusal.get("delivery").asString())
                        .isEqualTo(facts.id().toString());
                assertThat(refusal.get("kind").asString()).isEqualTo("values");

                relay.sayOfDeliveries("""
                        {"deliveries": [{"id": "53b9abd5dfc3b9ff2723a929934da8c3-0", "recipient": "C0",
                         "parties": ["P0", "P1"], "label": "9007199254740993", "scheme": "batched", "count": 9, "state": "collecting",
                         "places": {"expected": 2, "bundled": 0, "received": 1, "refused": 0, "held": 0},
                         "waitingFor": ["P1"], "waitingSince": "2026-06-01T12:00:01Z", "of a later version": 1,
                         "firstSeen": "2026-06-01T12:00:00Z", "expires": "2026-06-08T12:00:00Z"}]}""");
                var underWay = client.as("user").get("/v1/under-way").json();
                assertThat(underWay.at("/deliveries/0/waitingFor/0").asString()).isEqualTo("P1");
                assertThat(underWay.at("/deliveries/0/label").asString()).isEqualTo("9007199254740993");
                assertThat(underWay.at("/deliveries/0/places/received").asLong())
                        .isEqualTo(1);
                assertThat(underWay.has("problem")).isFalse();
                relay.sayOfDeliveries("{\"deliveries\": [{}]}");
                assertThat(client.as("user")
                                .get("/v1/under-way")
                                .json()
                                .get("problem")
                                .asString())
                        .isEqualTo("R0 answered in a form that this version cannot read.");
                assertThat(client.as("user").get("/v1/overview").json().get("lastContact"))
                        .isNotNull();
            }
        }
    }
}
