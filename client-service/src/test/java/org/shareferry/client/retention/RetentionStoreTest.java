// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.change.Changes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// What retention deletes, and what it leaves, on a real database.
class RetentionStoreTest {
    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder = Path.of("");

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    @BeforeEach
    void start() {
        var source = TestDatabase.migrated(folder.resolve("client.db"));
        context.registerBean(DataSource.class, () -> source);
        context.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
        context.registerBean(
                TransactionTemplate.class, () -> new TransactionTemplate(new DataSourceTransactionManager(source)));
        context.registerBean(SettableClock.class, () -> clock);
        context.register(CommitSignal.class, CommitNumbers.class, Changes.class, RetentionStore.class);
        context.refresh();
        // They begin at the time otherwise.
        JdbcClient.create(source).sql("UPDATE change_counter SET last = 0").update();
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private RetentionStore store() {
        return context.getBean(RetentionStore.class);
    }

    private JdbcClient jdbc() {
        return context.getBean(JdbcClient.class);
    }

    /// A delivery with three envelopes, a receipt and a chunk of values.
    private String delivery(int run, String state, String verdict) {
        var id = "%032x-0,P0,P1".formatted(run);
        jdbc().sql("""
                        INSERT INTO delivery (id, header, place_count, received, state, verdict, doubts, first_seen,
                            changed, ended, expires)
                        VALUES (:id, :bytes, 1, 1, :state, NULLIF(:verdict, ''), '', :now, :now,
                            CASE WHEN :state IN ('checked', 'expired') THEN :now END, :now)""")
                .param("id", id)
                .param("bytes", new byte[1])
                .param("state", state)
                .param("verdict", verdict)
                .param("now", clock.millis())
                .update();
        for (int idx = 0; idx < 3; idx++) {
            jdbc().sql("INSERT INTO envelope (delivery, kind, idx, sender, id, encoded)"
                            + " VALUES (:id, 0, :idx, 'P0', :bytes, :bytes)")
                    .param("id", id)
                    .param("idx", idx)
                    .param("bytes", new byte[10])
                    .update();
        }
        jdbc().sql("INSERT INTO receipt (delivery, number, receipt, signature) VALUES (:id, 1, :bytes, :bytes)")
                .param("id", id)
                .param("bytes", new byte[1])
                .update();
        jdbc().sql("INSERT INTO value_chunk (delivery, idx, raw) VALUES (:id, 0, :bytes)")
                .param("id", id)
                .param("bytes", new byte[8])
                .update();
        return id;
    }

    private static void untilDone(BooleanSupplier step) {
        while (step.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private long count(String what) {
        return jdbc().sql("SELECT COUNT(*) FROM " + what).query(Long.class).single();
    }

    private String state(String id) {
        return jdbc().sql("SELECT state FROM delivery WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    @Test
    void envelopes_of_a_verified_delivery_are_deleted_and_its_values_and_ids_stay() {
        delivery(1, "checked", "VERIFIED");
        delivery(2, "checked", "REJECTED");
        delivery(3, "receiving", "");
        var soon = clock.instant().plusMillis(1);

        untilDone(() -> store().removeSomeEnvelopes("VERIFIED", clock.instant()));
        assertThat(count("envelope WHERE LENGTH(encoded) = 0")).as("too early").isZero();
        untilDone(() -> store().removeSomeEnvelopes("VERIFIED", soon));
        untilDone(() -> store().removeSomeEnvelopes("UNVERIFIED", soon));

        assertThat(count("envelope WHERE LENGTH(encoded) = 0")).isEqualTo(3);
        assertThat(count("envelope WHERE LENGTH(id) = 10")).isEqualTo(9);
        assertThat(count("value_chunk")).isEqualTo(3);
    }

    @Test
    void only_ended_deliveries_are_deleted_and_a_listener_is_notified() {
        var checked = delivery(1, "checked", "VERIFIED");
        var expired = delivery(2, "expired", "");
        var receiving = delivery(3, "receiving", "");
        var checking = delivery(4, "checking", "VERIFIED");

        assertThat(store().delete(DeliveryKey.parse(checked))).isTrue();
        assertThat(store().delete(DeliveryKey.parse(expired))).isTrue();
        assertThat(store().delete(DeliveryKey.parse(receiving))).isFalse();
        assertThat(store().delete(DeliveryKey.parse(checking))).isFalse();
        untilDone(() -> store().removeSomeDeleted());

        assertThat(state(checked)).isEqualTo("deleted");
        assertThat(count("delivery WHERE change_number IN (1, 2)")).isEqualTo(2);
        assertThat(count("value_chunk")).isEqualTo(2);
        assertThat(count("envelope WHERE LENGTH(encoded) = 0")).isEqualTo(6);
        assertThat(count("receipt")).as("for a bundle that comes again").isEqualTo(4);
    }

    private long stored(String id) {
        return count("value_chunk WHERE delivery = '" + id + "'")
                + count("envelope WHERE LENGTH(encoded) > 0 AND delivery = '" + id + "'");
    }

    @Test
    void deleting_values_also_deletes_the_bytes_of_their_envelopes() {
        var verified = delivery(1, "checked", "VERIFIED");
        var other = delivery(2, "checked", "VERIFIED");
        var rejected = delivery(3, "checked", "REJECTED");
        var asked = delivery(4, "checked", "VERIFIED");
        var receiving = delivery(5, "receiving", "");
        jdbc().sql("INSERT INTO request (delivery, created) VALUES (:id, 0)")
                .param("id", asked)
                .update();

        assertThat(store().deleteValues(DeliveryKey.parse(verified))).isTrue();
        assertThat(store().deleteValues(DeliveryKey.parse(verified))).isFalse();
        assertThat(store().deleteValues(DeliveryKey.parse(rejected))).isFalse();
        assertThat(store().deleteValues(DeliveryKey.parse(asked)))
                .as("an open request needs its envelopes")
                .isFalse();
        assertThat(store().deleteValues(DeliveryKey.parse(receiving))).isFalse();
        // Envelopes whose own time has come, in between.
        untilDone(() -> store().removeSomeEnvelopes("VERIFIED", clock.instant()));
        untilDone(() -> store().removeSomeValues());

        assertThat(state(verified)).isEqualTo("checked");
        assertThat(count("delivery WHERE change_number = 1 AND values_deleted IS NOT NULL AND NOT values_left"))
                .isOne();
        assertThat(stored(verified)).isZero();
        assertThat(stored(other)).isEqualTo(4);
        assertThat(count("receipt")).isEqualTo(5);
        assertThat(count("envelope WHERE LENGTH(id) = 10")).isEqualTo(15);
    }

    @Test
    void retention_counts_from_the_end_and_not_from_a_later_change() {
        var old = delivery(1, "checked", "VERIFIED");
        clock.advance(Duration.ofDays(30));
        var young = delivery(2, "checked", "VERIFIED");

        untilDone(() -> store().deleteSomeValues("VERIFIED", clock.instant()));
        untilDone(() -> store().removeSomeValues());
        assertThat(stored(old)).isZero();
        assertThat(stored(young)).isEqualTo(4);
        untilDone(() -> store().deleteSomeChecked("VERIFIED", clock.instant()));

        assertThat(state(old)).isEqualTo("deleted");
        assertThat(state(young)).isEqualTo("checked");
    }

    @Test
    void a_delivery_that_is_deleted_while_its_values_are_removed_is_deleted_whole() {
        var id = delivery(1, "checked", "VERIFIED");
        store().deleteValues(DeliveryKey.parse(id));
        store().delete(DeliveryKey.parse(id));

        untilDone(() -> store().removeSomeDeleted());
        untilDone(() -> store().removeSomeValues());

        assertThat(state(id)).isEqualTo("deleted");
        assertThat(stored(id)).isZero();
        assertThat(count("delivery WHERE content_removed")).isOne();
    }

    @Test
    void each_verdict_has_its_own_time() {
        var verified = delivery(1, "checked", "VERIFIED");
        var rejected = delivery(2, "checked", "REJECTED");
        var expired = delivery(3, "expired", "");
        var soon = clock.instant().plusMillis(1);
        untilDone(() -> store().removeSomeEnvelopes("VERIFIED", soon));

        untilDone(() -> store().deleteSomeChecked("VERIFIED", soon));
        assertThat(state(verified)).isEqualTo("deleted");
        assertThat(state(rejected)).isEqualTo("checked");
        assertThat(state(expired)).isEqualTo("expired");
        untilDone(() -> store().deleteSomeChecked("REJECTED", soon));
        untilDone(() -> store().deleteSomeExpired(soon));

        assertThat(count("delivery WHERE state = 'deleted'")).isEqualTo(3);
    }

    @Test
    void the_rows_of_a_deleted_delivery_are_deleted_at_its_expiry_and_not_earlier() {
        var deleted = delivery(1, "checked", "VERIFIED");
        delivery(2, "checked", "VERIFIED");
        store().delete(DeliveryKey.parse(deleted));
        clock.advance(Duration.ofDays(8));

        untilDone(() -> store().forgetSome(clock.instant()));
        assertThat(count("delivery")).as("with its values").isEqualTo(2);
        untilDone(() -> store().removeSomeDeleted());
        untilDone(() -> store().forgetSome(clock.instant().minus(Duration.ofDays(9))));
        assertThat(count("delivery")).as("too early").isEqualTo(2);
        untilDone(() -> store().forgetSome(clock.instant()));

        assertThat(count("delivery")).isOne();
        assertThat(count("envelope")).isEqualTo(3);
        assertThat(count("receipt")).isOne();
        assertThat(count("value_chunk")).isOne();
    }

    @Test
    void the_ids_of_answered_requests_are_never_deleted() {
        var answered = delivery(1, "checked", "VERIFIED");
        jdbc().sql("INSERT INTO answer (delivery, counter, masked_size, answered, envelopes_left, brought)"
                        + " VALUES (:id, 1, 0, :now, TRUE, TRUE)")
                .param("id", answered)
                .param("now", clock.millis())
                .update();

        store().removeAnswered(DeliveryKey.parse(answered));
        assertThat(count("envelope WHERE LENGTH(encoded) = 0"))
                .as("r cannot be opened again")
                .isEqualTo(3);
        store().delete(DeliveryKey.parse(answered));
        clock.advance(Duration.ofDays(1000));
        untilDone(() -> store().removeSomeDeleted());
        untilDone(() -> store().forgetSome(clock.instant()));

        assertThat(count("delivery")).isZero();
        assertThat(count("answer")).isOne();
    }

    @Test
    void an_answered_request_has_no_values_to_delete() {
        var answered = delivery(1, "checked", "VERIFIED");
        answer(answered, 1);

        untilDone(() -> store().deleteSomeValues("VERIFIED", clock.instant().plusMillis(1)));

        assertThat(store().deleteValues(DeliveryKey.parse(answered))).isFalse();
        assertThat(count("delivery WHERE values_deleted IS NOT NULL")).isZero();
    }

    @Test
    void a_step_touches_a_bounded_number_of_envelopes() {
        for (int run = 0; run < 20; run++) {
            delivery(run, "checked", "VERIFIED");
        }

        store().removeSomeEnvelopes("VERIFIED", clock.instant().plusMillis(1));

        assertThat(count("envelope WHERE LENGTH(encoded) = 0")).isBetween(3L, 16L);
    }

    /// An answer with m in rows.
    private void answer(String id, int rows) {
        jdbc().sql("""
                        INSERT INTO answer (delivery, counter, number, statement, signature, masked_size, masked_left,
                            answered, envelopes_left, brought)
                        VALUES (:id, 1, NULL, :bytes, :bytes, :size, TRUE, :now, FALSE, TRUE)""")
                .param("id", id)
                .param("bytes", new byte[1])
                .param("size", rows)
                .param("now", clock.millis())
                .update();
        for (int idx = 0; idx < rows; idx++) {
            jdbc().sql("INSERT INTO answer_row (delivery, idx, masked) VALUES (:id, :idx, :bytes)")
                    .param("id", id)
                    .param("idx", idx)
                    .param("bytes", new byte[1])
                    .update();
        }
    }

    @Test
    void expired_masked_values_are_deleted_in_steps_and_the_signed_answer_stays() {
        answer("old", 40);
        clock.advance(Duration.ofDays(31));
        answer("young", 2);

        store().removeSomeMasked(clock.instant().minus(Duration.ofDays(30)));
        assertThat(count("answer_row WHERE delivery = 'old'")).as("a step").isBetween(20L, 39L);
        untilDone(() -> store().removeSomeMasked(clock.instant().minus(Duration.ofDays(30))));

        assertThat(count("answer_row WHERE delivery = 'old'")).isZero();
        assertThat(count("answer_row WHERE delivery = 'young'")).isEqualTo(2);
        assertThat(count("answer WHERE LENGTH(statement) = 1 AND masked_size > 0"))
                .as("statements with their size")
                .isEqualTo(2);
        assertThat(count("answer WHERE masked_left")).isOne();
    }

    @Test
    void masked_values_are_deleted_at_the_latest_with_the_rows_of_a_deleted_delivery() {
        var deleted = delivery(1, "checked", "VERIFIED");
        answer(deleted, 40);
        store().delete(DeliveryKey.parse(deleted));
        untilDone(() -> store().removeSomeDeleted());
        assertThat(count("answer_row")).as("a party may still come for them").isEqualTo(40);
        clock.advance(Duration.ofDays(8));

        untilDone(() -> store().forgetSome(clock.instant()));

        assertThat(count("delivery")).isZero();
        assertThat(count("answer_row")).isZero();
        assertThat(count("answer")).as("the promise").isOne();
    }
}
