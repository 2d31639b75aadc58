// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.Made;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Results as they are read from the database.
class ResultStoreTest {
    private static final KeyId KEY = new KeyId(Bytes.of(new byte[Sha256.SIZE]));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static JdbcClient database(Path folder) {
        var source = new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("client.db"));
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/shareferry", "classpath:db/migration")
                .load()
                .migrate();
        return JdbcClient.create(source);
    }

    private static byte[] header(DeliveryFacts facts) {
        var sender = facts.parties().getFirst();
        return new Header(facts, new Place(Kind.VALUES, 0), sender, KEY, KEY, SettableClock.START)
                .encode()
                .toArray();
    }

    private static void insert(JdbcClient jdbc, String id, int change, byte[] header) {
        jdbc.sql("INSERT INTO delivery (id, header, place_count, received, state, first_seen, changed, expires,"
                        + " change_number) VALUES (:id, :header, 2, 0, 'receiving', 1, 1, 9, :change)")
                .param("change", change)
                .param("id", id)
                .param("header", header)
                .update();
    }

    @Test
    void a_result_that_cannot_be_read_is_left_out_of_lists_and_counted(@TempDir Path folder) {
        var jdbc = database(folder);
        var store = new ResultStore(jdbc, new ReadableRows(meters));
        var good = Made.facts(Scheme.ADDITIVE, 2);
        insert(jdbc, "0-of-another-version", 1, new byte[] {1});
        insert(jdbc, good.id().toString(), 2, header(good));

        assertThat(store.page("", 1)).extracting(Result::id).isEqualTo(List.of(good.id()));
        assertThat(store.changedAfter(0, 1)).extracting(Result::id).isEqualTo(List.of(good.id()));
        assertThat(meters.counter("shareferry.rows.unreadable").count()).isEqualTo(2);
    }
}
