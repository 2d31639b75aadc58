// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.relay.fixture.World.P0;
import static org.shareferry.relay.fixture.World.P1;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.OnPostgres;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.Statements;

/// The relay starts on PostgreSQL and keeps there what it promises. This class is the last one of the module, so
/// that it sees what all of them have run.
@OnPostgres
@Order(Integer.MAX_VALUE)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class StoresOnPostgresTest {
    @Nested
    class Submitting extends SubmissionOverTlsTest {}

    @Nested
    class Pushing extends PushOverTlsTest {}

    @Nested
    class Pulling extends PullOverTlsTest {}

    @Nested
    class BringingAgain extends RedeliveryTest {}

    @Nested
    class Crowded {
        @Test
        void metrics_are_reported_and_received_content_is_released(@TempDir Path folder) throws Exception {
            var world = new World(folder);
            var facts = Draft.delivery();
            var envelopes = Stream.of(P0, P1)
                    .flatMap(party -> Stream.of(0, 1)
                            .map(index ->
                                    Draft.of(world, facts, party).at(index).seal()))
                    .toList();
            long two = 2L * envelopes.getFirst().encode().size();
            var clock = new SettableClock();
            try (var client = world.client().start();
                    var relay = RunningRelay.start(world, clock, "shareferry.relay.quota=" + two + "B")) {
                await().until(() -> relay.as(P0).get("/v1/members/C0/keys").status() == 200);

                for (var envelope : envelopes.subList(0, 2)) {
                    assertThat(relay.as(P0).submit(envelope).status()).isEqualTo(202);
                }
                var oneMore = Draft.of(world, Draft.delivery(), P0).seal();
                assertThat(relay.as(P0).submit(oneMore).problem()).isEqualTo("quota-used-up");
                for (var envelope : envelopes.subList(2, 4)) {
                    assertThat(relay.as(P1).submit(envelope).status()).isEqualTo(202);
                }
                await().until(() -> {
                    // A client that could not be reached is left alone for a moment.
                    clock.advance(Duration.ofSeconds(1));
                    return client.bundles().size() >= 2;
                });
                assertThat(relay.managed("/actuator/prometheus").text())
                        .contains("shareferry_envelopes_oldest_age_seconds");

                await().until(() -> {
                    relay.tidy();
                    return relay.stored(facts.id()) == 0;
                });
            }
        }
    }

    @Nested
    @Order(Integer.MAX_VALUE)
    class Afterwards {
        @Test
        void every_sql_statement_of_the_service_has_run_on_postgresql() throws Exception {
            assertThat(Statements.notRunOnPostgres()).isEmpty();
        }
    }
}
