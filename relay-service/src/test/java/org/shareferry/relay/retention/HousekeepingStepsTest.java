// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.fixture.Database;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.service.fixture.TestSettings;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.site.settings.RelayProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The steps of housekeeping, each alone: none is longer than others that want to write can wait.
class HousekeepingStepsTest {
    private static final long EXPIRES = SettableClock.START.toEpochMilli();

    private final SettableClock clock = new SettableClock();

    private final JdbcClient jdbc;
    private final HousekeepingStore store;

    HousekeepingStepsTest(@TempDir Path folder) {
        var source = TestDatabase.migrated(folder.resolve("relay.db"));
        jdbc = JdbcClient.create(source);
        store = new HousekeepingStore(
                jdbc,
                new Feed(
                        jdbc,
                        new CommitNumbers(jdbc, new CommitSignal()),
                        new ReadableRows(new SimpleMeterRegistry()),
                        Clock.systemUTC()),
                Database.answers(
                        jdbc,
                        new DataSourceTransactionManager(source),
                        bind("shareferry.relay", RelayProperties.class),
                        clock),
                new TransactionTemplate(new DataSourceTransactionManager(source)),
                clock,
                bind("shareferry.relay", RelayProperties.class),
                bind("shareferry", ServiceProperties.class));
    }

    private static <T> T bind(String prefix, Class<T> type) {
        return TestSettings.binder(Map.of(
                        "shareferry.member", "R0",
                        "shareferry.roster", "roster.json",
                        "shareferry.identity-key", "identity.pem"))
                .bindOrCreate(prefix, type);
    }

    /// A delivery that expires when the test begins, with a bundle for each place.
    private void delivery(String id, int places, String state) {
        jdbc.sql("""
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        VALUES (:id, :id, 'C0', :bytes, :places, 1, 1, :expires)""")
                .param("id", id)
                .param("bytes", new byte[1])
                .param("places", places)
                .param("expires", EXPIRES)
                .update();
        jdbc.sql("INSERT INTO delivery_party (delivery, party, stored) VALUES (:id, 'P0', :places)")
                .param("id", id)
                .param("places", places)
                .update();
        for (int idx = 0; idx < places; idx++) {
            jdbc.sql("""
                            INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored, expires)
                            VALUES (:id, 0, :idx, 'P0', :bytes, :bytes, 10, 1, :expires)""")
                    .param("id", id)
                    .param("idx", idx)
                    .param("bytes", new byte[10])
                    .param("expires", EXPIRES)
                    .update();
            jdbc.sql("""
                            INSERT INTO bundle (delivery, kind, idx, recipient, state, receipt_number, made, changed, expires)
                            VALUES (:id, 0, :idx, 'C0', :state, :receipt, 1, :changed, :expires)""")
                    .param("id", id)
                    .param("idx", idx)
                    .param("state", state)
                    .param("receipt", state.equals("received") ? 1 : null)
                    .param("changed", EXPIRES)
                    .param("expires", EXPIRES)
                    .update();
        }
        jdbc.sql("""
                        INSERT INTO usage (sender, bytes) VALUES ('P0', :bytes)
                        ON CONFLICT (sender) DO UPDATE SET bytes = usage.bytes + excluded.bytes""").param("bytes", 10 * places).update();
    }

