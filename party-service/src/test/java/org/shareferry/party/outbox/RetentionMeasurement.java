// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.nio.file.Path;
import java.time.Instant;
import org.shareferry.service.fixture.WriteWaits;
import org.shareferry.service.storage.ThrottledSteps;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Retention of a party-service with a million ended deliveries.
final class RetentionMeasurement {
    private RetentionMeasurement() {}

    /// @param arguments a new file, and how many deliveries
    public static void main(String[] arguments) {
        var waits = new WriteWaits(Path.of(arguments[0]));
        fill(waits, Integer.parseInt(arguments[1]));
        waits.plan("SELECT id FROM delivery WHERE content_removed = FALSE AND state = 'received' AND changed < 5"
                + " ORDER BY changed LIMIT 20");
        var store = new RetentionStore(
                waits.jdbc(), new TransactionTemplate(new DataSourceTransactionManager(waits.source())));
        var steps = new ThrottledSteps();
        var end = Instant.ofEpochMilli(Long.MAX_VALUE);
        waits.during("removing content", () -> steps.repeat(() -> store.removeSomeContent(end)));
        waits.during(
                "the same of all in one statement", () -> waits.jdbc().sql("""
                        UPDATE envelope SET encoded = NULL
                        WHERE encoded IS NOT NULL AND delivery IN (
                            SELECT id FROM delivery
                            WHERE state IN ('received', 'expired', 'refused'))""").update());
        waits.jdbc().sql("UPDATE delivery SET content_removed = TRUE").update();
        waits.during("forgetting", () -> steps.repeat(() -> store.forgetSome(end)));
        waits.source().close();
    }

    private static void fill(WriteWaits waits, int deliveries) {
        waits.jdbc().sql("""
                        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :deliveries)
                        INSERT INTO delivery (id, recipient, header, state, holder, created, changed, expires, sealed,
                            submitted, received)
                        SELECT PRINTF('%032x-0', i), 'C0', ZEROBLOB(200), 'received', 'main', i, i, i, 2, 2, 2 FROM n""").param("deliveries", deliveries).update();
        waits.jdbc().sql("""
                        INSERT INTO envelope (delivery, recipient, kind, idx, id, encoded)
                        SELECT id, 'C0', kind, 0, ZEROBLOB(32), ZEROBLOB(300)
                        FROM delivery, (SELECT 0 AS kind UNION ALL SELECT 1)""").update();
        waits.jdbc().sql("""
                        INSERT INTO receipt (delivery, number, receipt, signature)
                        SELECT id, 1, ZEROBLOB(200), ZEROBLOB(64) FROM delivery""").update();
    }
}
