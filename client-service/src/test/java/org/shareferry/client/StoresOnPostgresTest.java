// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.check.Checks;
import org.shareferry.client.fixture.Made;
import org.shareferry.client.fixture.RunningClient;
import org.shareferry.client.fixture.World;
import org.shareferry.client.input.InputsOverTlsTest;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.Scheme;
import org.shareferry.service.fixture.OnPostgres;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.Statements;

/// The client-service starts on PostgreSQL and keeps there what it promises. This class is the last one of the
/// module, so that it sees what all of them have run.
@OnPostgres
@Order(Integer.MAX_VALUE)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class StoresOnPostgresTest {
    @Nested
    class Pulling extends PullingTest {}

    @Nested
    class Results extends ResultsOverTlsTest {}

    @Nested
    class Answers extends InputsOverTlsTest {}

    @Nested
    class Expiring {
        private final SettableClock clock = new SettableClock();

        @Test
        void a_check_without_its_key_and_a_delivery_without_its_bundles_expire(@TempDir Path folder) {
            var world = new World(folder);
            SealingKey stolen;
            Made checked;
            try (var client = RunningClient.start(world, clock)) {
                stolen = client.sealingKey(clock);
                checked = Made.of(world, stolen, Scheme.BATCHED, 1, 2, 3);
                checked.bundles().forEach(client::received);
                awaitState(client, checked, "checked");
            }
            RunningClient.breakOffCheck(world, checked.key(), Optional.empty());

            try (var client = RunningClient.start(world, clock, "shareferry.client.revoked-keys=" + stolen.id())) {
                awaitState(client, checked, "expired");

                var incomplete = Made.of(world, client.sealingKey(clock), Scheme.COMMITTED, 1, 2, 3);
                client.received(incomplete.bundles().getFirst());
                clock.advance(Duration.ofDays(8));
                client.expire();
                awaitState(client, incomplete, "expired");
            }
        }

        @Test
        void a_check_that_cannot_be_made_now_is_put_off(@TempDir Path folder) {
            var world = new World(folder);
            Made made;
            try (var client = RunningClient.start(world, clock)) {
                made = Made.of(world, client.sealingKey(clock), Scheme.BATCHED, 1, 2, 3);
                made.bundles().forEach(client::received);
                awaitState(client, made, "checked");
                client.jdbc()
                        .sql("UPDATE envelope SET encoded = :junk")
                        .param("junk", new byte[9])
                        .update();
            }
            RunningClient.breakOffCheck(world, made.key(), Optional.empty());

            try (var client = RunningClient.start(world, clock)) {
                // Sooner than the end of the lease, and not at once.
                var now = clock.millis();
                await().atMost(RunningClient.patience()).until(() -> {
                    long until = client.jdbc()
                            .sql("SELECT check_until FROM delivery")
                            .query(Long.class)
                            .single();
                    return until > now && until < now + Checks.LEASE.toMillis();
                });
            }
        }

        private static void awaitState(RunningClient client, Made made, String state) {
            await().atMost(RunningClient.patience())
                    .until(() ->
                            client.result(made.id()).path("state").asString("").equals(state));
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
