// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.change;

import java.time.Clock;
import org.shareferry.delivery.DeliveryKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Numbers the changes of deliveries. Whoever sees a number sees all lower ones: the counter's row stays locked until
/// the transaction that took a number commits, so numbers become visible in ascending order.
@Component
public class Changes {
    private final JdbcClient jdbc;
    private final Clock clock;
    private final CommitSignal signal;

    Changes(JdbcClient jdbc, Clock clock, CommitSignal signal) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.signal = signal;
    }

    /// Gives the delivery the next number. To be called for every change that a listener sees, in the transaction of
    /// that change, and late in it: transactions that take numbers wait for one another.
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(DeliveryKey delivery) {
        note(delivery.toString());
    }

    /// @param row the delivery as its row is named
    /// @see #note(DeliveryKey)
    @Transactional(propagation = Propagation.MANDATORY)
    public void note(String row) {
        long number = jdbc.sql("""
                        -- Changes.next
                        UPDATE change_counter SET last = last + 1 RETURNING last""").query(Long.class).single();
        jdbc.sql("""
                        -- Changes.note
                        UPDATE delivery SET change_number = :number, changed = :now WHERE id = :id""")
                .param("number", number)
                .param("now", clock.millis())
                .param("id", row)
                .update();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.signal();
            }
        });
    }

    /// @return the number of the last committed change; 0 before the first
    public long last() {
        return jdbc.sql("""
                        -- Changes.last
                        SELECT last FROM change_counter""").query(Long.class).single();
    }
}
