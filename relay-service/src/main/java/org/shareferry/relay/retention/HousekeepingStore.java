// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.retention;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.shareferry.relay.answer.AnswerRemoval;
import org.shareferry.relay.assembly.BundleState;
import org.shareferry.relay.feed.Feed;
import org.shareferry.relay.feed.FeedEntry.State;
import org.shareferry.site.settings.RelayProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// The steps of [Housekeeping]. Each step is one short transaction, so that submissions need not wait. The rows are
/// found through an index before the transaction. Another replica or a new envelope may change a row in between, so
/// each change repeats the condition by which the row was found.
@Repository
class HousekeepingStore {
    private static final int DELIVERIES_AT_ONCE = 20;

    /// A place has up to 16 MB.
    private static final int PLACES_AT_ONCE = 16;

    private static final int ROWS_AT_ONCE = 500;

    private final JdbcClient jdbc;
    private final Feed feed;
    private final AnswerRemoval answers;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RelayProperties relay;
    private final ServiceProperties properties;
    private final LongAdder expired = new LongAdder();

    HousekeepingStore(
            JdbcClient jdbc,
            Feed feed,
            AnswerRemoval answers,
            TransactionTemplate transaction,
            Clock clock,
            RelayProperties relay,
            ServiceProperties properties) {
        this.jdbc = jdbc;
        this.feed = feed;
        this.answers = answers;
        this.transaction = transaction;
        this.clock = clock;
        this.relay = relay;
        this.properties = properties;
    }

    /// The key columns of a place.
    private record PlaceRow(String delivery, int kind, int idx) {}

    private interface Work<T> {
        void on(T due);
    }

    /// @return whether there was something to do, and so may be more
    private <T> boolean inTransaction(List<T> due, Work<T> work) {
        if (!due.isEmpty()) {
            transaction.executeWithoutResult(status -> due.forEach(work::on));
        }
        return !due.isEmpty();
    }

    private interface Step {
        /// @param limit the maximum number of rows
        /// @return the number of rows; fewer than `limit` when the delivery is done
        int on(String delivery, int limit);
    }

    private boolean inSteps(List<String> due, int limit, Step step) {
        if (!due.isEmpty()) {
            transaction.executeWithoutResult(status -> {
                int left = limit;
                for (var delivery : due) {
                    left -= left > 0 ? Math.max(1, step.on(delivery, left)) : 0;
                }
            });
        }
        return !due.isEmpty();
    }

    private List<PlaceRow> places(StatementSpec statement, int limit) {
        return statement
                .param("limit", limit)
                .query((row, number) -> new PlaceRow(row.getString("delivery"), row.getInt("kind"), row.getInt("idx")))
                .list();
    }

    private StatementSpec at(PlaceRow place, String sql) {
        return jdbc.sql(sql)
                .param("delivery", place.delivery())
                .param("kind", place.kind())
                .param("idx", place.idx());
    }

