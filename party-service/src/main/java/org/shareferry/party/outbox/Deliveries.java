// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Reading deliveries, by whoever wants to know.
@Repository
public class Deliveries {
    private final JdbcClient jdbc;
    private final ReadableRows rows;

    Deliveries(JdbcClient jdbc, ReadableRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /// @return the delivery, be it still open
    public Optional<OutboxDelivery> find(DeliveryId id) {
        return jdbc.sql("""
                        -- Deliveries.find
                        SELECT * FROM delivery WHERE id = :id
                        """)
                .param("id", id.toString())
                .query(DeliveryRows::read)
                .optional();
    }

    /// @return the delivery's place in the order in which deliveries were handed over completely; nothing for one that
    ///     is open, unknown or deleted
    public Optional<Long> number(DeliveryId id) {
        return jdbc.sql("""
                        -- Deliveries.number
                        SELECT number FROM delivery WHERE id = :id AND number IS NOT NULL
                        """).param("id", id.toString()).query(Long.class).optional();
    }

    /// @param number of a delivery, or 0 for the beginning
    /// @return the deliveries with higher numbers, in their order
    public List<OutboxDelivery> after(long number, int limit) {
        var statement = jdbc.sql("""
                        -- Deliveries.after
                        SELECT * FROM delivery WHERE number > :number ORDER BY number LIMIT :limit OFFSET :skip
                        """).param("number", number);
        return rows.list(statement, "id", limit, DeliveryRows::read);
    }

    /// C0's receipt for one envelope, as verified.
    ///
    /// @param place the envelope's
    /// @param receipt as signed
    public record StoredReceipt(Place place, SignedReceipt receipt) {}

    /// @param skip how many to leave out, in order of kind and chunk
    /// @return verified receipts
    public List<StoredReceipt> receipts(DeliveryId id, long skip, int limit) {
        return jdbc.sql("""
                        -- Deliveries.receipts
                        SELECT kind, chunk, receipt, receipt_signature FROM envelope
                        WHERE delivery = :id AND receipt IS NOT NULL
                        ORDER BY kind, chunk LIMIT :limit OFFSET :skip
                        """)
                .param("id", id.toString())
                .param("limit", limit)
                .param("skip", skip)
                .query((row, number) -> new StoredReceipt(
                        new Place(Kind.ofCode(row.getLong("kind")), row.getInt("chunk")),
                        new SignedReceipt(
                                Bytes.of(row.getBytes("receipt")), Bytes.of(row.getBytes("receipt_signature")))))
                .list();
    }

    /// @return the deliveries that are held, oldest first
    public List<OutboxDelivery> held() {
        return jdbc.sql("""
                        -- Deliveries.held
                        SELECT * FROM delivery
                        WHERE state IN ('sealed', 'submitted', 'bundled') AND refusal_type IS NOT NULL
                        ORDER BY created, id
                        """).query(DeliveryRows::read).list();
    }

    /// @return how many deliveries are held
    public long countHeld() {
        return jdbc.sql("""
                        -- Deliveries.countHeld
                        SELECT COUNT(*) FROM delivery
                        WHERE state IN ('sealed', 'submitted', 'bundled') AND refusal_type IS NOT NULL
                        """).query(Long.class).single();
    }

    /// @return how many deliveries are in this state, and not held
    public long countIn(DeliveryState state) {
        return jdbc.sql("""
                        -- Deliveries.countIn
                        SELECT COUNT(*) FROM delivery WHERE state = :state AND refusal_type IS NULL
                        """).param("state", state.text()).query(Long.class).single();
    }
}
