// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.change;

import jakarta.annotation.PostConstruct;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Set;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.commit.CommitNumbers;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Numbers the changes of deliveries in commit order.
@Repository
public class Changes {
    private final JdbcClient jdbc;
    private final Clock clock;
    private final CommitNumbers numbers;

    Changes(JdbcClient jdbc, Clock clock, CommitNumbers numbers) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.numbers = numbers;
    }

    @PostConstruct
    void begin() {
        numbers.goOn(clock.instant());
    }

    /// Gives the delivery the next number. Call it for every change that listeners see, in the transaction of the
    /// change. The numbers are taken at the transaction's end, because transactions that take numbers wait for each
    /// other. The change with which a delivery ends is kept beside its last one.
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(DeliveryKey delivery) {
        note(delivery.toString());
    }

    /// @param row the id of the delivery's row
    /// @see #note(DeliveryKey)
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(String row) {
        var noted = TransactionSynchronizationManager.getSynchronizations().stream()
                .filter(Noted.class::isInstance)
                .map(Noted.class::cast)
                .findFirst()
                .orElseGet(() -> {
                    var first = new Noted();
                    TransactionSynchronizationManager.registerSynchronization(first);
                    return first;
                });
        noted.rows.add(row);
    }

    /// The changes of one transaction.
    private final class Noted implements TransactionSynchronization {
        private final Set<String> rows = new LinkedHashSet<>();

        @Override
        public void beforeCommit(boolean readOnly) {
            long number = numbers.take(rows.size()) - rows.size();
            for (var row : rows) {
                number++;
                jdbc.sql("""
                                -- Changes.note
                                UPDATE delivery SET change_number = :number, changed = :now,
                                    end_number = CASE WHEN end_number IS NULL AND state IN ('checked', 'expired')
                                        THEN :number ELSE end_number END,
                                    ended = CASE WHEN ended IS NULL AND state IN ('checked', 'expired')
                                        THEN :now ELSE ended END
                                WHERE id = :id""")
                        .param("number", number)
                        .param("now", clock.millis())
                        .param("id", row)
                        .update();
            }
        }
    }

    /// @return the number of the last committed change; 0 before the first
    public long last() {
        return numbers.last();
    }
}
