// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

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
    void every_row_survives_under_the_id_and_the_parties_of_its_delivery(@TempDir Path folder) {
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("client.db") + "?foreign_keys=true");
        var jdbc = TestDatabase.migrate(source, "1.1");
        for (var statement : new String[] {
            "INSERT INTO delivery (id, header, place_count, received, state, check_seed, first_seen, changed, expires)"
                    + " VALUES (:id, X'00', 1, 1, 'checking', X'05', 1, 2, 9)",
            "INSERT INTO envelope (delivery, kind, idx, sender, id, encoded)"
                    + " VALUES (:id, 0, 0, 'P10', X'01', X'02'), (:id, 0, 0, 'P2', X'03', X'04'),"
                    + " (:id, 0, 1, 'P2', X'05', X'06')",
            "INSERT INTO receipt (delivery, kind, idx, receipt, signature) VALUES (:id, 0, 0, X'07', X'08')",
            "INSERT INTO value_chunk (delivery, idx, raw) VALUES (:id, 0, X'09')",
            "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                    + " VALUES ('check-delivery', :id, 1, FALSE, 1)"
        }) {
            jdbc.sql(statement).param("id", ID).update();
        }

        TestDatabase.migrate(source, "1.10");

        assertThat(row(jdbc, "SELECT id, delivery_id, state, changed FROM delivery"))
                .isEqualTo("{id=" + KEY + ", delivery_id=" + ID + ", state=checking, changed=2}");
        assertThat(row(jdbc, "SELECT delivery, COUNT(*) AS count FROM envelope GROUP BY delivery"))
                .isEqualTo("{delivery=" + KEY + ", count=3}");
        assertThat(row(jdbc, "SELECT delivery FROM receipt")).isEqualTo("{delivery=" + KEY + "}");
        assertThat(row(jdbc, "SELECT delivery FROM value_chunk")).isEqualTo("{delivery=" + KEY + "}");
        assertThat(row(jdbc, "SELECT task_instance FROM scheduled_tasks")).isEqualTo("{task_instance=" + KEY + "}");
    }

    private static String row(JdbcClient jdbc, String query) {
        return jdbc.sql(query).query().singleRow().toString();
    }
}
