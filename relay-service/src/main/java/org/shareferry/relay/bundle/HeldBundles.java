// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.Bundle;
import org.shareferry.member.MemberName;
import org.shareferry.relay.RelayProperties;
import org.shareferry.relay.bundle.BundleStore.Refusal;
import org.shareferry.service.problem.ContentDigest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Bundles that their client refused for a cause that can be fixed: a setting, a roster, a clock, a version. They
/// are kept and offered again at long intervals, or at once on request, until their delivery expires.
@Repository
class HeldBundles {
    private final JdbcClient jdbc;
    private final BundleStore bundles;
    private final Clock clock;
    private final RelayProperties properties;

    HeldBundles(JdbcClient jdbc, BundleStore bundles, Clock clock, RelayProperties properties) {
        this.jdbc = jdbc;
        this.bundles = bundles;
        this.clock = clock;
        this.properties = properties;
    }

    /// Holds a bundle until its next offer. A bundle in state `again` stays in it.
    ///
    /// @return whether the state changed
    boolean hold(BundleKey key, Refusal refusal) {
        return jdbc.sql("""
                        -- HeldBundles.hold
                        UPDATE bundle SET state = CASE WHEN state = 'again' THEN 'again' ELSE 'held' END,
                            refusal_type = :type, refusal_detail = :detail, refusal_members = :members,
                            offer_at = :offerAt, changed = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx
                            AND state IN ('waiting', 'held', 'again')""")
                        .param("type", refusal.type())
                        .param("detail", refusal.detail())
                        .param("members", refusal.members())
                        .param(
                                "offerAt",
                                clock.instant().plus(properties.heldRetry()).toEpochMilli())
                        .param("now", clock.millis())
                        .param("delivery", key.delivery().toString())
                        .param("kind", key.place().kind().code())
                        .param("idx", key.place().index())
                        .update()
                == 1;
    }

    /// Makes some held bundles due at once.
    ///
    /// @param only bundles of this delivery; all if empty
    /// @return the bundles; as many as `limit` if there may be more
    List<BundleKey> offerNow(MemberName recipient, Optional<DeliveryKey> only, int limit) {
        var keys = jdbc.sql("""
                        -- HeldBundles.notDue
                        SELECT b.delivery, b.kind, b.idx FROM bundle b JOIN delivery d ON d.id = b.delivery
                        WHERE b.state IN ('held', 'again') AND b.recipient = :recipient AND b.offer_at > :now
                            AND d.released = FALSE AND b.expires >= :now AND (:only = '' OR b.delivery = :only)
                        ORDER BY b.delivery, b.kind, b.idx LIMIT :limit""")
                .param("recipient", recipient.toString())
                .param("only", only.map(DeliveryKey::toString).orElse(""))
                .param("now", clock.millis())
                .param("limit", limit)
                .query((row, number) -> BundleStore.key(row))
                .list();
        keys.forEach(key -> jdbc.sql("""
                        -- HeldBundles.offerNow
                        UPDATE bundle SET offer_at = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""")
                .param("now", clock.millis())
                .param("delivery", key.delivery().toString())
                .param("kind", key.place().kind().code())
                .param("idx", key.place().index())
                .update());
        return keys;
    }

    /// @return how many bundles are held
    long count() {
        return jdbc.sql("""
                        -- HeldBundles.count
                        SELECT COUNT(*) FROM bundle WHERE state = 'held'""").query(Long.class).single();
    }

    /// @return the digest of a bundle in the form in which it is pushed
    ContentDigest digest(BundleKey key) {
        return ContentDigest.of(content(bundles.stored(key).encoded()));
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
