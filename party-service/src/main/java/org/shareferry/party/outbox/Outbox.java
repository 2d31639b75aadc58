// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.receipt.SignedReceipt;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Deliveries on their way. Every step is one transaction, and doing it twice changes nothing.
@Repository
public class Outbox {
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Clock clock;

    Outbox(JdbcClient jdbc, TransactionTemplate transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @return places of envelopes that the relay has not accepted yet, in order of kind and chunk
    public List<Place> unsubmitted(DeliveryId id, int limit) {
        return jdbc.sql("""
                        -- Outbox.unsubmitted
                        SELECT kind, chunk FROM envelope WHERE delivery = :id AND state = 'sealed'
                        ORDER BY kind, chunk LIMIT :limit
                        """)
                .param("id", id.toString())
                .param("limit", limit)
                .query((row, number) -> new Place(Kind.ofCode(row.getLong("kind")), row.getInt("chunk")))
                .list();
    }

    /// @return the envelope's bytes, the same at every call; nothing once they were removed
    public Optional<Bytes> content(DeliveryId id, Place place) {
        return jdbc.sql("""
                        -- Outbox.content
                        SELECT content FROM envelope
                        WHERE delivery = :id AND kind = :kind AND chunk = :chunk AND content IS NOT NULL
                        """)
                .param("id", id.toString())
                .param("kind", place.kind().code())
                .param("chunk", place.index())
                .query((row, number) -> Bytes.of(row.getBytes("content")))
                .optional();
    }

    /// @return the id of the envelope that was sealed for this place
    public Optional<EnvelopeId> envelopeAt(DeliveryId id, Place place) {
        return jdbc.sql("""
                        -- Outbox.envelopeAt
                        SELECT envelope_id FROM envelope
                        WHERE delivery = :id AND kind = :kind AND chunk = :chunk
                        """)
                .param("id", id.toString())
                .param("kind", place.kind().code())
                .param("chunk", place.index())
                .query((row, number) -> new EnvelopeId(Bytes.of(row.getBytes("envelope_id"))))
                .optional();
    }

    /// Notes that the relay accepted an envelope; with the last one the delivery is submitted.
    public void submitted(DeliveryId id, Place place) {
        transactions.executeWithoutResult(status -> {
            int rows = jdbc.sql("""
                            -- Outbox.submitted
                            UPDATE envelope SET state = 'submitted'
                            WHERE delivery = :id AND kind = :kind AND chunk = :chunk AND state = 'sealed'
                            """)
                    .param("id", id.toString())
                    .param("kind", place.kind().code())
                    .param("chunk", place.index())
                    .update();
            if (rows == 1) {
                countSubmitted(id);
            }
        });
    }

    private void countSubmitted(DeliveryId id) {
        jdbc.sql("""
                        -- Outbox.countSubmitted
                        UPDATE delivery SET submitted = submitted + 1, changed = :now,
                            state = CASE WHEN state = 'sealed' AND submitted + 1 = sealed THEN 'submitted' ELSE state END
                        WHERE id = :id
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }

    /// Notes that the relay has the envelopes of all parties.
    public void bundled(DeliveryId id) {
        jdbc.sql("""
                        -- Outbox.bundled
                        UPDATE delivery SET state = 'bundled', changed = :now
                        WHERE id = :id AND state = 'submitted'
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }

    /// Keeps the client's receipt for an envelope; with the last one the delivery is received.
    ///
    /// @param receipt already verified, for the very envelope that was sealed for this place
    /// @return whether it is the first for this place
    public boolean received(DeliveryId id, Place place, SignedReceipt receipt) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            int rows = jdbc.sql("""
                            -- Outbox.received
                            UPDATE envelope SET state = 'received', receipt = :receipt, receipt_signature = :signature
                            WHERE delivery = :id AND kind = :kind AND chunk = :chunk AND state = 'submitted'
                            """)
                    .param("receipt", receipt.receipt().toArray())
                    .param("signature", receipt.signature().toArray())
                    .param("id", id.toString())
                    .param("kind", place.kind().code())
                    .param("chunk", place.index())
                    .update();
            if (rows == 1) {
                countReceived(id);
            }
            return rows == 1;
        }));
    }

    private void countReceived(DeliveryId id) {
        jdbc.sql("""
                        -- Outbox.countReceived
                        UPDATE delivery SET received = received + 1, changed = :now,
                            state = CASE WHEN state IN ('submitted', 'bundled') AND received + 1 = sealed
                                THEN 'received' ELSE state END
                        WHERE id = :id
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }

    /// Makes everything of a delivery be submitted again, the same bytes, because the relay lost what it had
    /// accepted. The receipts that are here stay; each counts again when the relay passes it on.
    ///
    /// @param unchangedSince nothing is done if something has happened to the delivery since then: else a
    ///     relay that goes on denying would be sent everything in a tight loop
    /// @return whether there is something to submit now
    public boolean submitAgain(DeliveryId id, Instant unchangedSince) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            int rows = jdbc.sql("""
                            -- Outbox.submitAgain
                            UPDATE delivery SET state = 'sealed', submitted = 0, received = 0, changed = :now
                            WHERE id = :id AND state IN ('submitted', 'bundled') AND changed < :moment
                            """)
                    .param("now", clock.millis())
                    .param("moment", unchangedSince.toEpochMilli())
                    .param("id", id.toString())
                    .update();
            if (rows == 1) {
                jdbc.sql("""
                                -- Outbox.submitAllAgain
                                UPDATE envelope SET state = 'sealed' WHERE delivery = :id
                                """).param("id", id.toString()).update();
            }
            return rows == 1;
        }));
    }

    /// Notes why a delivery is refused for now: somebody has to change something, and then it goes on. One that has
    /// ended already stays as it is.
    public void hold(DeliveryId id, Refusal why) {
        jdbc.sql("""
                        -- Outbox.hold
                        UPDATE delivery SET refusal_type = :type, refusal_detail = :detail, changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled')
                            AND (refusal_type IS NULL OR refusal_type <> :type OR refusal_detail <> :detail)
                        """)
                .param("type", why.type())
                .param("detail", why.detail())
                .param("now", clock.millis())
                .param("id", id.toString())
                .update();
    }

    /// Notes that a delivery is no longer refused. One that has ended already stays as it is.
    public void release(DeliveryId id) {
        jdbc.sql("""
                        -- Outbox.release
                        UPDATE delivery SET refusal_type = NULL, refusal_detail = NULL, changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled') AND refusal_type IS NOT NULL
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }

    /// Ends a delivery that will never be taken. One that has ended already stays as it is.
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

    /// Ends a delivery whose time is over. One that has ended already stays as it is.
    public void expire(DeliveryId id) {
        jdbc.sql("""
                        -- Outbox.expire
                        UPDATE delivery SET state = 'expired', changed = :now
                        WHERE id = :id AND state IN ('sealed', 'submitted', 'bundled')
                        """).param("now", clock.millis()).param("id", id.toString()).update();
    }
}
