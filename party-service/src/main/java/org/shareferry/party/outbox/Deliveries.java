// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Queries for deliveries.
@Repository
public class Deliveries {
    private final JdbcClient jdbc;
    private final ReadableRows rows;

    Deliveries(JdbcClient jdbc, ReadableRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /// @return the delivery, even if it is still open
    public Optional<OutboxDelivery> find(DeliveryId id) {
        return jdbc.sql("""
                        -- Deliveries.find
                        SELECT * FROM delivery WHERE id = :id
                        """)
                .param("id", id.toString())
                .query(DeliveryRows::read)
                .optional();
    }

    /// @return the delivery, even if it is still open; empty also if its row cannot be read, which is counted and
    ///     logged
    public Optional<OutboxDelivery> findReadable(DeliveryId id) {
        return jdbc.sql("""
                        -- Deliveries.findReadable
                        SELECT * FROM delivery WHERE id = :id
                        """)
                .param("id", id.toString())
                .query((row, number) -> rows.read(row, number, "id", DeliveryRows::read))
                .optional()
                .flatMap(found -> found);
    }

    /// @return the delivery's number in the order of completed hand-overs; empty for one that is open, unknown or
    ///     deleted
    public Optional<Long> number(DeliveryId id) {
        return jdbc.sql("""
                        -- Deliveries.number
                        SELECT number FROM delivery WHERE id = :id AND number IS NOT NULL
                        """).param("id", id.toString()).query(Long.class).optional();
    }

    /// @param number of a delivery, or 0 for the beginning
    /// @return the deliveries with higher numbers, in ascending order
    public List<OutboxDelivery> after(long number, int limit) {
        var statement = jdbc.sql("""
                        -- Deliveries.after
                        SELECT * FROM delivery WHERE number > :number ORDER BY number LIMIT :limit OFFSET :skip
                        """).param("number", number);
        return rows.list(statement, "id", limit, DeliveryRows::read);
    }

    /// @param number of a delivery; the highest possible number to begin with the newest
    /// @return the deliveries with lower numbers, in descending order
    public List<OutboxDelivery> before(long number, int limit) {
        var statement = jdbc.sql("""
                        -- Deliveries.before
                        SELECT * FROM delivery WHERE number < :number ORDER BY number DESC LIMIT :limit OFFSET :skip
                        """).param("number", number);
        return rows.list(statement, "id", limit, DeliveryRows::read);
    }

    /// @return the number of held deliveries
    public long countHeld() {
        return jdbc.sql("""
                        -- Deliveries.countHeld
                        SELECT COUNT(*) FROM delivery
                        WHERE content_removed = FALSE AND state IN ('sealed', 'submitted', 'bundled')
                            AND refusal_type IS NOT NULL
                        """).query(Long.class).single();
    }

    /// @return the number of deliveries in this state that are not held
    public long countIn(DeliveryState state) {
        return jdbc.sql("""
                        -- Deliveries.countIn
                        SELECT COUNT(*) FROM delivery
                        WHERE content_removed = FALSE AND state = :state AND refusal_type IS NULL
                        """).param("state", state.text()).query(Long.class).single();
    }
}
