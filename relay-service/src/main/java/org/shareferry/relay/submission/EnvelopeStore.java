// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import java.time.Clock;
import java.time.Duration;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.relay.RelayProperties;
import org.shareferry.relay.bundle.Bundles;
import org.shareferry.relay.submission.Submission.AlreadyStored;
import org.shareferry.relay.submission.Submission.Refused;
import org.shareferry.relay.submission.Submission.Stored;
import org.shareferry.service.member.ServiceProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Stores envelopes. The same transaction that stores the last envelope of a place makes its bundle, so
/// neither is ever
/// there without the other.
@Component
class EnvelopeStore {
    private static final Duration QUOTA_DELAY = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final Bundles bundles;
    private final Clock clock;
    private final ServiceProperties properties;
    private final RelayProperties relay;

    EnvelopeStore(JdbcClient jdbc, Bundles bundles, Clock clock, ServiceProperties properties, RelayProperties relay) {
        this.jdbc = jdbc;
        this.bundles = bundles;
        this.clock = clock;
        this.properties = properties;
        this.relay = relay;
    }

    @Transactional
    public Submission store(Envelope envelope) {
        var header = envelope.header();
        var delivery = header.facts().id();
        touchDelivery(header, envelope.headerBytes());
        if (insert(envelope) == 0) {
            return isStored(envelope) ? new AlreadyStored(delivery) : new Refused(new Submission.Refusal.Conflict());
        }
        if (!charge(header.sender(), envelope.encode().size())) {
            throw new OverQuotaException();
        }
        countFor(header);
        bundles.envelopeStored(header, first(header));
        return new Stored(delivery);
    }

    /// Rolls the transaction back; the controller's caller learns of the quota.
    static final class OverQuotaException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OverQuotaException() {
            super("over quota", null, false, false);
        }

        Submission outcome() {
            return new Refused(new Submission.Refusal.QuotaUsedUp(QUOTA_DELAY));
        }
    }

    /// Makes the delivery's line or touches it: either locks it, so that of two envelopes that complete a
    /// place one
    /// sees the other.
    private void touchDelivery(Header header, Bytes headerBytes) {
        long now = clock.millis();
        var facts = header.facts();
        jdbc.sql("""
                        -- EnvelopeStore.touchDelivery
                        INSERT INTO delivery (id, recipient, header, place_count, first_seen, last_change, expires)
                        VALUES (:id, :recipient, :header, :places, :now, :now, :expires)
                        ON CONFLICT (id) DO UPDATE SET last_change = excluded.last_change""")
                .param("id", facts.id().toString())
                .param("recipient", facts.recipient().toString())
                .param("header", headerBytes.toArray())
                .param("places", facts.shape().placeCount(facts.scheme()))
                .param("now", now)
                .param(
                        "expires",
                        header.created().plus(properties.deliveryLifetime()).toEpochMilli())
                .update();
    }

    private int insert(Envelope envelope) {
        var header = envelope.header();
        var encoded = envelope.encode();
        return jdbc.sql("""
                        -- EnvelopeStore.insert
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded, size, stored)
                        VALUES (:delivery, :kind, :idx, :sender, :id, :encoded, :size, :now)
                        ON CONFLICT (delivery, kind, idx, sender) DO NOTHING""")
                .param("delivery", header.facts().id().toString())
                .param("kind", header.place().kind().code())
                .param("idx", header.place().index())
                .param("sender", header.sender().toString())
                .param("id", envelope.id().digest().toArray())
                .param("encoded", encoded.toArray())
                .param("size", encoded.size())
                .param("now", clock.millis())
                .update();
    }

    private boolean isStored(Envelope envelope) {
        var header = envelope.header();
        return jdbc.sql("""
                        -- EnvelopeStore.isStored
                        SELECT id FROM envelope
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND sender = :sender""")
                .param("delivery", header.facts().id().toString())
                .param("kind", header.place().kind().code())
                .param("idx", header.place().index())
                .param("sender", header.sender().toString())
                .query(byte[].class)
                .optional()
                .map(Bytes::of)
                .filter(envelope.id().digest()::equals)
                .isPresent();
    }

    private boolean charge(MemberName sender, long size) {
        return jdbc.sql("""
                        -- EnvelopeStore.charge
                        INSERT INTO usage (sender, bytes) VALUES (:sender, :size)
                        ON CONFLICT (sender) DO UPDATE SET bytes = usage.bytes + excluded.bytes
                        WHERE usage.bytes + excluded.bytes <= :quota""")
                        .param("sender", sender.toString())
                        .param("size", size)
                        .param("quota", relay.quota().toBytes())
                        .update()
                == 1;
    }

    private void countFor(Header header) {
        jdbc.sql("""
                        -- EnvelopeStore.countFor
                        INSERT INTO delivery_party (delivery, party, stored) VALUES (:delivery, :party, 1)
                        ON CONFLICT (delivery, party) DO UPDATE SET stored = delivery_party.stored + 1""")
                .param("delivery", header.facts().id().toString())
                .param("party", header.sender().toString())
                .update();
    }

    /// The header that the delivery's line was made from.
    private Header first(Header header) {
        var stored = jdbc.sql("""
                        -- EnvelopeStore.first
                        SELECT header FROM delivery WHERE id = :id""")
                .param("id", header.facts().id().toString())
                .query(byte[].class)
                .single();
        try {
            return Header.decode(Bytes.of(stored));
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }
}
