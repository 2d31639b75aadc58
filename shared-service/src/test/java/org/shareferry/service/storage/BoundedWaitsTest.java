// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// However a database fails, nobody waits for it longer than neighbours wait for an answer.
class BoundedWaitsTest {
    private static final Duration MOST = Duration.ofSeconds(20);

    private static HikariDataSource source(String url) {
        var source = new HikariDataSource();
        source.setJdbcUrl(url);
        return source;
    }

    @Test
    void waiting_for_an_unresponsive_postgresql_ends() {
        var source = source("jdbc:postgresql://localhost/party");

        StorageConfiguration.bound(source);

        assertThat(source.getConnectionTimeout()).isPositive().isLessThan(MOST.toMillis());
        for (var timeout : new String[] {"connectTimeout", "socketTimeout"}) {
            assertThat(Long.parseLong(source.getDataSourceProperties().getProperty(timeout)))
                    .as(timeout)
                    .isPositive()
                    .isLessThan(MOST.toSeconds());
        }
    }

    @Test
    void waiting_for_a_free_sqlite_connection_ends(@TempDir Path folder) {
        var source = source("jdbc:sqlite:" + folder.resolve("party.db"));

        StorageConfiguration.bound(source);

        long lock = Long.parseLong(source.getDataSourceProperties().getProperty("busy_timeout"));
        assertThat(source.getConnectionTimeout() + lock).isLessThan(MOST.toMillis());
    }

    @Test
    void an_operators_setting_is_kept() {
        var source = source("jdbc:postgresql://localhost/party");
        source.setConnectionTimeout(1_000);
        source.addDataSourceProperty("socketTimeout", "60");

        StorageConfiguration.bound(source);

        assertThat(source.getConnectionTimeout()).isEqualTo(1_000);
        assertThat(source.getDataSourceProperties()).containsEntry("socketTimeout", "60");
    }
}
