// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.StubRelay;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.batch.CborSequence.Whole;
import org.shareferry.service.fixture.SettableClock;
import tools.jackson.dataformat.cbor.CBORMapper;

/// A client that the relay cannot dial brings its answers, until the relay has them.
class AnswerUploaderTest {
    @Test
    void it_brings_the_statement_and_the_masked_inputs_until_the_relay_takes_them(@TempDir Path folder)
            throws Exception {
        var clock = new SettableClock();
        try (var relay = new StubRelay()) {
            var members = new TestMembers(folder, relay.port());
            relay.start(members);
            relay.answerAnswers(503);
            try (var client = ClientHost.start(members, clock, "shareferry.client.mode=pull")) {
                clock.advance(Duration.ofSeconds(1));
                client.as("user")
                        .postJson(
                                "/v1/inputs",
                                "{\"label\":7,\"values\":[5,-7],\"parties\":[\"P0\",\"P1\"],\"protocols\":[\"spdz2k\"],"
                                        + "\"until\":\"2026-06-02T00:00:00Z\",\"bits\":64}");
                clock.advance(Duration.ofSeconds(1));
                var made = TestDelivery.of(members, client.sealingKey(clock), facts(), clock.instant(), 0x1234, 1);
                made.bundles().forEach(relay::give);

                await().until(() -> relay.answers().size() > 1);
                relay.answerAnswers(202);
                await().until(() -> client.jdbc()
                        .sql("SELECT COUNT(*) FROM answer WHERE brought")
                        .query(Long.class)
                        .single()
                        .equals(1L));

                var brought = relay.answers().getLast();
                assertThat(brought.query()).isEqualTo("delivery=" + made.id() + "&parties=P0,P1");
                assertThat(relay.answers()).as("always the same").containsOnly(brought);
                var items = new CborSequence(brought.body().stream(), 1 << 20).next(3, Long.MAX_VALUE);
                assertThat(items).hasSize(2);
                var statement = client.bean(CBORMapper.class)
                        .readValue(((Whole) items.getFirst()).content().toArray(), SignedInputStatement.class)
                        .verify(client.roster().current())
                        .orElseThrow();
                assertThat(statement.key()).isEqualTo(made.facts().key());
                assertThat(((Whole) items.getLast()).content())
                        .isEqualTo(Bytes.fromHex("3912000000000000" + "faffffffffffffff"));
            }
        }
    }

    @Test
    void answers_that_the_relay_does_not_take_keep_no_other_back(@TempDir Path folder) {
        var clock = new SettableClock();
        try (var relay = new StubRelay()) {
            var members = new TestMembers(folder, relay.port());
            relay.start(members);
            relay.answerAnswers(404);
            try (var client = ClientHost.start(members, clock, "shareferry.client.mode=pull")) {
                for (int number = 1; number <= 30; number++) {
                    client.jdbc()
                            .sql("INSERT INTO answer (delivery, counter, number, statement, signature, masked_size,"
                                    + " answered, envelopes_left, brought)"
                                    + " VALUES (:id, 0, :number, :bytes, :bytes, 0, :now, FALSE, FALSE)")
                            .param("id", "%032x-0,P0,P1".formatted(number))
                            .param("number", number)
                            .param("bytes", new byte[1])
                            .param("now", clock.millis())
                            .update();
                }

                await().until(() -> relay.answers().stream()
                        .anyMatch(answer -> answer.query().contains("%032x-0".formatted(30))));
            }
        }
    }

    private static DeliveryFacts facts() {
        return new DeliveryFacts(
                new DeliveryId(new RunId(5, 6), 0),
                new Shape(2, 2),
                new Domain.Ring(128, 64),
                Scheme.INPUT,
                0,
                7,
                TestMembers.C0,
                List.of(TestMembers.P0, TestMembers.P1),
                "spdz2k",
                true,
                true,
                1,
                64,
                Bytes.empty());
    }
}