    private List<String> deliveries(String sql, long before) {
        return jdbc.sql(sql)
                .param("before", before)
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> row.getString(1))
                .list();
    }

    private long before(Duration ago) {
        return clock.millis() - ago.toMillis();
    }

    /// Marks some places whose oldest envelope has expired, and the deliveries that can therefore not be completed.
    ///
    /// @return whether there may be more
    boolean expireSome() {
        return expireUnreceived(BundleState.WAITING)
                || expireUnreceived(BundleState.HELD)
                || expireAgain()
                || expireCollecting()
                || settle();
    }

    private boolean expireUnreceived(BundleState state) {
        return inTransaction(dueBundles(state), place -> {
            int rows = at(place, """
                            -- HousekeepingStore.expireBundle
                            UPDATE bundle SET state = 'expired', changed = :now
                            WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND state = :state
                                AND expires < :now""")
                    .param("state", state.text())
                    .param("now", clock.millis())
                    .update();
            if (rows == 1) {
                expire(place.delivery());
            }
        });
    }

    private boolean expireAgain() {
        return inTransaction(
                dueBundles(BundleState.AGAIN),
                place -> at(place, """
                        -- HousekeepingStore.expireRedelivery
                        UPDATE bundle SET state = 'received', changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND state = 'again'
                            AND expires < :now""").param("now", clock.millis()).update());
    }

    private List<PlaceRow> dueBundles(BundleState state) {
        return places(jdbc.sql("""
                        -- HousekeepingStore.dueBundles
                        SELECT delivery, kind, idx FROM bundle WHERE state = :state AND expires < :now
                        ORDER BY expires LIMIT :limit""").param("state", state.text()).param("now", clock.millis()), ROWS_AT_ONCE / 5);
    }

    private boolean expireCollecting() {
        var due = places(jdbc.sql("""
                        -- HousekeepingStore.dueCollecting
                        SELECT delivery, kind, idx FROM collecting WHERE expires < :now
                        ORDER BY expires LIMIT :limit""").param("now", clock.millis()), ROWS_AT_ONCE / 5);
        return inTransaction(due, place -> {
            int rows = at(place, """
                            -- HousekeepingStore.expireCollecting
                            DELETE FROM collecting
                            WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND expires < :now""").param("now", clock.millis()).update();
            if (rows == 1) {
                expire(place.delivery());
            }
        });
    }

    /// Decides once for each delivery, when its youngest envelope has expired, whether it was received or has
    /// expired.
    private boolean settle() {
        var due = deliveries("""
                        -- HousekeepingStore.unsettled
                        SELECT id FROM delivery WHERE settled = FALSE AND expires < :before
                        ORDER BY expires LIMIT :limit""", clock.millis());
        return inTransaction(due, delivery -> {
            int rows = jdbc.sql("""
                            -- HousekeepingStore.settle
                            UPDATE delivery SET settled = TRUE
                            WHERE id = :id AND settled = FALSE AND expires < :now""")
                    .param("id", delivery)
                    .param("now", clock.millis())
                    .update();
            if (rows == 1 && isIncomplete(delivery)) {
                expire(delivery);
            }
        });
    }

    private boolean isIncomplete(String delivery) {
        return jdbc.sql("""
                        -- HousekeepingStore.isIncomplete
                        SELECT COUNT(*) FROM delivery WHERE id = :id AND place_count > (
                            SELECT COUNT(*) FROM bundle WHERE delivery = :id AND receipt_number IS NOT NULL)""").param("id", delivery).query(Integer.class).single() > 0;
    }

    private void expire(String delivery) {
        int rows =
                jdbc.sql("""
                        -- HousekeepingStore.expireDelivery
                        UPDATE delivery SET expired = TRUE, last_change = :now
                        WHERE id = :id AND expired = FALSE AND released = FALSE""").param("id", delivery).param("now", clock.millis()).update();
        if (rows == 1) {
            feed.note(delivery, State.EXPIRED);
            expired.increment();
        }
    }

    /// Returns the number of deliveries that expired since the last call.
    long countExpired() {
        return expired.sumThenReset();
    }

    /// Releases the content of some received bundles whose retention has ended.
    ///
    /// @return whether there may be more
    boolean releaseReceived() {
        long before = before(relay.retention());
        var due = places(jdbc.sql("""
                        -- HousekeepingStore.releasableBundles
                        SELECT delivery, kind, idx FROM bundle
                        WHERE state = 'received' AND released = FALSE AND changed < :before
                        ORDER BY changed LIMIT :limit""").param("before", before), PLACES_AT_ONCE);
        return inTransaction(due, place -> release(place, before));
    }

    /// Releases the oldest received bundles before their retention ends if one of their senders is close to its
    /// quota, because bundles without a receipt are more important.
    ///
    /// @return whether there may be more
    boolean releaseForRoom() {
        var mark = relay.quota().toBytes() / 10 * 9;
        var due = crowded(mark) ? receivedFromCrowded(mark) : List.<PlaceRow>of();
        return inTransaction(due, place -> release(place, Long.MAX_VALUE));
    }

    private boolean crowded(long mark) {
        return jdbc.sql("""
                        -- HousekeepingStore.crowded
                        SELECT COUNT(*) FROM usage WHERE bytes > :mark""").param("mark", mark).query(Integer.class).single() > 0;
    }

    private List<PlaceRow> receivedFromCrowded(long mark) {
        return places(jdbc.sql("""
                        -- HousekeepingStore.receivedFromCrowded
                        SELECT delivery, kind, idx FROM bundle b
                        WHERE state = 'received' AND released = FALSE AND EXISTS (
                            SELECT 1 FROM delivery_party p JOIN usage u ON u.sender = p.party
                            WHERE p.delivery = b.delivery AND u.bytes > :mark)
                        ORDER BY changed LIMIT :limit""").param("mark", mark), PLACES_AT_ONCE);
    }

    /// Only the replica that claims the bundle credits its bytes.
    private void release(PlaceRow place, long before) {
        int claimed = at(place, """
                        -- HousekeepingStore.claimBundle
                        UPDATE bundle SET released = TRUE
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state = 'received' AND released = FALSE AND changed < :before""").param("before", before).update();
        if (claimed == 1) {
            clearContent(place);
        }
    }

    /// Releases the content of some expired deliveries whose retention has ended.
    ///
    /// @return whether there may be more
    boolean releaseExpired() {
        var due = deliveries("""
                        -- HousekeepingStore.releasableDeliveries
                        SELECT id FROM delivery WHERE expired = TRUE AND released = FALSE AND expires < :before
                        ORDER BY expires LIMIT :limit""", before(relay.retention()));
        return inSteps(due, PLACES_AT_ONCE, (delivery, limit) -> {
            if (!isStill(delivery, "expired = TRUE AND released = FALSE AND expires < :before", relay.retention())) {
                return 0;
            }
            int places = clearContent(delivery, limit);
            if (places < limit) {
                jdbc.sql("""
                                -- HousekeepingStore.released
                                UPDATE delivery SET released = TRUE WHERE id = :id""").param("id", delivery).update();
            }
            return places;
        });
    }

    /// Deletes masked values whose retention has ended.
    ///
    /// @return whether there may be more
    boolean releaseAnswers() {
        return answers.releaseSome(relay.retention());
    }

    /// Locks the delivery's row, so that no other replica credits the same bytes and no envelope is stored
    /// meanwhile.
    ///
    /// @param condition by which the row was found; it may no longer hold
    /// @return whether it holds
    private boolean isStill(String delivery, String condition, Duration ago) {
        return jdbc.sql("""
                        -- HousekeepingStore.isStill
                        UPDATE delivery SET id = id WHERE id = :id AND\s""" + condition)
                        .param("id", delivery)
                        .param("before", before(ago))
                        .update()
                == 1;
    }

    /// @param delivery whose row is locked
    /// @param limit the maximum number of places
    /// @return the number of places that had content
    private int clearContent(String delivery, int limit) {
        var places = places(jdbc.sql("""
                        -- HousekeepingStore.placesWithContent
                        SELECT DISTINCT delivery, kind, idx FROM envelope
                        WHERE delivery = :id AND encoded IS NOT NULL LIMIT :limit""").param("id", delivery), limit);
        places.forEach(this::clearContent);
        return places.size();
    }

    /// Deletes the content of an envelope but keeps its row, so that the envelope is never accepted again.
    private void clearContent(PlaceRow place) {
        at(place, """
                        -- HousekeepingStore.credit
                        UPDATE usage SET bytes = bytes - (
                            SELECT COALESCE(SUM(e.size), 0) FROM envelope e
                            WHERE e.delivery = :delivery AND e.kind = :kind AND e.idx = :idx
                                AND e.sender = usage.sender AND e.encoded IS NOT NULL)
                        WHERE sender IN (SELECT party FROM delivery_party WHERE delivery = :delivery)""").update();
        at(place, """
                        -- HousekeepingStore.clearContent
                        UPDATE envelope SET encoded = NULL
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND encoded IS NOT NULL""").update();
    }

    /// Deletes the rows of some deliveries whose envelopes are all too old to be accepted again. A delivery expires
    /// with its youngest envelope.
    ///
    /// @return whether there may be more
    boolean forget() {
        var age = age();
        var due = deliveries("""
                        -- HousekeepingStore.forgettable
                        SELECT id FROM delivery WHERE settled = TRUE AND expires < :before
                        ORDER BY expires LIMIT :limit""", before(age));
        return inSteps(due, ROWS_AT_ONCE, this::forget);
    }

    private Duration age() {
        return properties.deliveryLifetime().plus(properties.clockTolerance()).plus(relay.retention());
    }

    private int forget(String delivery, int limit) {
        if (!isStill(delivery, "settled = TRUE AND expires < :before", age())) {
            return 0;
        }
        int most = Math.min(limit, PLACES_AT_ONCE);
        if (clearContent(delivery, most) == most || answers.forget(delivery, most) == most) {
            return limit;
        }
        int rows = jdbc.sql("""
                        -- HousekeepingStore.deleteEnvelopes
                        DELETE FROM envelope WHERE delivery = :id AND (kind, idx, sender) IN (
                            SELECT kind, idx, sender FROM envelope WHERE delivery = :id LIMIT :limit)""").param("id", delivery).param("limit", limit).update();
        if (rows < limit) {
            jdbc.sql("""
                            -- HousekeepingStore.delete
                            DELETE FROM delivery WHERE id = :id""").param("id", delivery).update();
        }
        return rows;
    }
}
