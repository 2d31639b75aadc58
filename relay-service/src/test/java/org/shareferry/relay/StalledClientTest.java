// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.StubClient.Reply;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;

/// A client that takes connections and then stands still, or does not come to an end: its network was cut, or it means
/// it.
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StalledClientTest {
    private final SettableClock clock = new SettableClock();

    private World world;
    private RunningRelay relay;

    @BeforeAll
    void start(@TempDir Path folder) {
        world = new World(folder);
        world.client().start();
        relay = RunningRelay.start(
                world,
                clock,
                "shareferry.neighbours.answer-timeout=1s",
                "shareferry.neighbours.whole-answer-timeout=4s");
        await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);
    }

    @AfterAll
    void stop() {
        world.client().close();
        relay.close();
    }

    private DeliveryId submit() {
        var facts = Draft.delivery();
        for (var party : List.of(P0, P1)) {
            var envelope =
                    Draft.of(world, facts, party).createdAt(clock.instant()).seal();
            assertThat(relay.as(party).submit(envelope).status()).isEqualTo(202);
        }
        return facts.id();
    }

    private boolean isReceived(DeliveryId id) {
        var places = relay.as(P0).get("/v1/deliveries/" + id).json().get("places");
        return places.get("received").asInt() == 1;
    }

    private List<Bytes> pushed(DeliveryId id) {
        return world.client().bundles(id);
    }

    /// Time goes on until the condition holds, about as fast as for the client: a relay that waits while the clock
    /// runs ahead would be taken for dead.
    private void eventually(Callable<Boolean> condition) {
        await().until(() -> {
            clock.advance(Duration.ofMillis(200));
            return condition.call();
        });
    }

    private void firstAnswer(UnaryOperator<Reply> spoil) {
        var tries = new AtomicInteger();
        world.client().answer(bundle -> {
            var receipt = world.client().receiptFor(bundle);
            return tries.getAndIncrement() == 0 ? spoil.apply(receipt) : receipt;
        });
    }

    @Test
    void a_response_that_stops_is_abandoned_and_the_bundle_is_pushed_again() {
        firstAnswer(Reply::stoppingHalfway);

        var id = submit();

        eventually(() -> isReceived(id));
        assertThat(pushed(id)).hasSize(2);
    }

    @Test
    void a_response_that_is_too_slow_is_abandoned_and_the_bundle_is_pushed_again() {
        firstAnswer(reply -> reply.trickling(Duration.ofMillis(300)));

        var id = submit();

        eventually(() -> isReceived(id));
        assertThat(pushed(id)).hasSize(2);
    }

    @Test
    void a_long_response_is_read_completely() {
        firstAnswer(reply -> reply.trickling(Duration.ofMillis(4)));

        var id = submit();

        eventually(() -> isReceived(id));
        assertThat(pushed(id)).hasSize(1);
    }

    @Test
    void a_response_that_is_too_large_is_not_read_and_the_bundle_is_pushed_again() {
        firstAnswer(reply -> new Reply(reply.status(), reply.type(), Bytes.of(new byte[(4 << 20) + 1])));

        var id = submit();

        eventually(() -> isReceived(id));
        assertThat(pushed(id)).hasSize(2);
    }
}
