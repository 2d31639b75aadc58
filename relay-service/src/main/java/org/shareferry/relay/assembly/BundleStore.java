// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.shareferry.relay.feed.FeedEntry.Why;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Stores bundles when they are complete or refused, and the places that still lack envelopes.
@Repository
public class BundleStore {
    private final JdbcClient jdbc;
    private final Clock clock;

    public BundleStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// Why a bundle will never be delivered.
    ///
    /// @param type a problem's type
    /// @param detail the reason, for people
    /// @param members the members concerned, separated by commas
    public record Refusal(String type, String detail, String members) {
        public Why why() {
            return new Why(type, detail);
        }
    }

    /// The envelopes at a place.
    ///
    /// @param senders the number of parties that have submitted one
    /// @param size bytes of them
    /// @param expires when the oldest of them expires, in milliseconds
    record Collected(int senders, long size, long expires) {}

    Collected collected(BundleKey key) {
        return key.statement(jdbc, """
                        -- BundleStore.collected
                        SELECT COUNT(*) AS senders, COALESCE(SUM(size), 0) AS size, COALESCE(MIN(expires), 0) AS expires
                        FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .query((row, number) ->
                        new Collected(row.getInt("senders"), row.getLong("size"), row.getLong("expires")))
                .single();
    }

    /// Creates a waiting bundle, if there is none for this place. It expires with its oldest envelope.
    void make(BundleKey key, MemberName recipient, Collected content) {
        if (content.senders() > 1) {
            forgetCollecting(key);
        }
        key.statement(jdbc, """
                        -- BundleStore.make
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, size, expires)
                        VALUES (:delivery, :kind, :idx, :recipient, 'waiting', :now, :now, :size, :expires)
                        ON CONFLICT (delivery, kind, idx) DO NOTHING""")
                .param("recipient", recipient.toString())
                .param("now", clock.millis())
                .param("size", content.size())
                .param("expires", content.expires())
                .update();
    }

    /// Records that a place has some but not all envelopes, and when the oldest of them expires.
    void collecting(BundleKey key, Collected content) {
        key.statement(jdbc, """
                        -- BundleStore.collecting
                        INSERT INTO collecting (delivery, kind, idx, since, expires)
                        VALUES (:delivery, :kind, :idx, :now, :expires)
                        ON CONFLICT (delivery, kind, idx) DO UPDATE SET expires = excluded.expires""")
                .param("now", clock.millis())
                .param("expires", content.expires())
                .update();
    }

    private void forgetCollecting(BundleKey key) {
        key.statement(jdbc, """
                        -- BundleStore.forgetCollecting
                        DELETE FROM collecting WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").update();
    }

    /// Marks a waiting or held bundle as finally refused; its envelopes are kept. A bundle in state `again` becomes
    /// received again, because there is a receipt for it.
    ///
    /// @return whether the state changed
    public boolean refuse(BundleKey key, Refusal refusal) {
        return key.statement(jdbc, """
                        -- BundleStore.refuse
                        UPDATE bundle SET state = CASE WHEN state = 'again' THEN 'received' ELSE 'refused' END,
                            refusal_type = :type, refusal_detail = :detail,
                            refusal_members = :members, changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('waiting', 'held', 'again')""")
                        .param("type", refusal.type())
                        .param("detail", refusal.detail())
                        .param("members", refusal.members())
                        .param("now", clock.millis())
                        .update()
                == 1;
    }

    /// Updates the reason and the members in all bundles of a delivery that were refused with this type.
    void refuseAgain(DeliveryKey delivery, Refusal refusal) {
        jdbc.sql("""
                        -- BundleStore.refuseAgain
                        UPDATE bundle SET refusal_detail = :detail, refusal_members = :members, changed = :now
                        WHERE delivery = :delivery AND state = 'refused' AND refusal_type = :type""")
                .param("type", refusal.type())
                .param("detail", refusal.detail())
                .param("members", refusal.members())
                .param("now", clock.millis())
                .param("delivery", delivery.toString())
                .update();
    }

    /// @return whether every place of the delivery has a bundle that was not refused
    boolean isComplete(DeliveryKey delivery) {
        return jdbc.sql("""
                        -- BundleStore.isComplete
                        SELECT COUNT(*) FROM delivery d WHERE d.id = :delivery AND d.place_count = (
                            SELECT COUNT(*) FROM bundle b WHERE b.delivery = d.id AND b.state <> 'refused')""")
                        .param("delivery", delivery.toString())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// @return whether all parties have submitted all their envelopes
    boolean hasAll(DeliveryKey delivery) {
        return jdbc.sql("""
                        -- BundleStore.hasAll
                        SELECT COUNT(*) FROM delivery d WHERE d.id = :delivery AND NOT EXISTS (
                            SELECT 1 FROM delivery_party p WHERE p.delivery = d.id AND p.stored < d.place_count)""")
                        .param("delivery", delivery.toString())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// @return how long the oldest envelope has waited for those of other parties
    public Optional<Duration> oldestCollecting() {
        return jdbc.sql("""
                        -- BundleStore.oldestCollecting
                        SELECT since FROM collecting c WHERE NOT EXISTS (
                            SELECT 1 FROM bundle b
                            WHERE b.delivery = c.delivery AND b.kind = c.kind AND b.idx = c.idx)
                        ORDER BY since LIMIT 1""")
                .query(Long.class)
                .optional()
                .map(since -> Duration.between(Instant.ofEpochMilli(since), clock.instant()));
    }
}
