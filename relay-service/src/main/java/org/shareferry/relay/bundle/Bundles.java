// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.problem.ProblemType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The bundles: made when a place has every party's envelope, or when its envelopes disagree; delivered,
/// refused or
/// expired in the end.
@Component
public class Bundles {
    private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);

    private final JdbcClient jdbc;
    private final Scheduler scheduler;
    private final PushTask push;
    private final Clock clock;

    Bundles(JdbcClient jdbc, @Lazy Scheduler scheduler, PushTask push, Clock clock) {
        this.jdbc = jdbc;
        this.scheduler = scheduler;
        this.push = push;
        this.clock = clock;
    }

    /// Called in the transaction that stored an envelope.
    ///
    /// @param header the stored envelope's
    /// @param first that of the delivery's first envelope
    public void envelopeStored(Header header, Header first) {
        var key = new BundleKey(header.facts().id(), header.place());
        var differences = first.facts().differences(header.facts());
        if (!differences.isEmpty()) {
            refuseDisagreeing(key, header, first, differences);
        } else if (senders(key) == first.facts().parties().size()
                && make(key, first.facts().recipient(), "waiting") == 1) {
            push.task().schedule(scheduler, key.toString(), clock.instant());
        }
    }

    private void refuseDisagreeing(BundleKey key, Header header, Header first, List<String> differences) {
        var members = new TreeSet<>(List.of(first.sender(), header.sender()));
        var detail = "The envelopes of " + names(members) + " differ in " + String.join(", ", differences) + ".";
        make(key, first.facts().recipient(), "refused");
        refuse(key, ProblemType.FACTS_DIFFER.uri().toString(), detail, names(members));
        LOG.warn("A bundle was refused: {}", detail);
    }

    private static String names(TreeSet<MemberName> members) {
        return members.stream().map(MemberName::toString).collect(Collectors.joining(", "));
    }

    private int make(BundleKey key, MemberName recipient, String state) {
        return jdbc.sql("""
                        -- Bundles.make
                        INSERT INTO bundle (delivery, kind, idx, recipient, state, made, changed)
                        VALUES (:delivery, :kind, :idx, :recipient, :state, :now, :now)
                        ON CONFLICT (delivery, kind, idx) DO NOTHING""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .param("recipient", recipient.toString())
                .param("state", state)
                .param("now", clock.millis())
                .update();
    }

    private int senders(BundleKey key) {
        return jdbc.sql("""
                        -- Bundles.senders
                        SELECT COUNT(*) FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .query(Integer.class)
                .single();
    }

    /// @return the bundle, if it waits to be delivered
    Optional<Bundle> waiting(BundleKey key) {
        var envelopes = jdbc.sql("""
                        -- Bundles.waiting
                        SELECT e.encoded FROM envelope e
                        JOIN bundle b ON b.delivery = e.delivery AND b.kind = e.kind AND b.idx = e.idx
                        WHERE b.delivery = :delivery AND b.kind = :kind AND b.idx = :idx AND b.state = 'waiting'
                        ORDER BY LENGTH(e.sender), e.sender""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .query((row, number) -> decode(row.getBytes(1)))
                .list();
        return envelopes.isEmpty() ? Optional.empty() : Optional.of(new Bundle(envelopes));
    }

    private static Envelope decode(byte[] bytes) {
        try {
            return Envelope.decode(Bytes.of(bytes));
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored envelope does not decode.", e);
        }
    }

    /// @return the oldest bundles that wait for this client, at most `limit`
    List<BundleKey> waitingFor(MemberName recipient, int limit) {
        return jdbc.sql("""
                        -- Bundles.waitingFor
                        SELECT delivery, kind, idx FROM bundle
                        WHERE recipient = :recipient AND state = 'waiting'
                        ORDER BY made, delivery, kind, idx LIMIT :limit""")
                .param("recipient", recipient.toString())
                .param("limit", limit)
                .query((row, number) -> new BundleKey(
                        DeliveryId.parse(row.getString("delivery")),
                        new Place(Kind.ofCode(row.getInt("kind")), row.getInt("idx"))))
                .list();
    }

    /// @return the ids of the envelopes at a place, by sender
    Map<MemberName, EnvelopeId> envelopeIds(BundleKey key) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        jdbc.sql("""
                        -- Bundles.envelopeIds
                        SELECT sender, id FROM envelope WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .query(row -> {
                    ids.put(MemberName.parse(row.getString("sender")), new EnvelopeId(Bytes.of(row.getBytes("id"))));
                });
        return ids;
    }

    /// Keeps the client's receipt. Nothing changes when there is one already.
    void delivered(BundleKey key, SignedReceipt receipt) {
        jdbc.sql("""
                        -- Bundles.delivered
                        UPDATE bundle SET state = 'delivered', receipt = :receipt, receipt_signature = :signature,
                            changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND state = 'waiting'""")
                .param("receipt", receipt.receipt().toArray())
                .param("signature", receipt.signature().toArray())
                .param("now", clock.millis())
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .update();
    }

    /// Marks the bundle as one that will never be taken, unless it is delivered; its envelopes stay.
    void refuse(BundleKey key, String type, String detail, String members) {
        jdbc.sql("""
                        -- Bundles.refuse
                        UPDATE bundle SET state = 'refused', refusal_type = :type, refusal_detail = :detail,
                            refusal_members = :members, changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx AND state <> 'delivered'
                            AND refusal_type IS NULL""")
                .param("type", type)
                .param("detail", detail)
                .param("members", members)
                .param("now", clock.millis())
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .update();
    }
}
