// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.change;

import java.time.Clock;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.commit.CommitNumbers;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Numbers the changes of deliveries, in the order in which they are committed.
@Component
public class Changes {
    private final JdbcClient jdbc;
    private final Clock clock;
    private final CommitNumbers numbers;

    Changes(JdbcClient jdbc, Clock clock, CommitNumbers numbers) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.numbers = numbers;
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
        jdbc.sql("""
                        -- Changes.note
                        UPDATE delivery SET change_number = :number, changed = :now WHERE id = :id""")
                .param("number", numbers.take(1))
                .param("now", clock.millis())
                .param("id", row)
                .update();
    }

    /// @return the number of the last committed change; 0 before the first
    public long last() {
        return numbers.last();
    }
}
