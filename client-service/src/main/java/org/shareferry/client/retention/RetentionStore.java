// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.retention;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.shareferry.client.change.Changes;
import org.shareferry.delivery.DeliveryKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Deletes data in short transactions, so that bundles need not wait. The rows of a step are found through an index
/// before its transaction.
///
/// A delivery is deleted in three steps. First it is marked as deleted, which listeners see. Then its values and the
/// bytes of its envelopes are deleted. Finally, when all its envelopes would be refused for their age, its rows are
/// deleted. Until then its id cannot be used again.
///
/// Values alone are deleted in the first two of these steps. The envelopes go with them, because the opening keys
/// would make the same values of them again. Ids, receipts and the verdict stay.
@Repository
public class RetentionStore {
    private static final int DELIVERIES_AT_ONCE = 20;

    /// An envelope or a chunk of values can have several megabytes.
    private static final int CONTENTS_AT_ONCE = 16;

    private static final int ROWS_AT_ONCE = 500;
    private static final byte[] NOTHING = {};

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Changes changes;
    private final Clock clock;

    RetentionStore(JdbcClient jdbc, TransactionTemplate transactions, Changes changes, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.changes = changes;
        this.clock = clock;
    }

    /// Marks a delivery as deleted if it has ended, so that only this state is shown.
    ///
    /// @return whether it had ended and was not marked before
    public boolean delete(DeliveryKey delivery) {
        return Boolean.TRUE.equals(transactions.execute(status -> mark(delivery.toString())));
    }

    private boolean mark(String id) {
        int rows = jdbc.sql("""
                        -- RetentionStore.mark
                        UPDATE delivery SET state = 'deleted', content_removed = FALSE
                        WHERE id = :id AND state IN ('checked', 'expired')""").param("id", id).update();
        if (rows == 1) {
            changes.note(id);
        }
        return rows == 1;
    }

    /// Marks the values of a checked delivery as deleted, so that they are shown no more. A rejected delivery and
    /// an answered request have none, and an open request needs its envelopes.
    ///
    /// @return whether it had values that were not marked before
    public boolean deleteValues(DeliveryKey delivery) {
        return Boolean.TRUE.equals(transactions.execute(status -> markValues(delivery.toString())));
    }

    private boolean markValues(String id) {
        int rows = jdbc.sql("""
                        -- RetentionStore.markValues
                        UPDATE delivery SET values_deleted = :now, values_left = TRUE
                        WHERE id = :id AND state = 'checked' AND verdict <> 'REJECTED' AND values_deleted IS NULL
                            AND NOT EXISTS (SELECT 1 FROM request WHERE request.delivery = delivery.id)
                            AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.delivery = delivery.id)""").param("now", clock.millis()).param("id", id).update();
        if (rows == 1) {
            changes.note(id);
        }
        return rows == 1;
    }

    /// Marks the values of some checked deliveries with this verdict as deleted.
    ///
    /// @param checkedBefore only of deliveries checked before this moment
    /// @return whether there may be more
    boolean deleteSomeValues(String verdict, Instant checkedBefore) {
        var due = jdbc.sql("""
                        -- RetentionStore.withValues
                        SELECT id FROM delivery
                        WHERE state = 'checked' AND verdict = :verdict AND values_deleted IS NULL AND ended < :before
                            AND NOT EXISTS (SELECT 1 FROM request WHERE request.delivery = delivery.id)
                            AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.delivery = delivery.id)
                        ORDER BY ended LIMIT :limit""")
                .param("verdict", verdict)
                .param("before", checkedBefore.toEpochMilli())
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
        return inTransaction(due, () -> due.forEach(this::markValues));
    }

    /// Deletes values, and envelope bytes, of some deliveries whose values are marked as deleted.
    ///
    /// @return whether there may be more
    boolean removeSomeValues() {
        var due = jdbc.sql("""
                        -- RetentionStore.valuesLeft
                        SELECT id FROM delivery WHERE values_left ORDER BY values_deleted LIMIT :limit""")
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
        return inSteps(due, CONTENTS_AT_ONCE, this::removeMarkedValues);
    }

