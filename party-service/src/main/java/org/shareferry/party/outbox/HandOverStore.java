// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.party.outbox.Draft.Sealed;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.PartyProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Stores deliveries during their hand-over: opened, filled envelope by envelope, and then committed or dropped as a
/// whole.
@Repository
public class HandOverStore {
    private final JdbcClient jdbc;
    private final ReadableRows rows;
    private final TransactionTemplate transactions;
    private final SharedCommits commits;
    private final ServiceProperties service;
    private final PartyProperties properties;
    private final Clock clock;

    HandOverStore(
            JdbcClient jdbc,
            ReadableRows rows,
            TransactionTemplate transactions,
            SharedCommits commits,
            ServiceProperties service,
            PartyProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.transactions = transactions;
        this.commits = commits;
        this.service = service;
        this.properties = properties;
        this.clock = clock;
    }

    /// @return an empty delivery; nothing is stored yet
    public Draft draft(DeliveryFacts facts) {
        return new Draft(this, facts);
    }

    /// Stores a complete delivery at once.
    ///
    /// @param header of its first envelope
    /// @return false if its id was used before
    boolean handOver(Header header, List<Sealed> envelopes) {
        return commits.commit(() -> insert(header, "sealed", Optional.of(nextNumber()), envelopes));
    }

