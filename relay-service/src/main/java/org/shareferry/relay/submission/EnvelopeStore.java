// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.relay.RelayProperties;
import org.shareferry.relay.bundle.Bundles;
import org.shareferry.relay.submission.Submission.AlreadyStored;
import org.shareferry.relay.submission.Submission.Refusal;
import org.shareferry.relay.submission.Submission.Refused;
import org.shareferry.relay.submission.Submission.Stored;
import org.shareferry.service.member.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Stores envelopes, each with the delivery of its id and its parties. The transaction that stores the last envelope of
/// a place makes its bundle too, so neither is ever there without the other. A refusal leaves nothing behind.
@Component
class EnvelopeStore {
    private static final Duration QUOTA_DELAY = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Bundles bundles;
    private final Clock clock;
    private final ServiceProperties properties;
    private final RelayProperties relay;

    EnvelopeStore(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            Bundles bundles,
            Clock clock,
            ServiceProperties properties,
            RelayProperties relay) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.bundles = bundles;
        this.clock = clock;
        this.properties = properties;
        this.relay = relay;
    }

    /// @return what came of it, after the commit
    Submission store(Envelope envelope) {
        return transaction.execute(status -> {
            var outcome = storeNow(envelope);
            if (outcome instanceof Refused) {
                status.setRollbackOnly();
            }
            return outcome;
        });
    }

    private Submission storeNow(Envelope envelope) {
        var header = envelope.header();
        var key = header.facts().key();
        lockDelivery(header, envelope.headerBytes());
        var first = firstHeader(key);
        var there = find(header);
        if (there.isPresent()) {
            return there.get().equals(envelope.id()) ? new AlreadyStored(key) : new Refused(new Refusal.Conflict());
        }
        var differences = first.facts().differences(header.facts());
        if (!differences.isEmpty() && bundles.isComplete(key)) {
            return new Refused(new Refusal.FactsDiffer(first.sender(), differences));
        }
        if (!charge(header.sender(), envelope.encode().size())) {
            return new Refused(new Refusal.QuotaUsedUp(QUOTA_DELAY));
        }
        insert(envelope);
        countFor(header);
        bundles.envelopeStored(header, first);
        return new Stored(key);
    }

    /// @return which envelope of this sender has the header's place
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

    /// Makes the delivery's line or locks it, so that of two envelopes that complete a place one sees the other.
    private void lockDelivery(Header header, Bytes headerBytes) {
        var facts = header.facts();
        jdbc.sql("""
                        -- EnvelopeStore.lockDelivery
                        INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change,
                            expires)
                        VALUES (:id, :deliveryId, :recipient, :header, :places, :now, :now, :expires)
                        ON CONFLICT (id) DO UPDATE SET id = excluded.id""")
                .param("id", facts.key().toString())
                .param("deliveryId", facts.id().toString())
                .param("recipient", facts.recipient().toString())
                .param("header", headerBytes.toArray())
                .param("places", facts.shape().placeCount(facts.scheme()))
                .param("now", clock.millis())
                .param("expires", expires(header))
                .update();
    }

    private long expires(Header header) {
        return header.created().plus(properties.deliveryLifetime()).toEpochMilli();
    }

    private Header firstHeader(DeliveryKey key) {
        return jdbc.sql("""
                        -- EnvelopeStore.firstHeader
                        SELECT header FROM delivery WHERE id = :id""")
                .param("id", key.toString())
                .query((row, number) -> decode(row.getBytes("header")))
                .single();
    }

    private static Header decode(byte[] stored) {
        try {
            return Header.decode(Bytes.of(stored));
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    private boolean charge(MemberName sender, long size) {
        return jdbc.sql("""
                        -- EnvelopeStore.charge
                        INSERT INTO usage (sender, bytes)
                        SELECT :sender, :size WHERE :size <= :quota
                        ON CONFLICT (sender) DO UPDATE SET bytes = usage.bytes + excluded.bytes
                        WHERE usage.bytes + excluded.bytes <= :quota""")
                        .param("sender", sender.toString())
                        .param("size", size)
                        .param("quota", relay.quota().toBytes())
                        .update()
                == 1;
    }

    private void insert(Envelope envelope) {
        var header = envelope.header();
        var encoded = envelope.encode();
        jdbc.sql("""
                        -- EnvelopeStore.insert
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored, expires)
                        VALUES (:delivery, :kind, :idx, :sender, :id, :encoded, :size, :now, :expires)""")
                .param("delivery", header.facts().key().toString())
                .param("kind", header.place().kind().code())
                .param("idx", header.place().index())
                .param("sender", header.sender().toString())
                .param("id", envelope.id().digest().toArray())
                .param("encoded", encoded.toArray())
                .param("size", encoded.size())
                .param("now", clock.millis())
                .param("expires", expires(header))
                .update();
    }

    /// A delivery is kept as long as the youngest of its envelopes, and its content is released again. But it is kept
    /// no longer than twice the lifetime, or one of its parties could use up the quota of another for ever.
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
