// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.time.Clock;
import java.util.List;
import org.shareferry.client.change.Changes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Marks deliveries that can no longer become complete as expired, a few per transaction, so that bundles need not
/// wait.
@Repository
class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final int AT_ONCE = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Changes changes;
    private final Clock clock;

    Expiry(JdbcClient jdbc, TransactionTemplate transactions, Changes changes, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.changes = changes;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "PT30S")
    void expire() {
        long now = clock.millis();
        int expired = 0;
        for (var due = due(now); !due.isEmpty(); due = due(now)) {
            var some = due;
            transactions.executeWithoutResult(status -> some.forEach(this::expire));
            expired += due.size();
        }
        if (expired > 0) {
            LOG.warn("{} deliveries expired before they were complete", expired);
        }
    }

    private List<String> due(long now) {
        return jdbc.sql("""
                        -- Expiry.due
                        SELECT id FROM delivery WHERE state = 'receiving' AND expires < :now
                        ORDER BY expires LIMIT :limit""")
                .param("now", now)
                .param("limit", AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /// Its last bundle may have arrived meanwhile.
    private void expire(String row) {
        int rows = jdbc.sql("""
                        -- Expiry.expire
                        UPDATE delivery SET state = 'expired' WHERE id = :id AND state = 'receiving'""").param("id", row).update();
        if (rows == 1) {
            changes.note(row);
        }
    }
}
