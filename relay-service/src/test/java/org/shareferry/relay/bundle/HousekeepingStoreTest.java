// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.RelayProperties;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.fixture.Database;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// What is over goes, whatever its name.
class HousekeepingStoreTest {
    private static <T> T bind(String prefix, Class<T> type) {
        var source = new MapConfigurationPropertySource(Map.of(
                "shareferry.member", "R0",
                "shareferry.roster", "roster.json",
                "shareferry.identity-key", "identity",
                "shareferry.relay.retention", "1h"));
        return new Binder(source).bind(prefix, type).get();
    }

    @Test
    void a_delivered_bundle_with_an_id_that_cannot_be_read_is_released(@TempDir Path folder) {
        var jdbc = Database.in(folder);
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("fresh.db"));
        var store = new HousekeepingStore(
                jdbc,
                new Feed(
                        jdbc, new CommitNumbers(jdbc, new CommitSignal()), new ReadableRows(new SimpleMeterRegistry())),
                new DataSourceTransactionManager(source),
                new SettableClock(),
                bind("shareferry.relay", RelayProperties.class),
                bind("shareferry", ServiceProperties.class));
        for (var statement : new String[] {
            "INSERT INTO delivery (id, recipient, header, place_count, first_seen, last_change, expires)"
                    + " VALUES (:id, 'C0', X'00', 1, 1, 1, 9)",
            "INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed)"
                    + " VALUES (:id, 0, 0, 'C0', 'delivered', 2, 2)",
            "INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored)"
                    + " VALUES (:id, 0, 0, 'P2', X'01', X'02', 1, 1)"
        }) {
            jdbc.sql(statement)
                    .param("id", "53b9abd5dfc3b9ff2723a929934da8c3-1000000000000000000,P0,P1")
                    .update();
        }

        store.releaseDelivered();

        assertThat(jdbc.sql("SELECT COUNT(*) FROM envelope WHERE encoded IS NULL")
                        .query(Integer.class)
                        .single())
                .isOne();
    }
}
