// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Challenges;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.client.check.CheckScheduler;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The statements of [InboxStore].
@Repository
class InboxRows {
    private final JdbcClient jdbc;

    InboxRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// A delivery whose row is locked.
    ///
    /// @param facts of its first bundle
    /// @param isDeleted whether it is deleted, so that further bundles are refused
    /// @param received the number of stored bundles
    /// @param placeCount the number of all bundles
    record Line(DeliveryFacts facts, boolean isDeleted, long received, long placeCount) {}

    /// The stored envelopes at a place.
    ///
    /// @param ids by sender
    /// @param receipt the number of the receipt that covers it
    record Stored(Map<MemberName, EnvelopeId> ids, long receipt) {}

    /// Inserts the delivery's row or locks it, so that of two concurrent bundles that complete a delivery one sees
    /// the other.
    Line lock(Bundle bundle, Instant now, Instant expires) {
        var first = bundle.envelopes().getFirst();
        var facts = first.header().facts();
        return jdbc.sql("""
                        -- InboxRows.lock
                        INSERT INTO delivery (id, delivery_id, label, header, place_count, received, state,
                            first_seen, changed, expires)
                        VALUES (:id, :deliveryId, :label, :header, :places, 0, 'receiving', :now, :now, :expires)
                        ON CONFLICT (id) DO UPDATE SET received = delivery.received
                        RETURNING header, state, received, place_count""")
                .param("id", facts.key().toString())
                .param("deliveryId", facts.id().toString())
                .param("label", facts.label())
                .param("header", first.headerBytes().toArray())
                .param("places", facts.shape().placeCount(facts.scheme()))
                .param("now", now.toEpochMilli())
                .param("expires", expires.toEpochMilli())
                .query((row, number) -> line(row, first))
                .single();
    }

    private static Line line(ResultSet row, Envelope first) throws SQLException {
        var header = Bytes.of(row.getBytes("header"));
        return new Line(
                header.equals(first.headerBytes()) ? first.header().facts() : facts(header),
                DeliveryState.stored(row.getString("state")) == DeliveryState.DELETED,
                row.getLong("received"),
                row.getLong("place_count"));
    }

    private static DeliveryFacts facts(Bytes header) {
        try {
            return Header.decode(header).facts();
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    Optional<Stored> stored(DeliveryKey key, Place place) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        var receipts = jdbc.sql("""
                        -- InboxRows.stored
                        SELECT sender, id, receipt FROM envelope
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .param("delivery", key.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .query((row, number) -> {
                    ids.put(MemberName.parse(row.getString("sender")), new EnvelopeId(Bytes.of(row.getBytes("id"))));
                    return row.getLong("receipt");
                })
                .list();
        return receipts.stream().findFirst().map(receipt -> new Stored(ids, receipt));
    }

    SignedReceipt receipt(DeliveryKey key, long number) {
        return jdbc.sql("""
                        -- InboxRows.receipt
                        SELECT receipt, signature FROM receipt WHERE delivery = :delivery AND number = :number""")
                .param("delivery", key.toString())
                .param("number", number)
                .query((row, index) ->
                        new SignedReceipt(Bytes.of(row.getBytes("receipt")), Bytes.of(row.getBytes("signature"))))
                .single();
    }

    void insert(DeliveryKey key, Envelope envelope, long receipt) {
        var place = envelope.header().place();
        jdbc.sql("""
                        -- InboxRows.insertEnvelope
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, receipt)
                        VALUES (:delivery, :kind, :idx, :sender, :id, :encoded, :receipt)""")
                .param("delivery", key.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .param("sender", envelope.header().sender().toString())
                .param("id", envelope.id().digest().toArray())
                .param("encoded", envelope.encode().toArray())
                .param("receipt", receipt)
                .update();
    }

    /// @return the hand-overs of this delivery's envelopes, by sender
    Map<MemberName, Bytes> handOvers(DeliveryKey key) {
        var handOvers = new TreeMap<MemberName, Bytes>();
        jdbc.sql("""
                        -- InboxRows.handOvers
                        SELECT sender, digest FROM hand_over WHERE delivery = :delivery""").param("delivery", key.toString()).query(row -> {
            handOvers.put(MemberName.parse(row.getString("sender")), Bytes.of(row.getBytes("digest")));
        });
        return handOvers;
    }

    void insertHandOver(DeliveryKey key, Envelope envelope) {
        jdbc.sql("""
                        -- InboxRows.insertHandOver
                        INSERT INTO hand_over (delivery, sender, digest) VALUES (:delivery, :sender, :digest)""")
                .param("delivery", key.toString())
                .param("sender", envelope.header().sender().toString())
                .param("digest", envelope.handOver().toArray())
                .update();
    }

    void insert(DeliveryKey key, long number, SignedReceipt receipt) {
        jdbc.sql("""
                        -- InboxRows.insertReceipt
                        INSERT INTO receipt (delivery, number, receipt, signature)
                        VALUES (:delivery, :number, :receipt, :signature)""")
                .param("delivery", key.toString())
                .param("number", number)
                .param("receipt", receipt.receipt().toArray())
                .param("signature", receipt.signature().toArray())
                .update();
    }

    /// @param bundles the number of new bundles
    /// @param expires when the last of them expires
    void count(DeliveryKey key, int bundles, Instant expires) {
        jdbc.sql("""
                        -- InboxRows.count
                        UPDATE delivery SET received = received + :bundles,
                            expires = CASE WHEN expires < :expires THEN :expires ELSE expires END
                        WHERE id = :id""")
                .param("bundles", bundles)
                .param("expires", expires.toEpochMilli())
                .param("id", key.toString())
                .update();
    }

    void beginCheck(DeliveryKey key, Instant now) {
        try (var seed = SecretBytes.random(Challenges.SEED_SIZE)) {
            jdbc.sql("""
                            -- InboxRows.beginCheck
                            UPDATE delivery SET state = 'checking', check_seed = :seed, check_until = :until
                            WHERE id = :id AND check_seed IS NULL""")
                    .param("seed", seed.reveal())
                    .param("until", now.plus(CheckScheduler.LEASE).toEpochMilli())
                    .param("id", key.toString())
                    .update();
        }
    }
}
