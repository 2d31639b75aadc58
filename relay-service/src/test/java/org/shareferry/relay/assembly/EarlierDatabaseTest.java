// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Databases of earlier versions.
class EarlierDatabaseTest {
    @Test
    void problem_types_become_relative_links(@TempDir Path folder) {
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("relay.db"));
        var jdbc = TestDatabase.migrate(source, "1.95");
        jdbc.sql("""
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, refusal_type)
                        VALUES ('a', 0, 0, 'C0', 'refused', 1, 1, 'urn:shareferry:problem:facts-differ'),
                            ('a', 0, 1, 'C0', 'refused', 1, 1, 'about:blank')""").update();
        jdbc.sql("""
                        INSERT INTO feed (number, delivery, state, type, size)
                        VALUES (1, 'a', 'refused', 'urn:shareferry:problem:facts-differ', 0)""").update();

        TestDatabase.migrate(source, "latest");

        assertThat(jdbc.sql("SELECT refusal_type FROM bundle ORDER BY idx")
                        .query(String.class)
                        .list())
                .containsExactly("/problem-types#facts-differ", "about:blank");
        assertThat(jdbc.sql("SELECT type FROM feed").query(String.class).single())
                .isEqualTo("/problem-types#facts-differ");
    }

    @Test
    void delivered_bundles_become_received_ones(@TempDir Path folder) {
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("relay.db"));
        var jdbc = TestDatabase.migrate(source, "1.115");
        jdbc.sql("""
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed)
                        VALUES ('a', 0, 0, 'C0', 'delivered', 1, 1), ('a', 0, 1, 'C0', 'waiting', 1, 1)""").update();

        TestDatabase.migrate(source, "latest");

        assertThat(jdbc.sql("SELECT state FROM bundle ORDER BY idx")
                        .query(String.class)
                        .list())
                .containsExactly("received", "waiting");
    }
}
