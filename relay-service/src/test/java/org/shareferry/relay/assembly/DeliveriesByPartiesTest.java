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

/// A database of the version before, in which an id alone named a delivery.
class DeliveriesByPartiesTest {
    private static final String ID = "53b9abd5dfc3b9ff2723a929934da8c3-0";
    private static final String KEY = ID + ",P2,P10";

    @Test
    void the_migration_keeps_every_row_under_the_new_key(@TempDir Path folder) {
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("relay.db") + "?foreign_keys=true");
        var jdbc = TestDatabase.migrate(source, "1.2");
        for (var statement : new String[] {
            "INSERT INTO delivery (id, recipient, header, place_count, first_seen, last_change, expires)"
                    + " VALUES (:id, 'C0', X'00', 3, 1, 1, 9)",
            "INSERT INTO delivery_party (delivery, party, stored) VALUES (:id, 'P10', 1), (:id, 'P2', 2)",
            "INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored)"
                    + " VALUES (:id, 0, 0, 'P2', X'01', X'02', 1, 1)",
            "INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed)"
                    + " VALUES (:id, 0, 1, 'C0', 'waiting', 2, 2)",
            "INSERT INTO collecting (delivery, kind, idx, since) VALUES (:id, 0, 0, 1)",
            "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                    + " VALUES ('push-bundle', :id || '/values/1', 1, FALSE, 1)"
        }) {
            jdbc.sql(statement).param("id", ID).update();
        }

        TestDatabase.migrate(source, "1.10");

        assertThat(rows(jdbc, "SELECT id, delivery_id, expires FROM delivery"))
                .isEqualTo("{id=" + KEY + ", delivery_id=" + ID + ", expires=9}");
        assertThat(rows(jdbc, "SELECT delivery, party FROM delivery_party WHERE party = 'P2'"))
                .isEqualTo("{delivery=" + KEY + ", party=P2}");
        for (var table : new String[] {"envelope", "bundle", "collecting"}) {
            assertThat(rows(jdbc, "SELECT delivery, expires FROM " + table))
                    .as(table)
                    .isEqualTo("{delivery=" + KEY + ", expires=9}");
        }
        assertThat(jdbc.sql("SELECT * FROM scheduled_tasks").query().listOfRows())
                .isEmpty();
    }

    private static String rows(JdbcClient jdbc, String query) {
        return jdbc.sql(query).query().singleRow().toString();
    }
}
