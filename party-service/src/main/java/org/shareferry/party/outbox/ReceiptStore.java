// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.receipt.SignedReceipt;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The client's receipts, and the position up to which the relay's feed was read. Several steps can share a
/// transaction of the caller.
@Repository
public class ReceiptStore {
    private static final String NO_FEED = "";

    private final JdbcClient jdbc;
    private final Clock clock;

    ReceiptStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /// A position in the relay's feed.
    ///
    /// @param feed the id of the feed; empty if nothing was read yet
    /// @param number of the last entry that was read
    public record Position(String feed, long number) {
        /// The beginning of any feed.
        public static final Position START = new Position(NO_FEED, 0);
    }

    /// @param relay whose feed it is
    public Position position(String relay) {
        return jdbc.sql("""
                        -- ReceiptStore.position
                        SELECT feed, number FROM news_read WHERE relay = :relay
                        """)
                .param("relay", relay)
                .query((row, count) -> new Position(row.getString("feed"), row.getLong("number")))
                .optional()
                .orElse(Position.START);
    }

    /// Stores the position, in the transaction that stores the entries' effects.
    public void read(String relay, Position position) {
        jdbc.sql("""
                        -- ReceiptStore.read
                        INSERT INTO news_read (relay, feed, number) VALUES (:relay, :feed, :number)
                        ON CONFLICT (relay) DO UPDATE SET feed = excluded.feed, number = excluded.number
                        """)
                .param("relay", relay)
                .param("feed", position.feed())
                .param("number", position.number())
                .update();
    }

    /// @param places of one delivery
    /// @return the ids of the sealed envelopes at these places
    public Map<Place, EnvelopeId> envelopes(DeliveryId id, Collection<Place> places) {
        return places.stream()
                .collect(Collectors.groupingBy(Place::kind, Collectors.summarizingInt(Place::index)))
                .entrySet()
                .stream()
                .flatMap(kind ->
                        envelopes(
                                id,
                                kind.getKey(),
                                kind.getValue().getMin(),
                                kind.getValue().getMax())
                                .stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private List<Map.Entry<Place, EnvelopeId>> envelopes(DeliveryId id, Kind kind, int first, int last) {
        return jdbc.sql("""
                        -- ReceiptStore.envelopes
                        SELECT idx, id FROM envelope
                        WHERE delivery = :id AND recipient = (SELECT recipient FROM delivery WHERE id = :id)
                            AND kind = :kind AND idx BETWEEN :first AND :last
                        """)
                .param("id", id.toString())
                .param("kind", kind.code())
                .param("first", first)
                .param("last", last)
                .query((row, count) ->
                        Map.entry(new Place(kind, row.getInt("idx")), new EnvelopeId(Bytes.of(row.getBytes("id")))))
                .list();
    }

    /// Stores a receipt for all envelopes of a delivery, which becomes received, even if it had expired.
    ///
    /// @return whether it is new
    public boolean receivedWhole(DeliveryId id, SignedReceipt receipt) {
        int rows = jdbc.sql("""
                        -- ReceiptStore.receivedWhole
                        UPDATE delivery SET state = 'received', submitted = sealed, received = sealed, changed = :now,
                            refusal_type = NULL, refusal_detail = NULL
                        WHERE id = :id AND state NOT IN ('open', 'received')
                        """)
                .param("now", clock.millis())
                .param("id", id.toString())
                .update();
        if (rows == 1) {
            insert(id, receipt);
        }
        return rows == 1;
    }

    /// Stores a receipt for some envelopes of a delivery. With the last one the delivery becomes received, even if
    /// it had expired.
    ///
    /// @return whether it is the first receipt for one of them
    public boolean received(DeliveryId id, Collection<Place> places, SignedReceipt receipt) {
        int added = places.stream().mapToInt(place -> add(id, place)).sum();
        if (added == 0) {
            return false;
        }
        insert(id, receipt);
        jdbc.sql("""
                        -- ReceiptStore.received
                        UPDATE delivery SET received = received + :added, changed = :now,
                            submitted = CASE WHEN received + :added = sealed THEN sealed ELSE submitted END,
                            refusal_type = CASE WHEN received + :added = sealed THEN NULL ELSE refusal_type END,
                            state = CASE WHEN received + :added = sealed THEN 'received' ELSE state END
                        WHERE id = :id
                        """)
                .param("added", added)
                .param("now", clock.millis())
                .param("id", id.toString())
                .update();
        return true;
    }

    private int add(DeliveryId id, Place place) {
        return jdbc.sql("""
                        -- ReceiptStore.add
                        INSERT INTO received_place (delivery, kind, idx)
                        SELECT id, :kind, :idx FROM delivery WHERE id = :id AND state NOT IN ('open', 'received')
                        ON CONFLICT (delivery, kind, idx) DO NOTHING
                        """)
                .param("id", id.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .update();
    }

    private void insert(DeliveryId id, SignedReceipt receipt) {
        jdbc.sql("""
                        -- ReceiptStore.insert
                        INSERT INTO receipt (delivery, number, receipt, signature)
                        SELECT :id, COUNT(*) + 1, :receipt, :signature FROM receipt WHERE delivery = :id
                        """)
                .param("id", id.toString())
                .param("receipt", receipt.receipt().toArray())
                .param("signature", receipt.signature().toArray())
                .update();
    }

    /// @param skip the number of receipts to skip, in the order of their arrival
    /// @return verified receipts
    public List<SignedReceipt> receipts(DeliveryId id, long skip, int limit) {
        return jdbc.sql("""
                        -- ReceiptStore.receipts
                        SELECT receipt, signature FROM receipt WHERE delivery = :id
                        ORDER BY number LIMIT :limit OFFSET :skip
                        """)
                .param("id", id.toString())
                .param("limit", limit)
                .param("skip", skip)
                .query((row, number) ->
                        new SignedReceipt(Bytes.of(row.getBytes("receipt")), Bytes.of(row.getBytes("signature"))))
                .list();
    }

    /// The last accepted envelope of a delivery. The relay accepted all others before it, so a relay restored from
    /// a backup that has this one has all of them.
    ///
    /// @param number of the delivery, in the order of hand-overs
    public record LastAccepted(long number, DeliveryId delivery, EnvelopeId envelope) {}

    private record Counted(long number, String id, long submitted) {}

    /// @param number of a delivery, or 0 for the beginning
    /// @return later deliveries with accepted envelopes that have not ended, in ascending order
    public List<LastAccepted> acceptedAfter(long number, int limit) {
        var deliveries = jdbc.sql("""
                        -- ReceiptStore.acceptedAfter
                        SELECT number, id, submitted FROM delivery
                        WHERE state IN ('sealed', 'submitted', 'bundled') AND submitted > 0 AND number > :number
                        ORDER BY number LIMIT :limit
                        """)
                .param("number", number)
                .param("limit", limit)
                .query((row, count) ->
                        new Counted(row.getLong("number"), row.getString("id"), row.getLong("submitted")))
                .list();
        return deliveries.stream().map(this::lastAccepted).toList();
    }

    private LastAccepted lastAccepted(Counted delivery) {
        return jdbc.sql("""
                        -- ReceiptStore.lastAccepted
                        SELECT id FROM envelope WHERE delivery = :id
                        ORDER BY recipient, kind, idx LIMIT 1 OFFSET :before
                        """)
                .param("id", delivery.id())
                .param("before", delivery.submitted() - 1)
                .query((row, count) -> new LastAccepted(
                        delivery.number(),
                        DeliveryId.parse(delivery.id()),
                        new EnvelopeId(Bytes.of(row.getBytes("id")))))
                .single();
    }
}
