// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.relay.feed.FeedEntry.Why;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/// The stored bundles. A bundle waits until it is delivered, refused or expired, which are final states. There are
/// two exceptions: [Redelivery] offers a delivered one again (state `again`), and [HeldBundles] one that was
/// refused for a cause that can be fixed. A bundle in state `again` keeps its receipt and is shown as delivered.
@Repository
class BundleStore {
    private final JdbcClient jdbc;
    private final ReadableRows rows;
    private final Clock clock;

    BundleStore(JdbcClient jdbc, ReadableRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.clock = clock;
    }

    /// Why a bundle will never be delivered.
    ///
    /// @param type a problem's type
    /// @param detail the reason, for people
    /// @param members the members concerned, separated by commas
    record Refusal(String type, String detail, String members) {
        Why why() {
            return new Why(type, detail);
        }
    }

    /// @param sql with the parameters delivery, kind and idx
    private StatementSpec at(BundleKey key, String sql) {
        return jdbc.sql(sql)
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index());
    }

    /// The envelopes at a place.
    ///
    /// @param senders the number of parties that have submitted one
    /// @param size bytes of them
    /// @param expires when the oldest of them expires, in milliseconds
    record Collected(int senders, long size, long expires) {}

    Collected collected(BundleKey key) {
        return at(key, """
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
        at(key, """
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
        at(key, """
                        -- BundleStore.collecting
                        INSERT INTO collecting (delivery, kind, idx, since, expires)
                        VALUES (:delivery, :kind, :idx, :now, :expires)
                        ON CONFLICT (delivery, kind, idx) DO UPDATE SET expires = excluded.expires""")
                .param("now", clock.millis())
                .param("expires", content.expires())
                .update();
    }

    private void forgetCollecting(BundleKey key) {
        at(key, """
                        -- BundleStore.forgetCollecting
                        DELETE FROM collecting WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").update();
    }

    /// @return whether there is such a bundle for this client, in any state
    boolean isFor(BundleKey key, MemberName client) {
        return at(key, """
                        -- BundleStore.isFor
                        SELECT COUNT(*) FROM bundle
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND recipient = :client""")
                        .param("client", client.toString())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// @param parties only the delivery of these; all deliveries of the id when empty
    /// @return the bundles for this client at a place of deliveries with this id, in any state
    List<BundleKey> keysFor(DeliveryId id, Optional<PartySet> parties, Place place, MemberName client) {
        return jdbc.sql("""
                        -- BundleStore.keysFor
                        SELECT b.delivery, b.kind, b.idx FROM bundle b JOIN delivery d ON d.id = b.delivery
                        WHERE d.delivery_id = :id AND (:key = '' OR d.id = :key)
                            AND b.kind = :kind AND b.idx = :idx AND b.recipient = :client""")
                .param("id", id.toString())
                .param(
                        "key",
                        parties.map(set -> new DeliveryKey(id, set).toString()).orElse(""))
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .param("client", client.toString())
                .query((row, number) -> key(row))
                .list();
    }

    /// @return the envelopes of a bundle, in the order of the parties; empty after their content was released
    /// @throws MalformedException when this version of the service cannot read a stored envelope
    Optional<Bundle> read(BundleKey key) throws MalformedException {
        var envelopes = new ArrayList<Envelope>();
        for (var encoded : stored(key).encoded()) {
            envelopes.add(Envelope.decode(encoded));
        }
        return envelopes.isEmpty() ? Optional.empty() : Optional.of(new Bundle(envelopes));
    }

    /// A bundle's content.
    ///
    /// @param ids of the envelopes, by sender
    /// @param encoded the envelopes as they were stored, in the order of the parties
    record Stored(Map<MemberName, EnvelopeId> ids, List<Bytes> encoded) {}

    /// @return the content; without envelopes after it was released
    Stored stored(BundleKey key) {
        var content = new Stored(new TreeMap<>(), new ArrayList<>());
        at(key, """
                        -- BundleStore.stored
                        SELECT sender, id, encoded FROM envelope
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND encoded IS NOT NULL
                        ORDER BY LENGTH(sender), sender""").query(row -> {
            content.ids().put(MemberName.parse(row.getString("sender")), new EnvelopeId(Bytes.of(row.getBytes("id"))));
            content.encoded().add(Bytes.of(row.getBytes("encoded")));
        });
        return content;
    }

    /// A waiting bundle and its size.
    /// @param key of the bundle
    /// @param size bytes of its envelopes
    /// @param made when it became complete
    record Waiting(BundleKey key, long size, Instant made) {}

    /// @return the oldest bundles that wait for this client, then those offered again after a restore or a refusal;
    ///     at most `limit`
    List<Waiting> waitingFor(MemberName recipient, int limit) {
        var waiting = new ArrayList<Waiting>();
        for (var state : List.of("waiting", "again", "held")) {
            if (waiting.size() < limit) {
                waiting.addAll(oldest(recipient, state, limit - waiting.size()));
            }
        }
        return waiting;
    }

    private List<Waiting> oldest(MemberName recipient, String state, int limit) {
        var statement = jdbc.sql("""
                        -- BundleStore.oldest
                        SELECT b.delivery, b.kind, b.idx, b.made, b.size
                        FROM bundle b
                        WHERE b.state = :state AND b.recipient = :recipient AND b.expires >= :now
                            AND (b.offer_at IS NULL OR b.offer_at <= :now)
                        ORDER BY b.made, b.delivery, b.kind, b.idx LIMIT :limit OFFSET :skip""")
                .param("state", state)
                .param("recipient", recipient.toString())
                .param("now", clock.millis());
        return rows.list(
                statement,
                "delivery",
                limit,
                (row, number) -> new Waiting(key(row), row.getLong("size"), Instant.ofEpochMilli(row.getLong("made"))));
    }

    /// @return how long the oldest bundle has waited
    Optional<Duration> oldestWait() {
        return jdbc.sql("""
                        -- BundleStore.oldestWait
                        SELECT made FROM bundle WHERE state = 'waiting' ORDER BY made LIMIT 1""")
                .query(Long.class)
                .optional()
                .map(made -> Duration.between(Instant.ofEpochMilli(made), clock.instant()));
    }

    /// @return how long the oldest envelope has waited for those of other parties
    Optional<Duration> oldestCollecting() {
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

    /// @return the ids of the envelopes at a place, by sender
    Map<MemberName, EnvelopeId> envelopeIds(BundleKey key) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        at(key, """
                        -- BundleStore.envelopeIds
                        SELECT sender, id FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").query(row -> {
            ids.put(MemberName.parse(row.getString("sender")), new EnvelopeId(Bytes.of(row.getBytes("id"))));
        });
        return ids;
    }

    /// Marks a bundle as delivered, even if it has expired, because the client's receipt shows that it has the
    /// bundle.
    ///
    /// @return the previous state; empty if it was already delivered or refused
    Optional<String> delivered(BundleKey key) {
        if (delivered(key, "waiting")) {
            return Optional.of("waiting");
        }
        return at(key, """
                        -- BundleStore.state
                        SELECT state FROM bundle WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('held', 'again', 'expired')""").query(String.class).optional().filter(state -> delivered(key, state));
    }

    private boolean delivered(BundleKey key, String before) {
        return at(key, """
                        -- BundleStore.delivered
                        UPDATE bundle SET state = 'delivered', changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND state = :before""").param("before", before).param("now", clock.millis()).update() == 1;
    }

    /// Stores the feed number of the receipt for a bundle.
    void numbered(BundleKey key, long receipt) {
        at(key, """
                        -- BundleStore.numbered
                        UPDATE bundle SET receipt_number = :receipt
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").param("receipt", receipt).update();
    }

    /// @param until the bundle is not offered before this time
    void postpone(BundleKey key, Instant until) {
        at(key, """
                        -- BundleStore.postpone
                        UPDATE bundle SET offer_at = :until
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('waiting', 'held', 'again')""").param("until", until.toEpochMilli()).update();
    }

    /// @return the number of the delivery's bundles in this state
    long count(DeliveryKey delivery, String state) {
        return jdbc.sql("""
                        -- BundleStore.count
                        SELECT COUNT(*) FROM bundle WHERE delivery = :delivery AND state = :state""")
                .param("delivery", delivery.toString())
                .param("state", state)
                .query(Long.class)
                .single();
    }

    /// @return whether the delivery has a receipt for every place
    boolean isDelivered(DeliveryKey delivery) {
        return jdbc.sql("""
                        -- BundleStore.isDelivered
                        SELECT COUNT(*) FROM delivery d WHERE d.id = :delivery AND d.place_count = (
                            SELECT COUNT(*) FROM bundle b WHERE b.delivery = d.id AND b.receipt_number IS NOT NULL)""")
                        .param("delivery", delivery.toString())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// Marks a waiting or held bundle as finally refused; its envelopes are kept. A bundle in state `again` becomes
    /// delivered again, because there is a receipt for it.
    ///
    /// @return whether the state changed
    boolean refuse(BundleKey key, Refusal refusal) {
        return at(key, """
                        -- BundleStore.refuse
                        UPDATE bundle SET state = CASE WHEN state = 'again' THEN 'delivered' ELSE 'refused' END,
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

    /// Offers some delivered bundles again, as far as their content is kept.
    ///
    /// @param only bundles of this delivery; all if empty
    /// @param since only those whose receipt arrived at this time or later
    /// @return the bundles; as many as `limit` if there may be more
    List<BundleKey> again(MemberName recipient, Optional<DeliveryKey> only, Instant since, int limit) {
        var statement = jdbc.sql("""
                        -- BundleStore.kept
                        SELECT b.delivery, b.kind, b.idx FROM bundle b JOIN delivery d ON d.id = b.delivery
                        WHERE b.state = 'delivered' AND b.released = FALSE AND b.changed >= :since
                            AND b.recipient = :recipient AND d.released = FALSE AND b.expires >= :now
                            AND (:only = '' OR b.delivery = :only)
                        ORDER BY b.changed, b.delivery, b.kind, b.idx LIMIT :limit OFFSET :skip""")
                .param("recipient", recipient.toString())
                .param("only", only.map(DeliveryKey::toString).orElse(""))
                .param("since", since.toEpochMilli())
                .param("now", clock.millis());
        var keys = rows.list(statement, "delivery", limit, (row, number) -> key(row));
        keys.forEach(key -> at(key, """
                        -- BundleStore.again
                        UPDATE bundle SET state = 'again', offer_at = NULL, changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state = 'delivered' AND released = FALSE""").param("now", clock.millis()).update());
        return keys;
    }

    /// @param row with delivery, kind and idx
    static BundleKey key(ResultSet row) throws SQLException {
        return new BundleKey(
                DeliveryKey.parse(row.getString("delivery")),
                new Place(Kind.ofCode(row.getInt("kind")), row.getInt("idx")));
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
}
