// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.retention;

import java.nio.file.Path;
import java.time.Instant;
import javax.sql.DataSource;
import org.shareferry.client.change.Changes;
import org.shareferry.service.commit.CommitNumbers;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.WriteWaits;
import org.shareferry.service.storage.ThrottledSteps;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Retention of a client-service with a million deliveries that were checked.
final class RetentionMeasurement {
    private RetentionMeasurement() {}

    /// @param arguments a new file, and how many deliveries
    public static void main(String[] arguments) {
        var waits = new WriteWaits(Path.of(arguments[0]));
        fill(waits, Integer.parseInt(arguments[1]));
        waits.plan(
                "SELECT id FROM delivery WHERE state = 'checked' AND verdict = 'VERIFIED' AND content_removed = FALSE"
                        + " AND changed < 5 ORDER BY changed LIMIT 20");
        waits.plan("SELECT id FROM delivery WHERE state = 'deleted' AND content_removed = TRUE AND changed < 5"
                + " ORDER BY changed LIMIT 20");
        waits.plan("SELECT * FROM delivery WHERE change_number > 5 ORDER BY change_number LIMIT 200");
        var steps = new ThrottledSteps();
        var end = Instant.ofEpochMilli(Long.MAX_VALUE);
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(DataSource.class, waits::source);
            context.registerBean(JdbcClient.class, waits::jdbc);
            context.registerBean(
                    TransactionTemplate.class,
                    () -> new TransactionTemplate(new DataSourceTransactionManager(waits.source())));
            context.registerBean(SettableClock.class, SettableClock::new);
            context.register(CommitSignal.class, CommitNumbers.class, Changes.class, RetentionStore.class);
            context.refresh();
            var store = context.getBean(RetentionStore.class);
            waits.during("removing envelopes", () -> steps.repeat(() -> store.removeSomeEnvelopes("VERIFIED", end)));
            waits.during("deleting", () -> steps.repeat(() -> store.deleteSomeChecked("VERIFIED", end)));
            waits.during("removing values", () -> steps.repeat(store::removeSomeDeleted));
            waits.jdbc()
                    .sql("UPDATE delivery SET state = 'deleted', content_removed = TRUE")
                    .update();
            waits.during("forgetting", () -> steps.repeat(() -> store.forgetSome(end)));
        }
    }

    private static void fill(WriteWaits waits, int deliveries) {
        waits.jdbc()
                .sql("UPDATE change_counter SET last = :deliveries")
                .param("deliveries", deliveries)
                .update();
        waits.jdbc().sql("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :deliveries)
                        INSERT INTO delivery (id, header, place_count, received, state, verdict, doubts, first_seen,
                            changed, expires, change_number)
                        SELECT PRINTF('%032x-0', i), ZEROBLOB(300), 2, 2, 'checked', 'VERIFIED', '', i, i, i, i FROM n""").param("deliveries", deliveries).update();
        waits.jdbc().sql("""
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded)
                        SELECT id, kind, 0, sender, ZEROBLOB(32), ZEROBLOB(300)
                        FROM delivery, (SELECT 0 AS kind UNION ALL SELECT 1), (SELECT 'P0' AS sender UNION ALL SELECT 'P1')""").update();
        waits.jdbc().sql("""
                        INSERT INTO value_chunk (delivery, idx, raw) SELECT id, 0, ZEROBLOB(80) FROM delivery""").update();
    }
}
