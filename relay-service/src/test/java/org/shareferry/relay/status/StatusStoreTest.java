// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.relay.fixture.Database;
import org.shareferry.relay.fixture.Draft;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.web.DeliveryCursor;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deliveries as they are read from the database.
class StatusStoreTest {
    private static final KeyId KEY = new KeyId(Bytes.of(new byte[Sha256.SIZE]));

    private static byte[] header(DeliveryFacts facts) {
        return new Header(facts, new Place(Kind.VALUES, 0), World.P0, KEY, KEY, SettableClock.START)
                .encode()
                .toArray();
    }

    private static void insert(JdbcClient jdbc, String id, String key, byte[] header) {
        jdbc.sql("INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,"
                        + " expires) VALUES (:key, :id, 'C0', :header, 2, 1, 1, 9)")
                .param("key", key)
                .param("id", id)
                .param("header", header)
                .update();
    }

    @Test
    void a_delivery_that_cannot_be_read_is_left_out_of_lists(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var meters = new SimpleMeterRegistry();
        var store = new StatusStore(jdbc, new ReadableRows(meters), new SettableClock());
        var good = Draft.delivery();
        var bad = "00000000000000070000000000000000-1000000000000000000";
        insert(jdbc, bad, bad + ",P0,P1", new byte[] {1});
        insert(jdbc, good.id().toString(), good.key().toString(), header(good));
        var start = DeliveryCursor.parse("");

        assertThat(store.page(Optional.empty(), start, 1))
                .extracting(DeliveryStatus::id)
                .containsExactly(good.id());
        assertThat(store.page(Optional.of(World.C0), start, 1))
                .extracting(DeliveryStatus::id)
                .containsExactly(good.id());
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(2);
    }
}
