// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.StubRelay;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.inbox.BundlePuller.Turn;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Bundle;
import org.shareferry.service.fixture.SettableClock;

/// How a turn of pulling ends, whatever the relay gives. The service itself does not pull here.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BundlePullerTest {
    private final SettableClock clock = new SettableClock();
    private final StubRelay relay = new StubRelay();
    private TestMembers members;
    private ClientHost client;

    @BeforeAll
    void start(@TempDir Path folder) {
        members = new TestMembers(folder, relay.port());
        relay.start(members);
        relay.hurry();
        client = ClientHost.start(members, clock);
    }

    @AfterAll
    void stop() {
        client.close();
        relay.close();
    }

    @BeforeEach
    void forgetWhatCameBack() {
        relay.receipts().clear();
        relay.refusals().clear();
        relay.answerOutcomes(204);
    }

    private Turn turn() {
        return client.bean(BundlePuller.class).turn();
    }

    private TestDelivery made(Scheme scheme, long... values) {
        return TestDelivery.of(members, client.sealingKey(clock), scheme, values);
    }

    @Test
    void new_bundles_get_their_outcomes_together_and_the_next_turn_follows_at_once() {
        made(Scheme.ADDITIVE, 1, 2, 3, 4, 5, 6, 7, 8).bundles().forEach(relay::give);
        relay.give(new Bundle(
                made(Scheme.ADDITIVE, 1).bundles().getFirst().envelopes().subList(0, 1)));

        assertThat(turn()).isEqualTo(Turn.NEW);

        assertThat(relay.receipts()).as("one for both bundles of the delivery").hasSize(1);
        assertThat(relay.refusals()).hasSize(1);
        assertThat(relay.refusals().getFirst().path("type").asString()).isEqualTo("/problem-types#bundle-incomplete");
    }

    @Test
    void repeated_bundles_get_their_receipt_after_a_pause() {
        var bundle = made(Scheme.ADDITIVE, 1).bundles().getFirst();
        relay.give(bundle);
        turn();
        var receipt = relay.receipts().getFirst();

        relay.give(bundle);

        assertThat(turn()).isEqualTo(Turn.NOTHING_NEW);
        assertThat(relay.receipts().getLast()).isEqualTo(receipt);
    }

    @Test
    void an_immediate_empty_response_is_a_failure() {
        assertThat(turn()).isEqualTo(Turn.FAILED);
    }

    @Test
    void an_item_that_is_no_bundle_is_a_failure_and_does_not_affect_other_bundles() {
        relay.give(Bytes.ascii("junk"));
        assertThat(turn()).isEqualTo(Turn.FAILED);

        relay.give(Bytes.ascii("junk"));
        relay.give(made(Scheme.ADDITIVE, 1).bundles().getFirst());
        assertThat(turn()).isEqualTo(Turn.NEW);
        assertThat(relay.receipts()).hasSize(1);
    }

    @Test
    void a_relay_that_refuses_the_outcomes_is_a_failure_whatever_retry_after_it_names() {
        relay.answerOutcomes(503);
        relay.give(made(Scheme.ADDITIVE, 1).bundles().getFirst());

        assertThat(turn()).isEqualTo(Turn.FAILED);
    }

    @Test
    void only_new_bundles_are_followed_by_no_pause() {
        var puller = client.bean(BundlePuller.class);

        assertThat(puller.pauseAfter(Turn.NEW, 0)).isZero();
        assertThat(puller.pauseAfter(Turn.NOTHING_NEW, 0)).isPositive();
        assertThat(puller.pauseAfter(Turn.FAILED, 1)).isPositive();
        assertThat(puller.pauseAfter(Turn.FAILED, 20)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    }
}