    private int removeMarkedValues(String id, int limit) {
        int rows = removeAll(id, limit);
        if (rows < limit) {
            jdbc.sql("""
                            -- RetentionStore.valuesRemoved
                            UPDATE delivery SET values_left = FALSE WHERE id = :id""").param("id", id).update();
        }
        return rows;
    }

    /// Marks some checked deliveries with this verdict.
    /// @param checkedBefore only deliveries checked before this moment
    /// @return whether there may be more
    boolean deleteSomeChecked(String verdict, Instant checkedBefore) {
        return markAll(Stream.of(true, false)
                .flatMap(removed -> checked(verdict, removed, checkedBefore).stream())
                .toList());
    }

    /// Marks some deliveries that expired before this moment.
    ///
    /// @return whether there may be more
    boolean deleteSomeExpired(Instant expiredBefore) {
        return markAll(jdbc.sql("""
                        -- RetentionStore.expired
                        SELECT id FROM delivery WHERE state = 'expired' AND expires < :before
                        ORDER BY expires LIMIT :limit""")
                .param("before", expiredBefore.toEpochMilli())
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list());
    }

    private boolean markAll(List<String> due) {
        return inTransaction(due, () -> due.forEach(this::mark));
    }

    /// Deletes bytes of envelopes of some checked deliveries with this verdict. Values and receipts are kept.
    /// @param checkedBefore only deliveries checked before this moment
    /// @return whether there may be more
    boolean removeSomeEnvelopes(String verdict, Instant checkedBefore) {
        return inSteps(checked(verdict, false, checkedBefore), CONTENTS_AT_ONCE, this::removeEnvelopes);
    }

    /// Deletes values and envelope bytes of some deliveries that are marked as deleted.
    ///
    /// @return whether there may be more
    boolean removeSomeDeleted() {
        return inSteps(deleted(false, Instant.ofEpochMilli(Long.MAX_VALUE)), CONTENTS_AT_ONCE, this::removeAll);
    }

    /// Deletes the rows of some deliveries that were marked as deleted before this moment.
    ///
    /// @return whether there may be more
    boolean forgetSome(Instant deletedBefore) {
        return inSteps(deleted(true, deletedBefore), ROWS_AT_ONCE, this::forget);
    }

