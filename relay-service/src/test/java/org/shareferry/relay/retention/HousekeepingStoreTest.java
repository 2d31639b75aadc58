// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.fixture.Database;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestSettings;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.site.settings.RelayProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// What is over goes, whatever its name, and only what is over still when it goes.
class HousekeepingStoreTest {
    private static final String ID = "53b9abd5dfc3b9ff2723a929934da8c3-1000000000000000000,P0,P1";

    private final SettableClock clock = new SettableClock();
    private Runnable meanwhile = () -> {};
    private JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource());
    private HousekeepingStore store = store(new DataSourceTransactionManager());

    private HousekeepingStore store(DataSourceTransactionManager transactions) {
        return new HousekeepingStore(
                jdbc,
                new Feed(
                        jdbc,
                        new CommitNumbers(jdbc, new CommitSignal()),
                        new ReadableRows(new SimpleMeterRegistry()),
                        Clock.systemUTC()),
                Database.answers(jdbc, transactions, bind("shareferry.relay", RelayProperties.class), clock),
                new TransactionTemplate(transactions),
                clock,
                bind("shareferry.relay", RelayProperties.class),
                bind("shareferry", ServiceProperties.class));
    }

    private static <T> T bind(String prefix, Class<T> type) {
        return TestSettings.binder(Map.of(
                        "shareferry.member", "R0",
                        "shareferry.roster", "roster.json",
                        "shareferry.identity-key", "identity",
                        "shareferry.relay.retention", "1h"))
                .bind(prefix, type)
                .get();
    }

    /// What happens between the look for rows and the transaction.
    private final class Interrupted extends DataSourceTransactionManager {
        private static final long serialVersionUID = 1L;

        Interrupted(DataSource source) {
            super(source);
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            meanwhile.run();
            super.doBegin(transaction, definition);
        }
    }

    @BeforeEach
    void oneDelivery(@TempDir Path folder) {
        jdbc = Database.in(folder);
        store = store(new Interrupted(new DriverManagerDataSource("jdbc:sqlite:" + folder.resolve("fresh.db"))));
        for (var statement : new String[] {
            "INSERT INTO delivery (id, recipient, header, place_count, first_seen, last_change, expires, settled)"
                    + " VALUES (:id, 'C0', X'00', 1, 1, 1, 9, TRUE)",
            "INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, expires)"
                    + " VALUES (:id, 0, 0, 'C0', 'received', 2, 2, 9)",
            "INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored)"
                    + " VALUES (:id, 0, 0, 'P2', X'01', X'02', 1, 1)"
        }) {
            jdbc.sql(statement).param("id", ID).update();
        }
    }

    private int count(String what) {
        return jdbc.sql("SELECT COUNT(*) FROM " + what).query(Integer.class).single();
    }

    private void change(String statement) {
        jdbc.sql(statement).update();
    }

    @Test
    void a_received_bundle_with_an_unreadable_id_is_released() {
        store.releaseReceived();

        assertThat(count("envelope WHERE encoded IS NULL")).isOne();
    }

    @Test
    void ended_deliveries_are_deleted() {
        while (store.forget()) {
            // In small steps.
        }

        assertThat(count("delivery")).isZero();
    }

    @Test
    void a_delivery_with_a_concurrent_envelope_is_not_deleted() {
        meanwhile = () -> change("UPDATE delivery SET settled = FALSE, expires = " + clock.millis());

        assertThat(store.forget()).isTrue();
        assertThat(store.forget()).isFalse();

        assertThat(count("envelope WHERE encoded IS NOT NULL")).isOne();
        assertThat(count("delivery")).isOne();
    }

    @Test
    void an_expired_delivery_with_a_concurrent_envelope_keeps_its_content() {
        change("UPDATE delivery SET expired = TRUE");
        meanwhile = () -> change("UPDATE delivery SET expires = " + clock.millis());

        assertThat(store.releaseExpired()).isTrue();
        assertThat(store.releaseExpired()).isFalse();

        assertThat(count("envelope WHERE encoded IS NOT NULL")).isOne();
        assertThat(count("delivery WHERE released = FALSE")).isOne();
    }

    @Test
    void a_concurrently_redelivered_bundle_keeps_its_content() {
        meanwhile = () -> change("UPDATE bundle SET changed = " + clock.millis());

        assertThat(store.releaseReceived()).isTrue();
        assertThat(store.releaseReceived()).isFalse();

        assertThat(count("envelope WHERE encoded IS NOT NULL")).isOne();
    }

    @Test
    void a_bundle_with_a_concurrently_changed_expiry_does_not_expire() {
        change("UPDATE bundle SET state = 'waiting'");
        meanwhile = () -> change("UPDATE bundle SET expires = " + (clock.millis() + 1));

        store.expireSome();

        assertThat(count("bundle WHERE state = 'waiting'")).isOne();
    }
}
