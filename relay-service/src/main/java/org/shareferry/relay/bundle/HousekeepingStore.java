// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.shareferry.relay.RelayProperties;
import org.shareferry.service.member.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The statements of [Housekeeping]. Each call is one short transaction, so that submissions need not wait.
@Component
class HousekeepingStore {
    private static final int BUNDLES_AT_ONCE = 100;
    private static final int DELIVERIES_AT_ONCE = 10;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final RelayProperties relay;
    private final ServiceProperties properties;

    HousekeepingStore(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Clock clock,
            RelayProperties relay,
            ServiceProperties properties) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.relay = relay;
        this.properties = properties;
    }

    /// Marks places whose oldest envelope is too old, and the deliveries that can therefore not become complete.
    ///
    /// @return how many deliveries
    int expire() {
        return transaction.execute(status -> {
            int deliveries = jdbc.sql("""
                            -- HousekeepingStore.expireDeliveries
                            UPDATE delivery SET expired = TRUE, last_change = :now
                            WHERE expired = FALSE AND released = FALSE AND (
                                id IN (SELECT delivery FROM bundle WHERE state = 'waiting' AND expires < :now)
                                OR id IN (SELECT delivery FROM collecting WHERE expires < :now)
                                OR (expires < :now AND place_count > (
                                    SELECT COUNT(*) FROM bundle b
                                    WHERE b.delivery = delivery.id AND b.receipt IS NOT NULL)))""").param("now", clock.millis()).update();
            jdbc.sql("""
                            -- HousekeepingStore.expireBundles
                            UPDATE bundle SET state = 'expired', changed = :now
                            WHERE state = 'waiting' AND expires < :now""").param("now", clock.millis()).update();
            jdbc.sql("""
                            -- HousekeepingStore.expireRedelivery
                            UPDATE bundle SET state = 'delivered', changed = :now
                            WHERE state = 'again' AND expires < :now""").param("now", clock.millis()).update();
            jdbc.sql("""
                            -- HousekeepingStore.expireCollecting
                            DELETE FROM collecting WHERE expires < :now""").param("now", clock.millis()).update();
            return deliveries;
        });
    }

    /// Releases the content of bundles that were delivered longer ago than the retention.
    ///
    /// @return whether there may be more
    boolean releaseDelivered() {
        return transaction.execute(status -> {
            var due = jdbc.sql("""
                            -- HousekeepingStore.releasableBundles
                            SELECT delivery, kind, idx FROM bundle
                            WHERE state = 'delivered' AND released = FALSE AND changed < :before
                            ORDER BY changed LIMIT :limit""")
                    .param("before", before(relay.retention()))
                    .param("limit", BUNDLES_AT_ONCE)
                    .query((row, number) -> BundleStore.key(row))
                    .list();
            due.forEach(this::release);
            return due.size() == BUNDLES_AT_ONCE;
        });
    }

    /// Releases the oldest delivered bundles before their retention is over, when one of their senders has hardly any
    /// room left: what is not delivered yet comes first.
    ///
    /// @return whether there may be more
    boolean releaseForRoom() {
        return transaction.execute(status -> {
            var mark = relay.quota().toBytes() / 10 * 9;
            var due = crowded(mark) ? inTheWay(mark) : List.<BundleKey>of();
            due.forEach(this::release);
            return !due.isEmpty();
        });
    }

    private boolean crowded(long mark) {
        return jdbc.sql("""
                        -- HousekeepingStore.crowded
                        SELECT COUNT(*) FROM usage WHERE bytes > :mark""").param("mark", mark).query(Integer.class).single() > 0;
    }

    private List<BundleKey> inTheWay(long mark) {
        return jdbc.sql("""
                        -- HousekeepingStore.inTheWay
                        SELECT delivery, kind, idx FROM bundle b
                        WHERE state = 'delivered' AND released = FALSE AND EXISTS (
                            SELECT 1 FROM delivery_party p JOIN usage u ON u.sender = p.party
                            WHERE p.delivery = b.delivery AND u.bytes > :mark)
                        ORDER BY changed LIMIT :limit""")
                .param("mark", mark)
                .param("limit", DELIVERIES_AT_ONCE)
                .query((row, number) -> BundleStore.key(row))
                .list();
    }

    private long before(Duration ago) {
        return clock.millis() - ago.toMillis();
    }

    /// Another replica may have been here meanwhile: only who claims the bundle credits its bytes.
    private void release(BundleKey key) {
        int claimed = jdbc.sql("""
                        -- HousekeepingStore.claimBundle
                        UPDATE bundle SET released = TRUE
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state = 'delivered' AND released = FALSE""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .update();
        if (claimed == 1) {
            letGo(
                    key.delivery().toString(),
                    List.of(key.place().kind().code()),
                    key.place().index(),
                    key.place().index());
        }
    }

    /// Releases all content of deliveries that expired longer ago than the retention.
    ///
    /// @return whether there may be more
    boolean releaseExpired() {
        return forEachDelivery("""
                        -- HousekeepingStore.releasableDeliveries
                        SELECT id FROM delivery WHERE expired = TRUE AND released = FALSE AND expires < :before
                        ORDER BY expires LIMIT :limit""", relay.retention(), this::releaseDelivery);
    }

    private void releaseDelivery(String delivery) {
        int claimed = jdbc.sql("""
                        -- HousekeepingStore.claimDelivery
                        UPDATE delivery SET released = TRUE WHERE id = :id AND released = FALSE""").param("id", delivery).update();
        if (claimed == 1) {
            letGo(delivery, List.of(0, 1, 2, 3), 0, Integer.MAX_VALUE);
        }
    }

    /// Keeps the line of an envelope, so that it is never taken a second time, and lets go of its content.
    private void letGo(String delivery, List<Integer> kinds, int from, int to) {
        jdbc.sql("""
                        -- HousekeepingStore.credit
                        UPDATE usage SET bytes = bytes - (
                            SELECT COALESCE(SUM(e.size), 0) FROM envelope e
                            WHERE e.delivery = :delivery AND e.kind IN (:kinds) AND e.idx BETWEEN :from AND :to
                                AND e.sender = usage.sender AND e.encoded IS NOT NULL)
                        WHERE sender IN (SELECT party FROM delivery_party WHERE delivery = :delivery)""")
                .param("delivery", delivery)
                .param("kinds", kinds)
                .param("from", from)
                .param("to", to)
                .update();
        jdbc.sql("""
                        -- HousekeepingStore.letGo
                        UPDATE envelope SET encoded = NULL
                        WHERE delivery = :delivery AND kind IN (:kinds) AND idx BETWEEN :from AND :to
                            AND encoded IS NOT NULL""")
                .param("delivery", delivery)
                .param("kinds", kinds)
                .param("from", from)
                .param("to", to)
                .update();
    }

    /// Deletes the lines of deliveries that are over for so long that none of their envelopes would be taken again:
    /// each was sealed before its delivery expired, and is too old a lifetime after that.
    ///
    /// @return whether there may be more
    boolean forget() {
        var age =
                properties.deliveryLifetime().plus(properties.clockTolerance()).plus(relay.retention());
        return forEachDelivery("""
                        -- HousekeepingStore.forgettable
                        SELECT id FROM delivery d WHERE expires < :before AND (released = TRUE OR NOT EXISTS (
                            SELECT 1 FROM envelope e WHERE e.delivery = d.id AND e.encoded IS NOT NULL))
                        ORDER BY expires LIMIT :limit""", age, this::delete);
    }

    private void delete(String delivery) {
        jdbc.sql("""
                        -- HousekeepingStore.delete
                        DELETE FROM delivery WHERE id = :id""").param("id", delivery).update();
    }

    private boolean forEachDelivery(String statement, Duration ago, Consumer<String> work) {
        return transaction.execute(status -> {
            var due = jdbc.sql(statement)
                    .param("before", before(ago))
                    .param("limit", DELIVERIES_AT_ONCE)
                    .query(String.class)
                    .list();
            due.forEach(work);
            return due.size() == DELIVERIES_AT_ONCE;
        });
    }
}
