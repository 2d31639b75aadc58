// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Challenges;
import org.shareferry.client.change.Changes;
import org.shareferry.client.check.CheckTask;
import org.shareferry.client.inbox.Reception.Received;
import org.shareferry.client.inbox.Reception.Refusal;
import org.shareferry.client.inbox.Reception.Refused;
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
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.ServiceProperties;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/// Stores bundles and their receipts together. When the last bundle of a delivery is in, the same transaction
/// draws the seed of its challenges and schedules the check: before that nobody, not even the client, knows
/// them.
@Component
class InboxStore {
    private final JdbcClient jdbc;
    private final Scheduler scheduler;
    private final CheckTask check;
    private final Changes changes;
    private final OwnMember own;
    private final Clock clock;
    private final ServiceProperties properties;

    InboxStore(
            JdbcClient jdbc,
            @Lazy Scheduler scheduler,
            CheckTask check,
            Changes changes,
            OwnMember own,
            Clock clock,
            ServiceProperties properties) {
        this.jdbc = jdbc;
        this.scheduler = scheduler;
        this.check = check;
        this.changes = changes;
        this.own = own;
        this.clock = clock;
        this.properties = properties;
    }

    /// @return the receipt given before for exactly these envelopes
    Optional<SignedReceipt> receiptFor(Bundle bundle) {
        var key = Key.of(bundle);
        return storedIds(key).equals(ids(bundle)) ? receipt(key) : Optional.empty();
    }

    private record Key(DeliveryKey delivery, Place place) {
        static Key of(Bundle bundle) {
            return new Key(bundle.envelopes().getFirst().header().facts().key(), bundle.place());
        }
    }

    @Transactional
    public Reception store(Bundle bundle) {
        var key = Key.of(bundle);
        var first = bundle.envelopes().getFirst();
        lockDelivery(bundle);
        var line = header(key.delivery());
        var differing = line.facts().differences(first.header().facts());
        if (!differing.isEmpty()) {
            var members = new TreeSet<>(line.facts().parties());
            return undone(new Refusal.FactsDiffer(members, new LinkedHashSet<>(differing)));
        }
        // Before anything that depends on whether values or envelopes were deleted: the relay must not learn that.
        var stored = storedIds(key);
        if (!stored.isEmpty() && !stored.equals(ids(bundle))) {
            return undone(new Refusal.Conflict());
        }
        if (stored.isEmpty() && isDeleted(key.delivery())) {
            return undone(new Refusal.Expired(first.header().sender()));
        }
        for (var envelope : bundle.envelopes()) {
            if (!isOfItsHandOver(key.delivery(), envelope)) {
                return undone(new Refusal.HandOversMixed(envelope.header().sender()));
            }
            insert(key, envelope);
        }
        if (!storedIds(key).equals(ids(bundle))) {
            return undone(new Refusal.Conflict());
        }
        // Of two that bring the same bundle at once, the later one finds the receipt of the earlier.
        var earlier = receipt(key);
        return new Received(
                earlier.isPresent()
                        ? earlier.get()
                        : complete(key, bundle, first.header().facts()));
    }

    private static Refused undone(Refusal why) {
        TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        return new Refused(why);
    }

    private SignedReceipt complete(Key key, Bundle bundle, DeliveryFacts facts) {
        var receipt = SignedReceipt.sign(
                Receipt.of(
                        key.delivery().id(),
                        key.place(),
                        own.name(),
                        own.identity().publicKey().id(),
                        clock.instant(),
                        ids(bundle)),
                own.identity());
        insert(key, receipt);
        if (countReceived(key.delivery()) == facts.shape().placeCount(facts.scheme())) {
            beginCheck(key.delivery());
        }
        changes.note(key.delivery());
        return receipt;
    }

    private void beginCheck(DeliveryKey delivery) {
        try (var seed = SecretBytes.random(Challenges.SEED_SIZE)) {
            jdbc.sql("""
                            -- InboxStore.beginCheck
                            UPDATE delivery SET state = 'checking', check_seed = :seed
                            WHERE id = :id AND check_seed IS NULL""")
                    .param("seed", seed.reveal())
                    .param("id", delivery.toString())
                    .update();
        }
        check.task().schedule(scheduler, delivery.toString(), clock.instant());
    }

