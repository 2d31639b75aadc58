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
import org.shareferry.client.check.CheckScheduler;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
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
    class Pulling extends PullModeTest {}

    @Nested
    class Results extends ResultsOverTlsTest {}

    @Nested
    class Answers extends InputsOverTlsTest {}

    @Nested
    class Expiring {
        private final SettableClock clock = new SettableClock();

        @Test
        void a_check_without_its_key_and_a_delivery_without_its_bundles_expire(@TempDir Path folder) {
            var members = new TestMembers(folder);
            SealingKey stolen;
            TestDelivery checked;
            try (var client = ClientHost.start(members, clock)) {
                stolen = client.sealingKey(clock);
                checked = TestDelivery.of(members, stolen, Scheme.BATCHED, 1, 2, 3);
                checked.bundles().forEach(client::received);
                awaitState(client, checked, "checked");
            }
            ClientHost.breakOffCheck(members, checked.key(), Optional.empty());

            try (var client = ClientHost.start(members, clock, "shareferry.client.revoked-keys=" + stolen.id())) {
                awaitState(client, checked, "expired");

                var incomplete = TestDelivery.of(members, client.sealingKey(clock), Scheme.COMMITTED, 1, 2, 3);
                client.received(incomplete.bundles().getFirst());
                clock.advance(Duration.ofDays(8));
                client.expire();
                awaitState(client, incomplete, "expired");
            }
        }

        @Test
        void a_check_that_cannot_be_made_now_is_put_off(@TempDir Path folder) {
            var members = new TestMembers(folder);
            TestDelivery made;
            try (var client = ClientHost.start(members, clock)) {
                made = TestDelivery.of(members, client.sealingKey(clock), Scheme.BATCHED, 1, 2, 3);
                made.bundles().forEach(client::received);
                awaitState(client, made, "checked");
                client.jdbc()
                        .sql("UPDATE envelope SET encoded = :junk")
                        .param("junk", new byte[9])
                        .update();
            }
            ClientHost.breakOffCheck(members, made.key(), Optional.empty());

            try (var client = ClientHost.start(members, clock)) {
                // Sooner than the end of the lease, and not at once.
                var now = clock.millis();
                await().until(() -> {
                    long until = client.jdbc()
                            .sql("SELECT check_until FROM delivery")
                            .query(Long.class)
                            .single();
                    return until > now && until < now + CheckScheduler.LEASE.toMillis();
                });
            }
        }

        private static void awaitState(ClientHost client, TestDelivery made, String state) {
            await().until(() ->
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
