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

/// A database of a version that stored the types of problems as URNs.
class EarlierProblemTypesTest {
    private static Flyway upTo(String url, String version) {
        return Flyway.configure()
                .dataSource(url, "", "")
                .locations("classpath:db/shareferry", "classpath:db/migration")
                .target(version)
                .load();
    }

    @Test
    void become_the_types_of_this_version(@TempDir Path folder) {
        var url = "jdbc:sqlite:" + folder.resolve("relay.db");
        upTo(url, "1.95").migrate();
        var jdbc = JdbcClient.create(new DriverManagerDataSource(url));
        jdbc.sql("""
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, refusal_type)
                        VALUES ('a', 0, 0, 'C0', 'refused', 1, 1, 'urn:shareferry:problem:facts-differ'),
                            ('a', 0, 1, 'C0', 'refused', 1, 1, 'about:blank')""").update();
        jdbc.sql("""
                        INSERT INTO feed (number, delivery, state, type, size)
                        VALUES (1, 'a', 'refused', 'urn:shareferry:problem:facts-differ', 0)""").update();

        upTo(url, "latest").migrate();

        assertThat(jdbc.sql("SELECT refusal_type FROM bundle ORDER BY idx")
                        .query(String.class)
                        .list())
                .containsExactly("/problem-types#facts-differ", "about:blank");
        assertThat(jdbc.sql("SELECT type FROM feed").query(String.class).single())
                .isEqualTo("/problem-types#facts-differ");
    }
}
