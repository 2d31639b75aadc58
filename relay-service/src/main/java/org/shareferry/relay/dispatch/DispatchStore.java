// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

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
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.assembly.BundleState;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Bundles on their way to clients. A bundle waits until it is received, refused or expired, which are final
/// states. There are two exceptions: [Redelivery] offers a received one again (state `again`), and
/// [HeldBundleStore] one that was refused for a cause that can be fixed. A bundle in state `again` keeps its receipt
/// and is shown as received.
@Repository
class DispatchStore {
    private final JdbcClient jdbc;
    private final ReadableRows rows;
    private final Clock clock;

    DispatchStore(JdbcClient jdbc, ReadableRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.clock = clock;
    }

    /// @return whether there is such a bundle for this client, in any state
    boolean isFor(BundleKey key, MemberName client) {
        return key.statement(jdbc, """
                        -- DispatchStore.isFor
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
                        -- DispatchStore.keysFor
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
                .query((row, number) -> BundleKey.read(row))
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
        key.statement(jdbc, """
                        -- DispatchStore.stored
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
        for (var state : List.of(BundleState.WAITING, BundleState.AGAIN, BundleState.HELD)) {
            if (waiting.size() < limit) {
                waiting.addAll(oldest(recipient, state, limit - waiting.size()));
            }
        }
        return waiting;
    }

    private List<Waiting> oldest(MemberName recipient, BundleState state, int limit) {
        var statement = jdbc.sql("""
                        -- DispatchStore.oldest
                        SELECT b.delivery, b.kind, b.idx, b.made, b.size
                        FROM bundle b
                        WHERE b.state = :state AND b.recipient = :recipient AND b.expires >= :now
                            AND (b.offer_at IS NULL OR b.offer_at <= :now)
                        ORDER BY b.made, b.delivery, b.kind, b.idx LIMIT :limit OFFSET :skip""")
                .param("state", state.text())
                .param("recipient", recipient.toString())
                .param("now", clock.millis());
        return rows.list(
                statement,
                "delivery",
                limit,
                (row, number) -> new Waiting(
                        BundleKey.read(row), row.getLong("size"), Instant.ofEpochMilli(row.getLong("made"))));
    }

    /// @return how long the oldest bundle has waited
    Optional<Duration> oldestWait() {
        return jdbc.sql("""
                        -- DispatchStore.oldestWait
                        SELECT made FROM bundle WHERE state = 'waiting' ORDER BY made LIMIT 1""")
                .query(Long.class)
                .optional()
                .map(made -> Duration.between(Instant.ofEpochMilli(made), clock.instant()));
    }

    /// @return the ids of the envelopes at a place, by sender
    Map<MemberName, EnvelopeId> envelopeIds(BundleKey key) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        key.statement(jdbc, """
                        -- DispatchStore.envelopeIds
                        SELECT sender, id FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").query(row -> {
            ids.put(MemberName.parse(row.getString("sender")), new EnvelopeId(Bytes.of(row.getBytes("id"))));
        });
        return ids;
    }

    /// Marks a bundle as received, even if it has expired, because the client's receipt shows that it has the
    /// bundle.
    ///
    /// @return the previous state; empty if it was already received or refused
    Optional<BundleState> received(BundleKey key) {
        if (received(key, BundleState.WAITING)) {
            return Optional.of(BundleState.WAITING);
        }
        return key.statement(jdbc, """
                        -- DispatchStore.state
                        SELECT state FROM bundle WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('held', 'again', 'expired')""")
                .query(String.class)
                .optional()
                .map(BundleState::of)
                .filter(state -> received(key, state));
    }

    private boolean received(BundleKey key, BundleState before) {
        return key.statement(jdbc, """
                        -- DispatchStore.received
                        UPDATE bundle SET state = 'received', changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND state = :before""")
                        .param("before", before.text())
                        .param("now", clock.millis())
                        .update()
                == 1;
    }

    /// Stores the feed number of the receipt for a bundle.
    void numbered(BundleKey key, long receipt) {
        key.statement(jdbc, """
                        -- DispatchStore.numbered
                        UPDATE bundle SET receipt_number = :receipt
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").param("receipt", receipt).update();
    }

    /// @param until the bundle is not offered before this time
    void postpone(BundleKey key, Instant until) {
        key.statement(jdbc, """
                        -- DispatchStore.postpone
                        UPDATE bundle SET offer_at = :until
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('waiting', 'held', 'again')""").param("until", until.toEpochMilli()).update();
    }

    /// @return the number of the delivery's bundles in this state
    long count(DeliveryKey delivery, BundleState state) {
        return jdbc.sql("""
                        -- DispatchStore.count
                        SELECT COUNT(*) FROM bundle WHERE delivery = :delivery AND state = :state""")
                .param("delivery", delivery.toString())
                .param("state", state.text())
                .query(Long.class)
                .single();
    }

    /// @return whether the delivery has a receipt for every place
    boolean isReceived(DeliveryKey delivery) {
        return jdbc.sql("""
                        -- DispatchStore.isReceived
                        SELECT COUNT(*) FROM delivery d WHERE d.id = :delivery AND d.place_count = (
                            SELECT COUNT(*) FROM bundle b WHERE b.delivery = d.id AND b.receipt_number IS NOT NULL)""")
                        .param("delivery", delivery.toString())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// Offers some received bundles again, as far as their content is kept.
    ///
    /// @param only bundles of this delivery; all if empty
    /// @param since only those whose receipt arrived at this time or later
    /// @return the bundles; as many as `limit` if there may be more
    List<BundleKey> again(MemberName recipient, Optional<DeliveryKey> only, Instant since, int limit) {
        var statement = jdbc.sql("""
                        -- DispatchStore.kept
                        SELECT b.delivery, b.kind, b.idx FROM bundle b JOIN delivery d ON d.id = b.delivery
                        WHERE b.state = 'received' AND b.released = FALSE AND b.changed >= :since
                            AND b.recipient = :recipient AND d.released = FALSE AND b.expires >= :now
                            AND (:only = '' OR b.delivery = :only)
                        ORDER BY b.changed, b.delivery, b.kind, b.idx LIMIT :limit OFFSET :skip""")
                .param("recipient", recipient.toString())
                .param("only", only.map(DeliveryKey::toString).orElse(""))
                .param("since", since.toEpochMilli())
                .param("now", clock.millis());
        var keys = rows.list(statement, "delivery", limit, (row, number) -> BundleKey.read(row));
        keys.forEach(
                key -> key.statement(jdbc, """
                        -- DispatchStore.again
                        UPDATE bundle SET state = 'again', offer_at = NULL, changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state = 'received' AND released = FALSE""").param("now", clock.millis()).update());
        return keys;
    }

    /// @return the digest of a bundle in the form in which it is pushed
    ContentDigest digest(BundleKey key) {
        return ContentDigest.of(content(stored(key).encoded()));
    }

    /// @param envelopes in their stored form
    /// @return the encoding of one bundle in pieces, without copying them
    static List<Bytes> content(List<Bytes> envelopes) {
        var pieces = new ArrayList<Bytes>();
        pieces.add(Bundle.head(envelopes.size()));
        pieces.addAll(envelopes);
        return pieces;
    }
}
