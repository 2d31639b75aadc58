// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Deletes old deliveries. Each call is one short transaction, so that hand-overs need not wait; the rows are found
/// through an index before it.
@Repository
public class RetentionStore {
    private static final int DELIVERIES_AT_ONCE = 20;

    /// An envelope can have several megabytes.
    private static final int CONTENTS_AT_ONCE = 16;

    private static final int ROWS_AT_ONCE = 500;

    private static final List<String> ENDED = Arrays.stream(DeliveryState.values())
            .filter(DeliveryState::isFinal)
            .map(DeliveryState::text)
            .toList();

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    RetentionStore(JdbcClient jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /// Deletes the sealed bytes of some deliveries that ended before this moment. Ids and receipts are kept.
    ///
    /// @return whether there may be more
    public boolean removeSomeContent(Instant endedBefore) {
        return inSteps(ended(false, endedBefore), CONTENTS_AT_ONCE, this::removeContent);
    }

    /// Deletes some deliveries that ended before this moment and whose bytes are deleted, with their receipts. The
    /// run's sequence numbers stay spent.
    ///
    /// @return whether there may be more
    public boolean forgetSome(Instant endedBefore) {
        return inSteps(ended(true, endedBefore), ROWS_AT_ONCE, this::forget);
    }

    private interface Step {
        /// @param limit the maximum number of rows
        /// @return the number of rows; fewer than `limit` when the delivery is done
        int on(String id, int limit);
    }

    private boolean inSteps(List<String> due, int limit, Step step) {
        if (!due.isEmpty()) {
            transactions.executeWithoutResult(status -> {
                int left = limit;
                for (var id : due) {
                    left -= left > 0 ? step.on(id, left) : 0;
                }
            });
        }
        return !due.isEmpty();
    }

    private List<String> ended(boolean contentRemoved, Instant before) {
        return ENDED.stream()
                .flatMap(state -> ended(contentRemoved, state, before).stream())
                .limit(DELIVERIES_AT_ONCE)
                .toList();
    }

    private List<String> ended(boolean contentRemoved, String state, Instant before) {
        return jdbc.sql("""
                        -- RetentionStore.ended
                        SELECT id FROM delivery
                        WHERE content_removed = :removed AND state = :state AND changed < :before
                        ORDER BY changed LIMIT :limit
                        """)
                .param("removed", contentRemoved)
                .param("state", state)
                .param("before", before.toEpochMilli())
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private int removeContent(String id, int limit) {
        int rows = jdbc.sql("""
                        -- RetentionStore.removeContent
                        UPDATE envelope SET encoded = NULL
                        WHERE delivery = :id AND (recipient, kind, idx) IN (
                            SELECT recipient, kind, idx FROM envelope
                            WHERE delivery = :id AND encoded IS NOT NULL LIMIT :limit)
                        """).param("id", id).param("limit", limit).update();
        if (rows < limit) {
            jdbc.sql("""
                            -- RetentionStore.contentRemoved
                            UPDATE delivery SET content_removed = TRUE WHERE id = :id
                            """).param("id", id).update();
        }
        // A delivery without rows counts too.
        return Math.max(rows, 1);
    }

    private int forget(String id, int limit) {
        int rows = jdbc.sql("""
                        -- RetentionStore.deleteEnvelopes
                        DELETE FROM envelope
                        WHERE delivery = :id AND (recipient, kind, idx) IN (
                            SELECT recipient, kind, idx FROM envelope WHERE delivery = :id LIMIT :limit)
                        """).param("id", id).param("limit", limit).update();
        if (rows < limit) {
            parsed(id).ifPresent(this::spend);
            jdbc.sql("""
                            -- RetentionStore.deleteReceipts
                            DELETE FROM receipt WHERE delivery = :id
                            """).param("id", id).update();
            jdbc.sql("""
                            -- RetentionStore.deletePlaces
                            DELETE FROM received_place WHERE delivery = :id
                            """).param("id", id).update();
            jdbc.sql("""
                            -- RetentionStore.deleteDelivery
                            DELETE FROM delivery WHERE id = :id
                            """).param("id", id).update();
        }
        return Math.max(rows, 1);
    }

    /// An id of an older version that cannot be parsed now cannot be handed over again either.
    private static Optional<DeliveryId> parsed(String id) {
        try {
            return Optional.of(DeliveryId.parse(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void spend(DeliveryId id) {
        jdbc.sql("""
                        -- RetentionStore.spend
                        INSERT INTO spent_run (run, highest) VALUES (:run, :sequence)
                        ON CONFLICT (run) DO UPDATE SET highest = excluded.highest
                        WHERE spent_run.highest < excluded.highest
                        """)
                .param("run", id.run().toBytes().toArray())
                .param("sequence", id.sequence())
                .update();
    }
}
