// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.SealingKey;
import org.shareferry.service.fixture.SettableClock;

/// Whoever can time the client, as the relay can through its answers, does not learn whether a check held.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RejectedInTimeTest {
    private final SettableClock clock = new SettableClock();
    private TestMembers members;
    private ClientHost client;
    private SealingKey key;

    @BeforeAll
    void start(@TempDir Path temporary) {
        members = new TestMembers(temporary);
        client = ClientHost.start(members, clock);
        key = client.sealingKey(clock);
    }

    @AfterAll
    void stop() {
        client.close();
    }

    private void awaitChecked(TestDelivery made) {
        await().pollInterval(Duration.ofMillis(20))
                .until(() -> column("state", made).equals("checked"));
    }

    private String column(String name, TestDelivery made) {
        return client.jdbc()
                .sql("SELECT " + name + " FROM delivery WHERE id = :id")
                .param("id", made.key())
                .query((row, number) -> String.valueOf(row.getString(1)))
                .single();
    }

    @Test
    void a_rejected_delivery_is_opened_again_as_a_verified_one_is() {
        for (long first : new long[] {2, 3}) {
            var made = Probe.of(members, key, first, 1, 1, 1, 5);
            made.bundles().forEach(client::received);
            awaitChecked(made);
            assertThat(column("verdict", made)).isEqualTo(first % 2 == 0 ? "VERIFIED" : "REJECTED");
            client.jdbc()
                    .sql("UPDATE delivery SET state = 'checking', check_seed = :seed WHERE id = :id")
                    .param("seed", new byte[32])
                    .param("id", made.key())
                    .update();
            client.jdbc()
                    .sql("DELETE FROM envelope WHERE delivery = :id AND idx = 1 AND sender = 'P1'")
                    .param("id", made.key())
                    .update();

            // The second pass alone is left to do, and it wants every envelope.
            assertThatThrownBy(() ->
                            client.bean(DeliveryCheck.class).run(made.facts().key()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("lacks envelopes");
        }
    }
}
