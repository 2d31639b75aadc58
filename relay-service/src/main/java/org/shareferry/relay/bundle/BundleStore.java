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
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/// The bundles as they are stored. A bundle waits until it is delivered, refused or expired, and then stays so; but
/// [Redelivery] offers a delivered one `again`, and [HeldBundles] one that was refused for a cause that can be mended.
/// Meanwhile it keeps its receipt, and counts as delivered for
/// everybody else.
@Component
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
    /// @param detail a sentence
    /// @param members the members concerned, with commas between them
    record Refusal(String type, String detail, String members) {}

    /// @param sql with the parameters delivery, kind and idx
    private StatementSpec at(BundleKey key, String sql) {
        return jdbc.sql(sql)
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index());
    }

    /// Makes a bundle that waits, if there is none for this place. It expires with its oldest envelope.
    void make(BundleKey key, MemberName recipient) {
        collected(key);
        at(key, """
                        -- BundleStore.make
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed, expires)
                        VALUES (:delivery, :kind, :idx, :recipient, 'waiting', :now, :now, (
                            SELECT MIN(e.expires) FROM envelope e
                            WHERE e.delivery = :delivery AND e.kind = :kind AND e.idx = :idx))
                        ON CONFLICT (delivery, kind, idx) DO NOTHING""")
                .param("recipient", recipient.toString())
                .param("now", clock.millis())
                .update();
    }

    /// Notes since when a place has some envelopes but not all, and when the oldest of them expires.
    void collecting(BundleKey key) {
        at(key, """
                        -- BundleStore.collecting
                        INSERT INTO collecting (delivery, kind, idx, since, expires)
                        VALUES (:delivery, :kind, :idx, :now, (
                            SELECT MIN(e.expires) FROM envelope e
                            WHERE e.delivery = :delivery AND e.kind = :kind AND e.idx = :idx))
                        ON CONFLICT (delivery, kind, idx) DO UPDATE SET expires = excluded.expires""").param("now", clock.millis()).update();
    }

    private void collected(BundleKey key) {
        at(key, """
                        -- BundleStore.collected
                        DELETE FROM collecting WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").update();
    }

    /// @return how many parties' envelopes are there for this place
    int senders(BundleKey key) {
        return at(key, """
                        -- BundleStore.senders
                        SELECT COUNT(*) FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").query(Integer.class).single();
    }

    /// @return for whom a bundle is that waits, or is offered again, and has not expired
    Optional<MemberName> recipient(BundleKey key) {
        return at(key, """
                        -- BundleStore.recipient
                        SELECT recipient FROM bundle
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('waiting', 'held', 'again') AND expires >= :now""")
                .param("now", clock.millis())
                .query((row, number) -> MemberName.parse(row.getString(1)))
                .optional();
    }

    /// @return whether there is such a bundle for this client, in whatever state
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
    /// @return the bundles for this client at a place of a delivery of this id, in whatever state
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

    /// @return the envelopes of a bundle, in the order of the parties, while their content is kept
    /// @throws MalformedException when this version of the service cannot read a stored envelope
    Optional<Bundle> read(BundleKey key) throws MalformedException {
        var envelopes = new ArrayList<Envelope>();
        for (var encoded : encoded(key)) {
            envelopes.add(Envelope.decode(encoded));
        }
        return envelopes.isEmpty() ? Optional.empty() : Optional.of(new Bundle(envelopes));
    }

    /// @return the same as they were stored; none when their content is no longer kept
    List<Bytes> encoded(BundleKey key) {
        return at(key, """
                        -- BundleStore.encoded
                        SELECT encoded FROM envelope
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND encoded IS NOT NULL
                        ORDER BY LENGTH(sender), sender""").query((row, number) -> Bytes.of(row.getBytes(1))).list();
    }

    /// @return bytes of a bundle's envelopes
    long size(BundleKey key) {
        return at(key, """
                        -- BundleStore.size
                        SELECT COALESCE(SUM(size), 0) FROM envelope
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").query(Long.class).single();
    }

    /// A bundle that waits, and how much there is to carry.
    ///
    /// @param key which
    /// @param size bytes of its envelopes
    record Waiting(BundleKey key, long size) {}

    /// @return the oldest bundles that wait for this client, then those offered again after a restoration or a refusal;
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
                        SELECT b.delivery, b.kind, b.idx, (
                            SELECT SUM(e.size) FROM envelope e
                            WHERE e.delivery = b.delivery AND e.kind = b.kind AND e.idx = b.idx) AS size
                        FROM bundle b
                        WHERE b.state = :state AND b.recipient = :recipient AND b.expires >= :now
                            AND (b.offer_at IS NULL OR b.offer_at <= :now)
                        ORDER BY b.made, b.delivery, b.kind, b.idx LIMIT :limit OFFSET :skip""")
                .param("state", state)
                .param("recipient", recipient.toString())
                .param("now", clock.millis());
        return rows.list(statement, "delivery", limit, (row, number) -> new Waiting(key(row), row.getLong("size")));
    }

    /// @return since when the oldest bundle waits
    Optional<Duration> oldestWait() {
        return jdbc.sql("""
                        -- BundleStore.oldestWait
                        SELECT made FROM bundle WHERE state = 'waiting' ORDER BY made LIMIT 1""")
                .query(Long.class)
                .optional()
                .map(made -> Duration.between(Instant.ofEpochMilli(made), clock.instant()));
    }

    /// @return since when the oldest envelope waits for another party's
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

    /// Keeps the client's receipt: also one that comes late, for the client does hold what it signed for.
    ///
    /// @return whether anything changed
    boolean delivered(BundleKey key, SignedReceipt receipt) {
        return at(key, """
                        -- BundleStore.delivered
                        UPDATE bundle SET state = 'delivered', receipt = :receipt, receipt_signature = :signature,
                            changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('waiting', 'held', 'again', 'expired')""")
                        .param("receipt", receipt.receipt().toArray())
                        .param("signature", receipt.signature().toArray())
                        .param("now", clock.millis())
                        .update()
                == 1;
    }

    /// Marks a waiting or held bundle as one that will never be taken; its envelopes stay. One that was offered again
    /// is as
    /// delivered as before: the client did give a receipt.
    ///
    /// @return whether it was on its way
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

    /// Offers some delivered bundles again whose content is kept.
    ///
    /// @param since whose receipt came at this time or later
    /// @return which; as many as `limit` when there may be more
    List<BundleKey> again(MemberName recipient, Instant since, int limit) {
        var statement = jdbc.sql("""
                        -- BundleStore.kept
                        SELECT b.delivery, b.kind, b.idx FROM bundle b JOIN delivery d ON d.id = b.delivery
                        WHERE b.state = 'delivered' AND b.released = FALSE AND b.changed >= :since
                            AND b.recipient = :recipient AND d.released = FALSE AND b.expires >= :now
                        ORDER BY b.changed, b.delivery, b.kind, b.idx LIMIT :limit OFFSET :skip""")
                .param("recipient", recipient.toString())
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

    /// Tells the bundles of a delivery that were refused for the same reason of all members concerned.
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
