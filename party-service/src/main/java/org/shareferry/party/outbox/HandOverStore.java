// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.PartyProperties;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Deliveries while they are handed over: opened, filled envelope by envelope, and then committed or dropped
/// as a whole.
@Repository
public class HandOverStore {
    private final JdbcClient jdbc;
    private final ReadableRows rows;
    private final TransactionTemplate transactions;
    private final ServiceProperties service;
    private final PartyProperties properties;
    private final Clock clock;

    HandOverStore(
            JdbcClient jdbc,
            ReadableRows rows,
            TransactionTemplate transactions,
            ServiceProperties service,
            PartyProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.transactions = transactions;
        this.service = service;
        this.properties = properties;
        this.clock = clock;
    }

    /// @return whether the delivery is ours to fill; false when its id was used before
    public boolean open(DeliveryFacts facts) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            // In this order: what is deleted at the same time is found spent after the wait for its row.
            boolean isOurs = insert(facts) && !isSpent(facts.id());
            if (!isOurs) {
                status.setRollbackOnly();
            }
            return isOurs;
        }));
    }

    /// @return whether this id was used, or may have been, by a delivery that is deleted: one of its run with this
    ///     sequence number or a higher one was
    public boolean isSpent(DeliveryId id) {
        return jdbc.sql("""
                        -- HandOverStore.isSpent
                        SELECT COUNT(*) FROM spent_run WHERE run = :run AND highest >= :sequence
                        """)
                        .param("run", id.run().toBytes().toArray())
                        .param("sequence", id.sequence())
                        .query(Long.class)
                        .single()
                > 0;
    }

    private boolean insert(DeliveryFacts facts) {
        var now = clock.instant();
        return jdbc.sql("""
                                -- HandOverStore.open
                                INSERT INTO delivery (id, recipient, value_count, values_per_chunk, domain, scheme,
                                    fixed_precision, label, parties, protocol, macs_checked, rerandomised, state, holder,
                                    created, changed, expires, sealed, submitted, received)
                                VALUES (:id, :recipient, :valueCount, :valuesPerChunk, :domain, :scheme,
                                    :precision, :label, :parties, :protocol, :macsChecked, :rerandomised, 'open', :holder,
                                    :now, :now, :expires, 0, 0, 0)
                                ON CONFLICT (id) DO NOTHING
                                """)
                        .params(DeliveryRows.parameters(facts))
                        .param("holder", properties.instance())
                        .param("now", now.toEpochMilli())
                        .param("expires", now.plus(service.deliveryLifetime()).toEpochMilli())
                        .update()
                == 1;
    }

    /// Stores an envelope of an open delivery.
    ///
    /// @return false when the delivery is no longer open here: it was dropped because nothing had happened
    ///     for long
    /// @throws IllegalStateException when there is an envelope for this place already
    public boolean add(Envelope envelope) {
        return Boolean.TRUE.equals(transactions.execute(status -> count(envelope) && insert(envelope)));
    }

    private boolean count(Envelope envelope) {
        return jdbc.sql("""
                                -- HandOverStore.count
                                UPDATE delivery SET sealed = sealed + 1, changed = :now
                                WHERE id = :id AND state = 'open' AND holder = :holder
                                """)
                        .param("now", clock.millis())
                        .param("id", envelope.header().facts().id().toString())
                        .param("holder", properties.instance())
                        .update()
                == 1;
    }

    private boolean insert(Envelope envelope) {
        var header = envelope.header();
        int rows = jdbc.sql("""
                        -- HandOverStore.insert
                        INSERT INTO envelope (delivery, recipient, kind, chunk, envelope_id, content, state)
                        VALUES (:delivery, :recipient, :kind, :chunk, :id, :content, 'sealed')
                        ON CONFLICT (delivery, recipient, kind, chunk) DO NOTHING
                        """)
                .param("delivery", header.facts().id().toString())
                .param("recipient", header.facts().recipient().toString())
                .param("kind", header.place().kind().code())
                .param("chunk", header.place().index())
                .param("id", envelope.id().digest().toArray())
                .param("content", envelope.encode().toArray())
                .update();
        if (rows != 1) {
            throw new IllegalStateException("A second envelope was sealed for " + header.place());
        }
        return true;
    }

    /// Ends a hand-over: from now on the delivery may be submitted.
    ///
    /// @return false when the delivery is no longer open here
    public boolean commit(DeliveryId id) {
        return Boolean.TRUE.equals(transactions.execute(status -> seal(id) && giveNumber(id)));
    }

    private boolean seal(DeliveryId id) {
        return jdbc.sql("""
                                -- HandOverStore.commit
                                UPDATE delivery SET state = 'sealed', changed = :now
                                WHERE id = :id AND state = 'open' AND holder = :holder
                                """)
                        .param("now", clock.millis())
                        .param("id", id.toString())
                        .param("holder", properties.instance())
                        .update()
                == 1;
    }

    private boolean giveNumber(DeliveryId id) {
        long number = jdbc.sql("""
                        -- HandOverStore.nextNumber
                        UPDATE hand_over_counter SET last = last + 1 RETURNING last
                        """).query(Long.class).single();
        return jdbc.sql("""
                                -- HandOverStore.giveNumber
                                UPDATE delivery SET number = :number WHERE id = :id
                                """).param("number", number).param("id", id.toString()).update() == 1;
    }

    /// Drops an open delivery with all that was sealed for it; nothing of it has left. One that is no longer
    /// open stays.
    public void drop(DeliveryId id) {
        transactions.executeWithoutResult(status -> {
            int rows = jdbc.sql("""
                            -- HandOverStore.markDropped
                            UPDATE delivery SET state = 'dropped'
                            WHERE id = :id AND state = 'open' AND holder = :holder
                            """)
                    .param("id", id.toString())
                    .param("holder", properties.instance())
                    .update();
            removeDropped(rows);
        });
    }

    /// Marking comes first in the transaction: whoever would add to or commit what is marked finds it gone.
    private int removeDropped(int marked) {
        if (marked > 0) {
            jdbc.sql("""
                            -- HandOverStore.removeDroppedEnvelopes
                            DELETE FROM envelope WHERE delivery IN (SELECT id FROM delivery WHERE state = 'dropped')
                            """).update();
            jdbc.sql("""
                            -- HandOverStore.removeDropped
                            DELETE FROM delivery WHERE state = 'dropped'
                            """).update();
        }
        return marked;
    }

    /// @return deliveries that this instance has open, be it from before a crash
    public List<DeliveryId> openHere() {
        var statement = jdbc.sql("""
                        -- HandOverStore.openHere
                        SELECT id FROM delivery WHERE state = 'open' AND holder = :holder
                        ORDER BY id LIMIT :limit OFFSET :skip
                        """).param("holder", properties.instance());
        return rows.list(statement, "id", Integer.MAX_VALUE, (row, number) -> DeliveryId.parse(row.getString("id")));
    }

    /// Drops open deliveries of whatever instance in which nothing has happened since then.
    ///
    /// @return how many
    public int dropSince(Instant moment) {
        var dropped = transactions.execute(status -> removeDropped(
                jdbc.sql("""
                                -- HandOverStore.markStale
                                UPDATE delivery SET state = 'dropped' WHERE state = 'open' AND changed < :moment
                                """).param("moment", moment.toEpochMilli()).update()));
        return dropped == null ? 0 : dropped;
    }
}
