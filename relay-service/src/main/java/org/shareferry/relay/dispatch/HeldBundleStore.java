// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.assembly.BundleStore.Refusal;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Bundles that their client refused for a cause that can be fixed: a setting, a roster, a clock, a version. They
/// are kept and offered again at long intervals, or at once on request, until their delivery expires.
@Repository
class HeldBundleStore {
    private final JdbcClient jdbc;
    private final Clock clock;
    private final RelayProperties properties;

    HeldBundleStore(JdbcClient jdbc, Clock clock, RelayProperties properties) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.properties = properties;
    }

    /// Holds a bundle until its next offer. A bundle in state `again` stays in it.
    ///
    /// @return whether the state changed
    boolean hold(BundleKey key, Refusal refusal) {
        return key.statement(jdbc, """
                        -- HeldBundleStore.hold
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
                        .update()
                == 1;
    }

    /// Makes some held bundles due at once.
    ///
    /// @param only bundles of this delivery; all if empty
    /// @return the bundles; as many as `limit` if there may be more
    List<BundleKey> offerNow(MemberName recipient, Optional<DeliveryKey> only, int limit) {
        var keys = jdbc.sql("""
                        -- HeldBundleStore.notDue
                        SELECT b.delivery, b.kind, b.idx FROM bundle b JOIN delivery d ON d.id = b.delivery
                        WHERE b.state IN ('held', 'again') AND b.recipient = :recipient AND b.offer_at > :now
                            AND d.released = FALSE AND b.expires >= :now AND (:only = '' OR b.delivery = :only)
                        ORDER BY b.delivery, b.kind, b.idx LIMIT :limit""")
                .param("recipient", recipient.toString())
                .param("only", only.map(DeliveryKey::toString).orElse(""))
                .param("now", clock.millis())
                .param("limit", limit)
                .query((row, number) -> BundleKey.read(row))
                .list();
        keys.forEach(
                key -> key.statement(jdbc, """
                        -- HeldBundleStore.offerNow
                        UPDATE bundle SET offer_at = :now
                        WHERE delivery = :delivery AND kind = :kind AND idx = :idx""").param("now", clock.millis()).update());
        return keys;
    }

    /// @return how many bundles are held
    long count() {
        return jdbc.sql("""
                        -- HeldBundleStore.count
                        SELECT COUNT(*) FROM bundle WHERE state = 'held'""").query(Long.class).single();
    }
}
