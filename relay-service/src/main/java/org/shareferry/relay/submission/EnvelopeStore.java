// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.relay.QuotaUsage;
import org.shareferry.relay.assembly.BundleAssembler;
import org.shareferry.relay.submission.Submission.AlreadyStored;
import org.shareferry.relay.submission.Submission.Refusal;
import org.shareferry.relay.submission.Submission.Refused;
import org.shareferry.relay.submission.Submission.Stored;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.site.settings.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Stores envelopes. The transaction that stores the last envelope of a place also creates its bundle, so neither
/// exists without the other. A refused envelope leaves no rows.
@Repository
class EnvelopeStore {
    private static final Duration QUOTA_DELAY = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final SharedCommits commits;
    private final BundleAssembler bundles;
    private final Clock clock;
    private final ServiceProperties properties;
    private final QuotaUsage usage;

    EnvelopeStore(
            JdbcClient jdbc,
            SharedCommits commits,
            BundleAssembler bundles,
            Clock clock,
            ServiceProperties properties,
            QuotaUsage usage) {
        this.jdbc = jdbc;
        this.commits = commits;
        this.bundles = bundles;
        this.clock = clock;
        this.properties = properties;
        this.usage = usage;
    }

    /// @return the result for each, in order, after the commit
    List<Submission> store(List<Envelope> envelopes) {
        // In a fixed order, so that two transactions cannot deadlock on each other's deliveries.
        var inOrder = new TreeMap<String, List<Envelope>>();
        for (var envelope : envelopes) {
            inOrder.computeIfAbsent(envelope.header().facts().key().toString(), key -> new ArrayList<>())
                    .add(envelope);
        }
        var outcomes = commits.commit(() -> {
            var stored = new IdentityHashMap<Envelope, Submission>();
            inOrder.values().forEach(some -> some.forEach(envelope -> stored.put(envelope, storeNow(envelope))));
            return stored;
        });
        return envelopes.stream()
                .map(envelope -> Objects.requireNonNull(outcomes.get(envelope)))
                .toList();
    }

    private Submission storeNow(Envelope envelope) {
        var header = envelope.header();
        var key = header.facts().key();
        var first = lockDelivery(header, envelope.headerBytes());
        var differences = first.facts().differences(header.facts());
        var encoded = envelope.encode();
        if (!usage.charge(header.sender(), encoded.size())) {
            var refused = there(envelope).orElseGet(() -> new Refused(new Refusal.QuotaUsedUp(QUOTA_DELAY)));
            forgetIfEmpty(key);
            return refused;
        }
        boolean isTooLate = !differences.isEmpty() && bundles.isComplete(key);
        if (isTooLate || !insert(envelope, encoded)) {
            usage.credit(header.sender(), encoded.size());
            return there(envelope).orElseGet(() -> new Refused(new Refusal.FactsDiffer(first.sender(), differences)));
        }
        countFor(header);
        bundles.envelopeStored(header, first);
        return new Stored(key);
    }

    /// @return the result if this sender already has an envelope at the place
    private Optional<Submission> there(Envelope envelope) {
        return find(envelope.header())
                .map(id -> id.equals(envelope.id())
                        ? new AlreadyStored(envelope.header().facts().key())
                        : new Refused(new Refusal.Conflict()));
    }

    /// @return the id of this sender's envelope at the header's place
    Optional<EnvelopeId> find(Header header) {
        return jdbc.sql("""
                        -- EnvelopeStore.find
                        SELECT id FROM envelope
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND sender = :sender""")
                .param("delivery", header.facts().key().toString())
                .param("kind", header.place().kind().code())
                .param("idx", header.place().index())
                .param("sender", header.sender().toString())
                .query((row, number) -> new EnvelopeId(Bytes.of(row.getBytes(1))))
                .optional();
    }

    /// @param ids of envelopes
    /// @return those that are not stored from this sender, in the same order
    List<EnvelopeId> lacking(MemberName sender, List<EnvelopeId> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        var there = new HashSet<>(jdbc.sql("""
                        -- EnvelopeStore.lacking
                        SELECT id FROM envelope WHERE sender = :sender AND id IN (:ids)""")
                .param("sender", sender.toString())
                .param("ids", ids.stream().map(id -> id.digest().toArray()).toList())
                .query((row, number) -> new EnvelopeId(Bytes.of(row.getBytes(1))))
                .list());
        return ids.stream().filter(id -> !there.contains(id)).toList();
    }