    private List<String> checked(String verdict, boolean removed, Instant before) {
        return jdbc.sql("""
                        -- RetentionStore.checked
                        SELECT id FROM delivery
                        WHERE state = 'checked' AND verdict = :verdict AND content_removed = :removed
                            AND ended < :before
                            AND NOT EXISTS (SELECT 1 FROM request WHERE request.delivery = delivery.id)
                        ORDER BY ended LIMIT :limit""")
                .param("verdict", verdict)
                .param("removed", removed)
                .param("before", before.toEpochMilli())
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private List<String> deleted(boolean removed, Instant before) {
        return jdbc.sql("""
                        -- RetentionStore.deleted
                        SELECT id FROM delivery
                        WHERE state = 'deleted' AND content_removed = :removed AND changed < :before
                        ORDER BY changed LIMIT :limit""")
                .param("removed", removed)
                .param("before", before.toEpochMilli())
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private interface Step {
        /// @param limit the maximum number of rows
        /// @return the number of rows; fewer than `limit` when the delivery is done
        int on(String id, int limit);
    }

    private boolean inSteps(List<String> due, int limit, Step step) {
        return inTransaction(due, () -> {
            int left = limit;
            for (var id : due) {
                left -= left > 0 ? Math.max(1, step.on(id, left)) : 0;
            }
        });
    }

    private boolean inTransaction(List<String> due, Runnable work) {
        if (!due.isEmpty()) {
            transactions.executeWithoutResult(status -> work.run());
        }
        return !due.isEmpty();
    }

    private int removeAll(String id, int limit) {
        int rows = jdbc.sql("""
                        -- RetentionStore.removeValues
                        DELETE FROM value_chunk
                        WHERE delivery = :id AND idx IN (
                            SELECT idx FROM value_chunk WHERE delivery = :id LIMIT :limit)""").param("id", id).param("limit", limit).update();
        return rows < limit ? rows + removeEnvelopes(id, limit - rows) : rows;
    }

    private int removeEnvelopes(String id, int limit) {
        int rows = jdbc.sql("""
                        -- RetentionStore.removeEnvelopes
                        UPDATE envelope SET encoded = :nothing
                        WHERE delivery = :id AND (kind, idx, sender) IN (
                            SELECT kind, idx, sender FROM envelope
                            WHERE delivery = :id AND LENGTH(encoded) > 0 LIMIT :limit)""")
                .param("nothing", NOTHING)
                .param("id", id)
                .param("limit", limit)
                .update();
        if (rows < limit) {
            jdbc.sql("""
                            -- RetentionStore.contentRemoved
                            UPDATE delivery SET content_removed = TRUE WHERE id = :id""").param("id", id).update();
        }
        return rows;
    }

    /// Deletes the bytes of an answered request's envelopes, in short transactions. If the service stops, the rest
    /// is left to [#removeSomeAnswered].
    public void removeAnswered(DeliveryKey request) {
        boolean isDone = false;
        while (!isDone) {
            isDone = Boolean.TRUE.equals(transactions.execute(status -> isBare(request.toString())));
        }
    }

    /// Deletes bytes of envelopes of some answered requests.
    ///
    /// @return whether there may be more
    boolean removeSomeAnswered() {
        var left = jdbc.sql("""
                        -- RetentionStore.answered
                        SELECT delivery FROM answer WHERE envelopes_left LIMIT :limit""")
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
        return inSteps(left, CONTENTS_AT_ONCE, (id, limit) -> isBare(id) ? 0 : limit);
    }

    private boolean isBare(String id) {
        boolean isDone = removeEnvelopes(id, CONTENTS_AT_ONCE) < CONTENTS_AT_ONCE;
        if (isDone) {
            jdbc.sql("""
                            -- RetentionStore.answeredIsBare
                            UPDATE answer SET envelopes_left = FALSE WHERE delivery = :id""").param("id", id).update();
        }
        return isDone;
    }

    /// Deletes masked values of some answers that were given before this moment. Their statements are kept for
    /// ever.
    ///
    /// @return whether there may be more
    boolean removeSomeMasked(Instant answeredBefore) {
        var due = jdbc.sql("""
                        -- RetentionStore.masked
                        SELECT delivery FROM answer WHERE masked_left AND answered < :before
                        ORDER BY answered LIMIT :limit""")
                .param("before", answeredBefore.toEpochMilli())
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
        return inSteps(due, CONTENTS_AT_ONCE, this::removeMasked);
    }

    private int removeMasked(String id, int limit) {
        int rows = jdbc.sql("""
                        -- RetentionStore.removeMasked
                        DELETE FROM answer_row
                        WHERE delivery = :id AND idx IN (
                            SELECT idx FROM answer_row WHERE delivery = :id LIMIT :limit)""").param("id", id).param("limit", limit).update();
        if (rows < limit) {
            jdbc.sql("""
                            -- RetentionStore.maskedRemoved
                            UPDATE answer SET masked_left = FALSE WHERE delivery = :id AND masked_left""").param("id", id).update();
        }
        return rows;
    }

    private int forget(String id, int limit) {
        if (removeMasked(id, CONTENTS_AT_ONCE) == CONTENTS_AT_ONCE) {
            return limit;
        }
        int rows = jdbc.sql("""
                        -- RetentionStore.forgetEnvelopes
                        DELETE FROM envelope
                        WHERE delivery = :id AND (kind, idx, sender) IN (
                            SELECT kind, idx, sender FROM envelope WHERE delivery = :id LIMIT :limit)""").param("id", id).param("limit", limit).update();
        if (rows < limit) {
            // This deletes its receipts too.
            jdbc.sql("""
                            -- RetentionStore.forget
                            DELETE FROM delivery WHERE id = :id""").param("id", id).update();
        }
        return rows;
    }
}
