// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Deliveries that are being submitted to the relay. Their envelopes are ordered by kind and chunk, and
/// numbered from zero. All steps are idempotent. Several steps can share a transaction of the caller.
@Repository
public class Outbox {
    private final JdbcClient jdbc;
    private final Clock clock;

    Outbox(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// A delivery with envelopes that the relay does not have yet.
    ///
    /// @param submitted the number of submitted envelopes, from the first one on
    /// @param sealed the number of all envelopes
    public record Waiting(DeliveryId id, long submitted, long sealed) {}

    /// @return deliveries that can be submitted now, in the order of their hand-overs, held ones last
    public List<Waiting> waiting(int limit) {
        return jdbc.sql("""
                        -- Outbox.waiting
                        SELECT id, submitted, sealed FROM delivery
                        WHERE state = 'sealed' AND due <= :now AND expires >= :now
                        ORDER BY due, number LIMIT :limit
                        """)
                .param("now", clock.millis())
                .param("limit", limit)
                .query((row, number) -> new Waiting(
                        DeliveryId.parse(row.getString("id")), row.getLong("submitted"), row.getLong("sealed")))
                .list();
    }

    /// Reads envelopes in order. Their bytes never change.
    ///
    /// @param first the number of the first one
    /// @param mostBytes the limit for their total size; one envelope is returned even if it is larger
    public List<Bytes> contents(DeliveryId id, long first, int limit, long mostBytes) {
        var contents = new ArrayList<>(contents(id, first, 1));
        if (!contents.isEmpty() && limit > 1) {
            // No envelope is much larger than the first, because all chunks except the last have the same
            // size.
            long size = contents.getFirst().size();
            long more = Math.min(limit, mostBytes / size) - 1;
            contents.addAll(contents(id, first + 1, Math.max(more, 0)));
        }
        return contents;
    }

    private List<Bytes> contents(DeliveryId id, long first, long limit) {
        return jdbc.sql("""
                        -- Outbox.contents
                        SELECT encoded FROM envelope WHERE delivery = :id
                        ORDER BY recipient, kind, idx LIMIT :limit OFFSET :first
                        """)
                .param("id", id.toString())
                .param("first", first)
                .param("limit", limit)
                .query((row, number) -> Bytes.of(row.getBytes("encoded")))
                .list();
    }

    /// @param number of an envelope
    /// @return its place
    public Optional<Place> place(DeliveryId id, long number) {
        return jdbc.sql("""
                        -- Outbox.place
                        SELECT kind, idx FROM envelope WHERE delivery = :id
                        ORDER BY recipient, kind, idx LIMIT 1 OFFSET :number
                        """)
                .param("id", id.toString())
                .param("number", number)
                .query((row, count) -> new Place(Kind.ofCode(row.getLong("kind")), row.getInt("idx")))
                .optional();
    }

    /// Records that the relay accepted envelopes. With the last one the delivery becomes submitted. It is no longer
    /// held. Does nothing if the submission was restarted meanwhile.
    ///
    /// @param first the number of the first one
    /// @param count the number of accepted envelopes
    public void accepted(DeliveryId id, long first, int count) {
        jdbc.sql("""
                        -- Outbox.accepted
                        UPDATE delivery SET submitted = submitted + :count, changed = :now, due = 0,
                            refusal_type = NULL, refusal_detail = NULL,
                            state = CASE WHEN sealed = submitted + :count THEN 'submitted' ELSE state END
                        WHERE id = :id AND state = 'sealed' AND submitted = :first
                        """)
                .param("first", first)
                .param("count", count)
                .param("now", clock.millis())
                .param("id", id.toString())
                .update();
    }

    /// Records that the relay has the envelopes of all parties. The delivery is no longer held.
    public void bundled(DeliveryId id) {
        release(id);
        jdbc.sql("""
                        -- Outbox.bundled
                        UPDATE delivery SET state = 'bundled', changed = :now WHERE id = :id AND state = 'submitted'
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }

    /// Restarts the submission of a delivery from its first envelope, with the same bytes, because the relay has
    /// lost envelopes that it had accepted. Existing receipts are kept.
    /// @return whether it will be submitted
    public boolean submitAgain(DeliveryId id) {
        return jdbc.sql("""
                                -- Outbox.submitAgain
                                UPDATE delivery SET state = 'sealed', submitted = 0, due = 0, changed = :now
                                WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled') AND submitted > 0
                                """)
                        .param("now", clock.millis())
                        .param("id", id.toString())
                        .update()
                == 1;
    }

    /// Marks a delivery as held, with the reason: it continues after the cause is fixed. Does nothing if it has
    /// ended.
    ///
    /// @param due when it is offered again, if the relay does not have it
    public void hold(DeliveryId id, Refusal why, Instant due) {
        jdbc.sql("""
                        -- Outbox.hold
                        UPDATE delivery SET refusal_type = :type, refusal_detail = :detail, due = :due, changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled')
                        """)
                .param("type", why.type())
                .param("detail", why.detail())
                .param("due", due.toEpochMilli())
                .param("now", clock.millis())
                .param("id", id.toString())
                .update();
    }

    /// Records that a delivery is no longer held. Does nothing if it has ended.
    public void release(DeliveryId id) {
        jdbc.sql("""
                        -- Outbox.release
                        UPDATE delivery SET refusal_type = NULL, refusal_detail = NULL, due = 0, changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled') AND refusal_type IS NOT NULL
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }

    /// Makes held deliveries due that the relay does not have.
    ///
    /// @param only this delivery; all if empty
    /// @return the number of deliveries
    public int offerAgain(Optional<DeliveryId> only) {
        return jdbc.sql("""
                        -- Outbox.offerAgain
                        UPDATE delivery SET due = 0
                        WHERE state = 'sealed' AND refusal_type IS NOT NULL AND (:id = '' OR id = :id)
                        """)
                .param("id", only.map(DeliveryId::toString).orElse(""))
                .update();
    }

    /// Ends a delivery that was refused finally. Does nothing if it has ended.
    public void refuse(DeliveryId id, Refusal why) {
        jdbc.sql("""
                        -- Outbox.refuse
                        UPDATE delivery SET state = 'refused', refusal_type = :type, refusal_detail = :detail,
                            changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled')
                        """)
                .param("type", why.type())
                .param("detail", why.detail())
                .param("now", clock.millis())
                .param("id", id.toString())
                .update();
    }

    /// @return some deliveries that have expired but not ended
    public List<String> overdue(int limit) {
        return jdbc.sql("""
                        -- Outbox.overdue
                        SELECT id FROM delivery
                        WHERE state IN ('sealed', 'submitted', 'bundled') AND expires < :now ORDER BY expires LIMIT :limit
                        """)
                .param("now", clock.millis())
                .param("limit", limit)
                .query((row, number) -> row.getString("id"))
                .list();
    }

    /// Ends an expired delivery. Does nothing if it has ended.
    public void expire(String id) {
        jdbc.sql("""
                        -- Outbox.expire
                        UPDATE delivery SET state = 'expired', changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled')
                        """).param("now", clock.millis()).param("id", id).update();
    }
}