    private static void untilDone(BooleanSupplier step) {
        while (step.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private long count(String what) {
        return jdbc.sql("SELECT COUNT(*) FROM " + what).query(Long.class).single();
    }

    private long used() {
        return jdbc.sql("SELECT bytes FROM usage").query(Long.class).single();
    }

    @Test
    void many_places_expire_in_small_steps() {
        delivery("a", 150, "waiting");
        clock.advance(Duration.ofMillis(1));

        assertThat(store.expireSome()).isTrue();
        assertThat(count("bundle WHERE state = 'expired'")).isEqualTo(100);
        untilDone(store::expireSome);

        assertThat(count("bundle WHERE state = 'expired'")).isEqualTo(150);
        assertThat(count("delivery WHERE expired = TRUE")).isOne();
    }

    @Test
    void a_received_delivery_does_not_expire_and_is_settled_once() {
        delivery("a", 2, "received");
        clock.advance(Duration.ofMillis(1));

        assertThat(store.expireSome()).isTrue();
        assertThat(store.expireSome()).isFalse();

        assertThat(count("delivery WHERE expired = FALSE AND settled = TRUE")).isOne();
    }

    @Test
    void the_content_of_an_expired_delivery_is_deleted_in_steps_and_credited_once() {
        delivery("a", 40, "waiting");
        clock.advance(Duration.ofDays(2));
        untilDone(store::expireSome);

        assertThat(store.releaseExpired()).isTrue();
        assertThat(used()).isEqualTo(240);
        untilDone(store::releaseExpired);

        assertThat(used()).isZero();
        assertThat(count("envelope WHERE encoded IS NULL")).isEqualTo(40);
        assertThat(count("delivery WHERE released = TRUE")).isOne();
    }

    @Test
    void rows_are_deleted_when_all_envelopes_are_too_old_to_be_accepted() {
        delivery("a", 40, "refused");
        delivery("b", 2, "received");
        clock.advance(Duration.ofDays(8));
        untilDone(store::expireSome);

        untilDone(store::forget);
        assertThat(count("delivery")).as("too early").isEqualTo(2);
        clock.advance(Duration.ofHours(1));
        untilDone(store::forget);

        assertThat(count("delivery")).isZero();
        assertThat(count("envelope")).isZero();
        assertThat(count("bundle")).isZero();
        assertThat(used()).as("what was left is credited").isZero();
    }

    /// An answer to a delivery, with m in parts of 10 bytes.
    private void answer(String delivery, int parts) {
        jdbc.sql("""
                        INSERT INTO answer_upload (id, delivery, client, size, changed, complete)
                        VALUES (:id, :id, 'C0', :size, :now, TRUE)""")
                .param("id", delivery)
                .param("size", 10 * parts)
                .param("now", clock.millis())
                .update();
        for (int idx = 0; idx < parts; idx++) {
            jdbc.sql("INSERT INTO answer_part (upload, idx, content) VALUES (:id, :idx, :bytes)")
                    .param("id", delivery)
                    .param("idx", idx)
                    .param("bytes", new byte[10])
                    .update();
        }
        jdbc.sql("INSERT INTO answer (delivery, upload, statement, signature, stored)"
                        + " VALUES (:id, :id, :bytes, :bytes, 1)")
                .param("id", delivery)
                .param("bytes", new byte[1])
                .update();
        jdbc.sql("INSERT INTO usage (sender, bytes) VALUES ('C0', :size)")
                .param("size", 10 * parts)
                .update();
    }

    private long usedByClient() {
        return jdbc.sql("SELECT bytes FROM usage WHERE sender = 'C0'")
                .query(Long.class)
                .single();
    }

    @Test
    void masked_values_are_deleted_in_steps_and_the_answer_is_kept() {
        delivery("a", 2, "received");
        answer("a", 50);

        assertThat(store.releaseAnswers()).as("too early").isFalse();
        clock.advance(Duration.ofHours(24).plusMillis(1));
        assertThat(store.releaseAnswers()).isTrue();
        assertThat(count("answer_part")).isEqualTo(30);
        untilDone(store::releaseAnswers);

        assertThat(count("answer_part")).isZero();
        assertThat(usedByClient()).isZero();
        assertThat(count("answer WHERE LENGTH(statement) = 1")).isOne();
        clock.advance(Duration.ofDays(9));
        untilDone(store::expireSome);
        untilDone(store::forget);
        assertThat(usedByClient()).as("credited once").isZero();
        assertThat(count("answer") + count("answer_upload")).isZero();
    }

    @Test
    void an_answer_is_deleted_with_its_delivery() {
        delivery("a", 2, "received");
        answer("a", 50);
        clock.advance(Duration.ofDays(9));
        untilDone(store::expireSome);

        untilDone(store::forget);

        assertThat(count("delivery") + count("answer") + count("answer_upload") + count("answer_part"))
                .isZero();
        assertThat(usedByClient()).isZero();
    }
}
