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
import org.shareferry.delivery.RunId;
import org.shareferry.party.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Runs that were served, on a real database.
class SeenRunsTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder = Path.of("");

    private Stores stores() {
        return new Stores(folder, "a", clock);
    }

    private SeenRuns runs() {
        return new SeenRuns(JdbcClient.create(TestDatabase.source(folder.resolve("party.db"))), clock);
    }

    @Test
    void a_run_is_begun_once() {
        stores().migrate("latest");
        var run = new RunId(1, 2);

        assertThat(runs().begin(run)).isTrue();
        assertThat(runs().begin(run)).isFalse();
        assertThat(runs().begin(new RunId(1, 3))).isTrue();
    }

    @Test
    void of_two_connections_with_the_same_run_one_begins_it() throws Exception {
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
    void a_run_of_which_an_earlier_version_has_a_delivery_was_seen() throws Exception {
        var stores = stores();
        stores.migrate("1.80");
        stores.toNewNames();
        var handedOver = stores.sealed(1);
        stores.toOldNames();

        stores.migrate("latest");

        assertThat(runs().begin(handedOver.id().run())).isFalse();
    }
}
