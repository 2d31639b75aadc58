// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Runs in a real database.
class SeenRunsTest {
    private final SettableClock clock = SettableClock.ticking();

    @TempDir
    private Path folder = Path.of("");

    private Stores stores() {
        return new Stores(folder, "a", clock);
    }

    private SeenRuns runs() {
        return new SeenRuns(JdbcClient.create(TestDatabase.source(folder.resolve("party.db"))), clock);
    }

    @Test
    void a_run_can_begin_once() {
        stores().migrate("latest");
        var run = new RunId(1, 2);

        assertThat(runs().begin(run)).isTrue();
        assertThat(runs().begin(run)).isFalse();
        assertThat(runs().begin(new RunId(1, 3))).isTrue();
    }

    @Test
    void only_one_of_two_connections_begins_the_same_run() throws Exception {
        stores().migrate("latest");
        for (int round = 0; round < 5; round++) {
            var run = new RunId(7, round);
            var begin = new CyclicBarrier(2);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var begun = List.of(runs(), runs()).stream()
                        .map(runs -> threads.submit(() -> {
                            begin.await();
                            return runs.begin(run);
                        }))
                        .toList();

                assertThat(begun.getFirst().get()).isNotEqualTo(begun.getLast().get());
            }
        }
    }

    @Test
    void a_run_with_a_delivery_of_an_earlier_version_cannot_begin() throws Exception {
        var stores = stores();
        stores.migrate("1.80");
        stores.jdbc.sql("""
                        INSERT INTO delivery (id, recipient, value_count, values_per_chunk, domain, scheme,
                            fixed_precision, label, parties, protocol, macs_checked, state, holder, created, changed,
                            expires, sealed, submitted, received, number)
                        VALUES ('53b9abd5dfc3b9ff2723a929934da8c3-0', 'C0', 1, 1, 'ring 128/64', 'additive', 0, 0,
                            'P0 P1', 'spdz2k', FALSE, 'received', 'main', 1, 1, 2, 1, 1, 1, 1)
                        """).update();

        stores.migrate("latest");

        var run = DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-0").run();
        assertThat(runs().begin(run)).isFalse();
    }
}
