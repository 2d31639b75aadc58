// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A database of the version before, with envelopes in it.
class CollectingTest {
    private static Flyway upTo(String url, String version) {
        return Flyway.configure()
                .dataSource(url, "", "")
                .locations("classpath:db/shareferry", "classpath:db/migration")
                .target(version)
                .load();
    }

    @Test
    void places_that_waited_before_the_migration_wait_since_their_first_envelope(@TempDir Path folder) {
        var url = "jdbc:sqlite:" + folder.resolve("relay.db");
        upTo(url, "1.1").migrate();
        var jdbc = JdbcClient.create(new DriverManagerDataSource(url));
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

        upTo(url, "1.2").migrate();

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
