// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.commit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Numbers changes in the order in which they become visible. A reader that sees a number also sees all lower ones,
/// because the row of the table `change_counter` stays locked until the transaction that took a number has
/// committed.
@Component
public class CommitNumbers {
    private final JdbcClient jdbc;
    private final CommitSignal signal;

    /// @param signal signalled after each commit that took a number
    public CommitNumbers(JdbcClient jdbc, CommitSignal signal) {
        this.jdbc = jdbc;
        this.signal = signal;
    }

    /// Raises the counter to the current time in microseconds since 1970, unless it is higher already. A service
    /// calls this when it starts, so that a database restored from a backup does not issue a number twice.
    ///
    /// @param now the time
    public void goOn(Instant now) {
        jdbc.sql("""
                        -- CommitNumbers.goOn
                        UPDATE change_counter SET last = :micros WHERE last < :micros""")
                .param("micros", ChronoUnit.MICROS.between(Instant.EPOCH, now))
                .update();
    }

    /// Takes the next numbers. Call it inside the transaction of the change and as late as possible, because
    /// transactions that take numbers wait for each other.
    ///
    /// @param count how many
    /// @return the last of them
    @Transactional(propagation = Propagation.MANDATORY)
    public long take(int count) {
        long last = jdbc.sql("""
                        -- CommitNumbers.take
                        UPDATE change_counter SET last = last + :count RETURNING last""").param("count", count).query(Long.class).single();
        signal.signalAfterCommit();
        return last;
    }

    /// @return the number of the last committed change; 0 before the first
    public long last() {
        return jdbc.sql("""
                        -- CommitNumbers.last
                        SELECT last FROM change_counter""").query(Long.class).single();
    }
}
