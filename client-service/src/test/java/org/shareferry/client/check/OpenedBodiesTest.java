// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.service.fixture.SettableClock;

class OpenedBodiesTest {
    private static final int AROUND = OpenedBodies.AROUND;
    private static final int ROOM = 2_000;

    private final SettableClock clock = new SettableClock();
    private final OpenedBodies bodies = new OpenedBodies(ROOM, clock);

    private static EnvelopeId id(String text) {
        return new EnvelopeId(Sha256.of(Bytes.ascii(text)));
    }

    private static DeliveryFacts facts() {
        return TestDelivery.facts(Scheme.ADDITIVE, 1);
    }

    private SecretBytes keep(DeliveryFacts facts, String id, int size) {
        var body = SecretBytes.random(size);
        bodies.keep(facts, Map.of(id(id), body));
        return body;
    }

    private static void assertWiped(SecretBytes body) {
        assertThatThrownBy(body::reveal).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void taken_bodies_are_found_by_the_ids_of_their_envelopes_and_wiped_when_closed() {
        var facts = facts();
        var body = keep(facts, "a", 100);

        try (var taken = bodies.take(facts.key())) {
            assertThat(taken.find(id("a"))).contains(body);
            assertThat(taken.find(id("b"))).isEmpty();
            assertThat(bodies.has(facts.key())).isFalse();
            assertThat(bodies.bytes()).as("still in memory").isEqualTo(AROUND + 100);
        }

        assertWiped(body);
        assertThat(bodies.bytes()).isZero();
    }

    @Test
    void the_oldest_delivery_is_evicted_and_wiped() {
        var first = facts();
        var second = facts();
        var oldest = keep(first, "a", 600);
        var younger = keep(second, "b", 600);

        keep(facts(), "c", 600);

        assertWiped(oldest);
        assertThat(bodies.has(first.key())).isFalse();
        assertThat(bodies.has(second.key())).isTrue();
        assertThat(younger.reveal()).hasSize(600);
        assertThat(bodies.bytes()).isEqualTo(2 * (AROUND + 600));
    }

    @Test
    void bodies_that_a_check_has_taken_are_not_evicted_and_count() {
        var facts = facts();
        var body = keep(facts, "a", 1_200);
        try (var taken = bodies.take(facts.key())) {
            var other = facts();

            var without = keep(other, "b", 600);

            assertThat(taken.find(id("a")).orElseThrow().reveal()).hasSize(1_200);
            assertThat(body.reveal()).hasSize(1_200);
            assertWiped(without);
            assertThat(bodies.has(other.key())).isFalse();
        }
    }

    @Test
    void a_delivery_that_needs_a_large_part_of_the_limit_is_not_kept() {
        // 16 bytes for each value of each party.
        var large = TestDelivery.facts(Scheme.ADDITIVE, 16);

        assertWiped(keep(large, "a", 100));
        assertThat(bodies.bytes()).isZero();
    }

    @Test
    void many_short_bodies_take_no_more_memory_than_few_long_ones() {
        for (int i = 0; i < 100; i++) {
            keep(facts(), "body " + i, 1);
        }

        assertThat(bodies.bytes()).isEqualTo(ROOM / (AROUND + 1) * (AROUND + 1));
    }

    @Test
    void the_same_body_twice_is_kept_once() {
        var facts = facts();
        var first = keep(facts, "a", 100);

        var again = keep(facts, "a", 100);

        assertWiped(again);
        assertThat(first.reveal()).hasSize(100);
        assertThat(bodies.bytes()).isEqualTo(AROUND + 100);
    }

    @Test
    void bodies_that_wait_long_for_the_rest_of_their_delivery_are_wiped() {
        var old = keep(facts(), "a", 100);
        clock.advance(Duration.ofSeconds(50));
        var young = keep(facts(), "b", 100);
        clock.advance(Duration.ofSeconds(20));

        bodies.wipeOld();

        assertWiped(old);
        assertThat(young.reveal()).hasSize(100);
    }

    @Test
    void a_stop_wipes_all_bodies() {
        var body = keep(facts(), "a", 100);

        bodies.close();

        assertWiped(body);
    }
}