    /// Makes the delivery's line or locks it, so that of two bundles that complete a
    /// delivery one sees the other.
    private void lockDelivery(Bundle bundle) {
        var first = bundle.envelopes().getFirst();
        var facts = first.header().facts();
        jdbc.sql("""
                        -- InboxStore.lockDelivery
                        INSERT INTO delivery (id, delivery_id, header, place_count, received, state, first_seen,
                            changed, expires)
                        VALUES (:id, :deliveryId, :header, :places, 0, 'receiving', :now, :now, :expires)
                        ON CONFLICT (id) DO UPDATE SET
                            expires = CASE WHEN delivery.expires < excluded.expires
                                THEN excluded.expires ELSE delivery.expires END""")
                .param("id", facts.key().toString())
                .param("deliveryId", facts.id().toString())
                .param("header", first.headerBytes().toArray())
                .param("places", facts.shape().placeCount(facts.scheme()))
                .param("now", clock.millis())
                .param("expires", expires(bundle))
                .update();
    }

    /// A bundle expires with its oldest envelope. A delivery can become whole until its youngest bundle expires.
    private long expires(Bundle bundle) {
        return bundle.envelopes().stream()
                .map(envelope -> envelope.header().created().plus(properties.deliveryLifetime()))
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .toEpochMilli();
    }

    /// A delivery that expired and was deleted is not begun again by a bundle that comes late.
    private boolean isDeleted(DeliveryKey key) {
        return jdbc.sql("""
                        -- InboxStore.isDeleted
                        SELECT COUNT(*) FROM delivery WHERE id = :id AND state = 'deleted'""").param("id", key.toString()).query(Long.class).single() > 0;
    }

    private Header header(DeliveryKey key) {
        var stored = jdbc.sql("""
                        -- InboxStore.header
                        SELECT header FROM delivery WHERE id = :id""")
                .param("id", key.toString())
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .single();
        try {
            return Header.decode(stored);
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    /// All envelopes of a sender for a delivery come from one hand-over: that of the first one.
    private boolean isOfItsHandOver(DeliveryKey key, Envelope envelope) {
        var handOver = envelope.handOver();
        return jdbc.sql("""
                        -- InboxStore.handOver
                        INSERT INTO hand_over (delivery, sender, digest) VALUES (:delivery, :sender, :digest)
                        ON CONFLICT (delivery, sender) DO UPDATE SET digest = hand_over.digest
                        RETURNING digest""")
                .param("delivery", key.toString())
                .param("sender", envelope.header().sender().toString())
                .param("digest", handOver.toArray())
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .single()
                .equals(handOver);
    }

    private long countReceived(DeliveryKey key) {
        return jdbc.sql("""
                        -- InboxStore.countReceived
                        UPDATE delivery SET received = received + 1 WHERE id = :id RETURNING received""").param("id", key.toString()).query(Long.class).single();
    }

    private void insert(Key key, Envelope envelope) {
        jdbc.sql("""
                        -- InboxStore.insertEnvelope
                        INSERT INTO envelope (delivery, kind, idx, sender, id, encoded)
                        VALUES (:delivery, :kind, :idx, :sender, :id, :encoded)
                        ON CONFLICT (delivery, kind, idx, sender) DO NOTHING""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .param("sender", envelope.header().sender().toString())
                .param("id", envelope.id().digest().toArray())
                .param("encoded", envelope.encode().toArray())
                .update();
    }

    private void insert(Key key, SignedReceipt receipt) {
        jdbc.sql("""
                        -- InboxStore.insertReceipt
                        INSERT INTO receipt (delivery, kind, idx, receipt, signature)
                        VALUES (:delivery, :kind, :idx, :receipt, :signature)""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .param("receipt", receipt.receipt().toArray())
                .param("signature", receipt.signature().toArray())
                .update();
    }

    private Map<MemberName, EnvelopeId> storedIds(Key key) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        jdbc.sql("""
                        -- InboxStore.storedIds
                        SELECT sender, id FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .query(row -> {
                    ids.put(MemberName.parse(row.getString("sender")), new EnvelopeId(Bytes.of(row.getBytes("id"))));
                });
        return ids;
    }

    private static Map<MemberName, EnvelopeId> ids(Bundle bundle) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        bundle.envelopes().forEach(envelope -> ids.put(envelope.header().sender(), envelope.id()));
        return ids;
    }

    private Optional<SignedReceipt> receipt(Key key) {
        return jdbc.sql("""
                        -- InboxStore.receipt
                        SELECT receipt, signature FROM receipt
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .query((row, number) ->
                        new SignedReceipt(Bytes.of(row.getBytes("receipt")), Bytes.of(row.getBytes("signature"))))
                .optional();
    }
}
