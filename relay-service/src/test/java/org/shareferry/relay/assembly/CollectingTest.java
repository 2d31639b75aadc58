// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A database of the version before, with envelopes in it.
class CollectingTest {
    @Test
    void the_migration_records_incomplete_places_with_their_first_envelopes_time(@TempDir Path folder) {
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("relay.db"));
        var jdbc = TestDatabase.migrate(source, "1.1");
        for (var delivery : new String[] {"going", "expired"}) {
            jdbc.sql(
                            "INSERT INTO delivery (id, recipient, header, place_count, first_seen, last_change, expires, expired)"
                                    + " VALUES (:id, 'C0', X'00', 2, 1, 1, 9, :expired)")
                    .param("id", delivery)
                    .param("expired", delivery.equals("expired"))
                    .update();
            envelope(jdbc, delivery, 0, "P0", 1);
            envelope(jdbc, delivery, 0, "P1", 2);
            envelope(jdbc, delivery, 1, "P0", 4);
            envelope(jdbc, delivery, 1, "P1", 3);
            jdbc.sql("INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed)"
                            + " VALUES (:id, 0, 0, 'C0', 'waiting', 2, 2)")
                    .param("id", delivery)
                    .update();
        }

        TestDatabase.migrate(source, "1.2");

        assertThat(jdbc.sql("SELECT delivery, idx, since FROM collecting")
                        .query()
                        .listOfRows())
                .singleElement()
                .hasToString("{delivery=going, idx=1, since=3}");
    }

    private static void envelope(JdbcClient jdbc, String delivery, int index, String sender, int stored) {
        jdbc.sql("INSERT INTO envelope (delivery, kind, idx, sender, id, size, stored)"
                        + " VALUES (:delivery, 0, :idx, :sender, X'00', 1, :stored)")
                .param("delivery", delivery)
                .param("idx", index)
                .param("sender", sender)
                .param("stored", stored)
                .update();
    }
}