    /// @return whether the delivery was handed over with this envelope
    boolean isHandedOver(DeliveryId id, EnvelopeId envelope) {
        return jdbc.sql("""
                        -- HandOverStore.isHandedOver
                        SELECT COUNT(*) FROM envelope WHERE delivery = :id AND id = :envelope
                            AND EXISTS (SELECT 1 FROM delivery WHERE id = :id AND state <> 'open')
                        """)
                        .param("id", id.toString())
                        .param("envelope", envelope.digest().toArray())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /// Stores the first envelopes of a delivery.
    ///
    /// @param header of its first envelope
    /// @return false if its id was used before
    boolean open(Header header, List<Sealed> envelopes) {
        return commits.commit(() -> insert(header, "open", Optional.empty(), envelopes));
    }

    /// The order matters: if the delivery is deleted concurrently, the insert waits for its row, and then the id is
    /// found spent.
    private boolean insert(Header header, String state, Optional<Long> number, List<Sealed> envelopes) {
        var facts = header.facts();
        if (!insert(header, state, number, envelopes.size())) {
            return false;
        }
        if (isSpent(facts.id())) {
            jdbc.sql("""
                            -- HandOverStore.undo
                            DELETE FROM delivery WHERE id = :id
                            """).param("id", facts.id().toString()).update();
            return false;
        }
        return insertAll(facts, envelopes);
    }

    /// @return whether this id may have been used by a deleted delivery: one of its run with this or a higher
    ///     sequence number was deleted
    boolean isSpent(DeliveryId id) {
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

    boolean exists(DeliveryId id) {
        return jdbc.sql("""
                        -- HandOverStore.exists
                        SELECT COUNT(*) FROM delivery WHERE id = :id
                        """).param("id", id.toString()).query(Long.class).single() > 0;
    }

    private boolean insert(Header header, String state, Optional<Long> number, int sealed) {
        var now = clock.instant();
        return jdbc.sql("""
                                -- HandOverStore.insertDelivery
                                INSERT INTO delivery (id, recipient, header, state, holder, created, changed,
                                    expires, sealed, submitted, received, number)
                                VALUES (:id, :recipient, :header, :state, :holder, :now, :now,
                                    :expires, :sealed, 0, 0, :number)
                                ON CONFLICT (id) DO NOTHING
                                """)
                        .param("id", header.facts().id().toString())
                        .param("recipient", header.facts().recipient().toString())
                        .param("header", header.encode().toArray())
                        .param("state", state)
                        .param("holder", properties.instance())
                        .param("now", now.toEpochMilli())
                        .param("expires", now.plus(service.deliveryLifetime()).toEpochMilli())
                        .param("sealed", sealed)
                        .param("number", number.orElse(null), Types.BIGINT)
                        .update()
                == 1;
    }

    private void insert(DeliveryFacts facts, Sealed envelope) {
        int rows = jdbc.sql("""
                        -- HandOverStore.insertEnvelope
                        INSERT INTO envelope (delivery, recipient, kind, idx, id, encoded)
                        VALUES (:delivery, :recipient, :kind, :idx, :id, :encoded)
                        ON CONFLICT (delivery, recipient, kind, idx) DO NOTHING
                        """)
                .param("delivery", facts.id().toString())
                .param("recipient", facts.recipient().toString())
                .param("kind", envelope.place().kind().code())
                .param("idx", envelope.place().index())
                .param("id", envelope.id().digest().toArray())
                .param("encoded", envelope.content().toArray())
                .update();
        if (rows != 1) {
            throw new IllegalStateException("A second envelope was sealed for " + envelope.place());
        }
    }

    /// Stores more envelopes of an open delivery.
    ///
    /// @return false if the delivery is no longer open: it was dropped because it made no progress
    boolean add(DeliveryFacts facts, List<Sealed> envelopes) {
        return commits.commit(() -> count(facts.id(), envelopes) && insertAll(facts, envelopes));
    }

    private boolean insertAll(DeliveryFacts facts, List<Sealed> envelopes) {
        envelopes.forEach(envelope -> insert(facts, envelope));
        return true;
    }

    private boolean count(DeliveryId id, List<Sealed> envelopes) {
        return jdbc.sql("""
                                -- HandOverStore.count
                                UPDATE delivery SET sealed = sealed + :count, changed = :now
                                WHERE id = :id AND state = 'open' AND holder = :holder
                                """)
                        .param("count", envelopes.size())
                        .param("now", clock.millis())
                        .param("id", id.toString())
                        .param("holder", properties.instance())
                        .update()
                == 1;
    }

    /// Stores the last envelopes of an open delivery, so that it is submitted.
    ///
    /// @return false if the delivery is no longer open
    boolean complete(DeliveryFacts facts, List<Sealed> envelopes) {
        return commits.commit(
                () -> count(facts.id(), envelopes) && insertAll(facts, envelopes) && seal(facts.id(), nextNumber()));
    }

    private boolean seal(DeliveryId id, long number) {
        return jdbc.sql("""
                                -- HandOverStore.seal
                                UPDATE delivery SET state = 'sealed', number = :number WHERE id = :id
                                """).param("number", number).param("id", id.toString()).update() == 1;
    }

    private long nextNumber() {
        return jdbc.sql("""
                        -- HandOverStore.nextNumber
                        UPDATE hand_over_counter SET last = last + 1 RETURNING last
                        """).query(Long.class).single();
    }

    /// Deletes an open delivery with its envelopes; nothing of it was submitted. Does nothing if it is no longer
    /// open.
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

    /// The transaction marks deliveries first, so that concurrent additions or commits find them gone.
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

    /// @return open deliveries of this instance, including those from before a crash
    public List<DeliveryId> openHere() {
        var statement = jdbc.sql("""
                        -- HandOverStore.openHere
                        SELECT id FROM delivery WHERE content_removed = FALSE AND state = 'open' AND holder = :holder
                        ORDER BY id LIMIT :limit OFFSET :skip
                        """).param("holder", properties.instance());
        return rows.list(statement, "id", Integer.MAX_VALUE, (row, number) -> DeliveryId.parse(row.getString("id")));
    }

    /// Drops open deliveries of all instances that made no progress since then.
    ///
    /// @return the number of dropped deliveries
    public int dropSince(Instant moment) {
        var dropped = transactions.execute(status -> removeDropped(
                jdbc.sql("""
                                -- HandOverStore.markStale
                                UPDATE delivery SET state = 'dropped'
                                WHERE content_removed = FALSE AND state = 'open' AND changed < :moment
                                """).param("moment", moment.toEpochMilli()).update()));
        return dropped == null ? 0 : dropped;
    }
}
