// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.fixture.Database;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Bundles as they are read from the database.
class DispatchStoreTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SettableClock clock = new SettableClock();

    private static void insert(JdbcClient jdbc, String delivery, int made) {
        jdbc.sql("INSERT INTO delivery (id, recipient, header, place_count, first_seen, last_change, expires)"
                        + " VALUES (:id, 'C0', X'00', 2, 1, 1, 9000000000000)")
                .param("id", delivery)
                .update();
        jdbc.sql("INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, expires)"
                        + " VALUES (:id, 0, 1, 'C0', 'waiting', :made, 2, 9000000000000)")
                .param("id", delivery)
                .param("made", made)
                .update();
    }

    @Test
    void a_bundle_with_an_unreadable_id_is_skipped(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var store = new DispatchStore(jdbc, new ReadableRows(meters), clock);
        var good = Draft.delivery().key();
        insert(jdbc, "53b9abd5dfc3b9ff2723a929934da8c3-1000000000000000000,P0,P1", 1);
        insert(jdbc, good.toString(), 2);

        assertThat(store.waitingFor(World.C0, 1))
                .extracting(DispatchStore.Waiting::key)
                .containsExactly(new BundleKey(good, new Place(Kind.VALUES, 1)));
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(1);
    }
}