    /// Inserts the delivery's row or locks it, so that of two concurrent envelopes that complete a place one sees
    /// the other. The statement does not update a key column, because PostgreSQL would then also block inserts of
    /// rows that refer to this one. That could deadlock: a transaction that holds the feed's counter would wait to
    /// insert its entry, for a transaction that waits for the counter.
    ///
    /// @return the header of the delivery's first envelope
    private Header lockDelivery(Header header, Bytes headerBytes) {
        var facts = header.facts();
        return jdbc.sql("""
                        -- EnvelopeStore.lockDelivery
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        VALUES (:id, :deliveryId, :recipient, :header, :places, :now, :now, :expires)
                        ON CONFLICT (id) DO UPDATE SET header = delivery.header RETURNING header""")
                .param("id", facts.key().toString())
                .param("deliveryId", facts.id().toString())
                .param("recipient", facts.recipient().toString())
                .param("header", headerBytes.toArray())
                .param("places", facts.shape().placeCount(facts.scheme()))
                .param("now", clock.millis())
                .param("expires", expires(header))
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .optional()
                .map(stored -> stored.equals(headerBytes) ? header : decode(stored))
                .orElseThrow();
    }

    /// A refused envelope leaves no delivery behind.
    private void forgetIfEmpty(DeliveryKey key) {
        jdbc.sql("""
                        -- EnvelopeStore.forgetIfEmpty
                        DELETE FROM delivery WHERE id = :id
                            AND NOT EXISTS (SELECT 1 FROM envelope e WHERE e.delivery = :id)""").param("id", key.toString()).update();
    }

    private long expires(Header header) {
        return header.created().plus(properties.deliveryLifetime()).toEpochMilli();
    }

    private static Header decode(Bytes stored) {
        try {
            return Header.decode(stored);
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    /// @return whether the sender had no envelope for this place
    private boolean insert(Envelope envelope, Bytes encoded) {
        var header = envelope.header();
        return jdbc.sql("""
                        -- EnvelopeStore.insert
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored, expires)
                        VALUES (:delivery, :kind, :idx, :sender, :id, :encoded, :size, :now, :expires)
                        ON CONFLICT (delivery, kind, idx, sender) DO NOTHING""")
                        .param("delivery", header.facts().key().toString())
                        .param("kind", header.place().kind().code())
                        .param("idx", header.place().index())
                        .param("sender", header.sender().toString())
                        .param("id", envelope.id().digest().toArray())
                        .param("encoded", encoded.toArray())
                        .param("size", encoded.size())
                        .param("now", clock.millis())
                        .param("expires", expires(header))
                        .update()
                == 1;
    }

    /// A new envelope extends the life of its delivery, and its content will be released later. The limit is twice
    /// the lifetime; otherwise one party could occupy another party's quota for ever.
    private void countFor(Header header) {
        jdbc.sql("""
                        -- EnvelopeStore.touch
                        UPDATE delivery SET last_change = :now, released = FALSE, settled = FALSE,
                            expires = CASE WHEN expires < :expires AND :expires <= first_seen + :longest
                                THEN :expires ELSE expires END
                        WHERE id = :id""")
                .param("now", clock.millis())
                .param("expires", expires(header))
                .param("longest", properties.deliveryLifetime().multipliedBy(2).toMillis())
                .param("id", header.facts().key().toString())
                .update();
        if (countOne(header) == 0) {
            header.facts().parties().forEach(party -> admit(header, party));
            countOne(header);
        }
    }

    private int countOne(Header header) {
        return jdbc.sql("""
                        -- EnvelopeStore.countOne
                        UPDATE delivery_party SET stored = stored + 1 WHERE delivery = :delivery AND party = :party""")
                .param("delivery", header.facts().key().toString())
                .param("party", header.sender().toString())
                .update();
    }

    private void admit(Header header, MemberName party) {
        jdbc.sql("""
                        -- EnvelopeStore.admit
                        INSERT INTO delivery_party (delivery, delivery_id, party, stored)
                        VALUES (:delivery, :deliveryId, :party, 0)
                        ON CONFLICT (delivery, party) DO NOTHING""")
                .param("delivery", header.facts().key().toString())
                .param("deliveryId", header.facts().id().toString())
                .param("party", party.toString())
                .update();
    }
}
