// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.SettableClock;

/// A client-service for tests of the bundles that it receives: one for each class.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InboxFixture {
    final SettableClock clock = new SettableClock();
    TestMembers members;
    ClientHost client;
    SealingKey key;

    @BeforeAll
    void start(@TempDir Path folder) {
        members = new TestMembers(folder);
        client = ClientHost.start(members, clock);
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    static DeliveryFacts facts() {
        return TestDelivery.facts(Scheme.BATCHED, 4);
    }

    Bundle blank(DeliveryFacts ofP0, DeliveryFacts ofP1) {
        return new Bundle(List.of(
                TestDelivery.blank(members, ofP0, TestMembers.P0, key),
                TestDelivery.blank(members, ofP1, TestMembers.P1, key)));
    }

    Caller.Reply bring(Bytes... items) {
        var sequence = new ByteArrayOutputStream();
        for (var piece : CborSequence.pieces(Stream.of(items).map(BatchItem::of).toList())) {
            sequence.writeBytes(piece.toArray());
        }
        return client.as("R0").post("/v1/bundles", CborSequence.MEDIA_TYPE, Bytes.of(sequence.toByteArray()));
    }

    static List<Integer> statuses(Caller.Reply reply) {
        return reply.json()
                .path("outcomes")
                .valueStream()
                .map(outcome -> outcome.path("status").asInt())
                .toList();
    }

    Bundle pair(DeliveryFacts facts, Envelope ofP1) {
        return new Bundle(List.of(TestDelivery.blank(members, facts, TestMembers.P0, key), ofP1));
    }

    static void refused(Caller.Reply reply, int status, String problem) {
        assertThat(reply.problem()).isEqualTo(problem);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
    }
}
