// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.envelope.Header;
import org.shareferry.service.web.SeenDeliveries;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Requests without an answer. The check inserts their rows.
@Repository
class RequestStore {
    private final JdbcClient jdbc;

    RequestStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @param askedAfter skip requests made at or before this time
    /// @param last the last request of the previous page; empty to begin with the oldest
    /// @return the next requests, the oldest first
    List<OpenRequest> open(Instant askedAfter, Optional<OpenRequest> last, int limit) {
        return jdbc.sql("""
                        -- RequestStore.open
                        SELECT d.header, d.verdict, d.state, d.content_removed, d.first_seen, r.created
                        FROM request r JOIN delivery d ON d.id = r.delivery
                        WHERE r.created > :askedAfter
                            AND (r.created > :created OR (r.created = :created AND r.delivery > :delivery))
                        ORDER BY r.created, r.delivery LIMIT :limit""")
                .param("askedAfter", askedAfter.toEpochMilli())
                .param(
                        "created",
                        last.map(OpenRequest::created).orElse(askedAfter).toEpochMilli())
                .param("delivery", last.map(request -> request.key().toString()).orElse(""))
                .param("limit", limit)
                .query((row, number) -> request(row))
                .list();
    }

    /// @param askedAfter skip requests made at or before this time
    /// @return these parties' requests with this label, the oldest first
    List<OpenRequest> open(long label, PartySet parties, Instant askedAfter, int limit) {
        return jdbc.sql("""
                        -- RequestStore.openOfLabel
                        SELECT d.header, d.verdict, d.state, d.content_removed, d.first_seen, r.created
                        FROM request r JOIN delivery d ON d.id = r.delivery
                        WHERE d.label = :label AND d.id = d.delivery_id || :parties AND r.created > :askedAfter
                        ORDER BY r.created, r.delivery LIMIT :limit""")
                .param("label", label)
                .param("parties", "," + parties)
                .param("askedAfter", askedAfter.toEpochMilli())
                .param("limit", limit)
                .query((row, number) -> request(row))
                .list();
    }

    Optional<OpenRequest> find(DeliveryKey key) {
        return jdbc.sql("""
                        -- RequestStore.find
                        SELECT d.header, d.verdict, d.state, d.content_removed, d.first_seen, r.created
                        FROM request r JOIN delivery d ON d.id = r.delivery WHERE r.delivery = :id""")
                .param("id", key.toString())
                .query((row, number) -> request(row))
                .optional();
    }

    private static OpenRequest request(ResultSet row) throws SQLException {
        try {
            return new OpenRequest(
                    Header.decode(Bytes.of(row.getBytes("header"))).facts(),
                    Verdict.valueOf(row.getString("verdict")),
                    Instant.ofEpochMilli(row.getLong("created")),
                    Instant.ofEpochMilli(row.getLong("first_seen")),
                    DeliveryState.stored(row.getString("state")) == DeliveryState.CHECKED
                            && !row.getBoolean("content_removed"));
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    /// @param parties only the request of these; all with the id if empty
    SeenDeliveries seen(DeliveryId id, Optional<PartySet> parties) {
        var keys = jdbc.sql("""
                        -- RequestStore.seen
                        SELECT r.delivery FROM request r JOIN delivery d ON d.id = r.delivery
                        WHERE d.delivery_id = :id AND (:key = '' OR r.delivery = :key)
                        ORDER BY r.delivery LIMIT :limit""")
                .param("id", id.toString())
                .param("key", key(id, parties))
                .param("limit", SeenDeliveries.MAX_READ)
                .query((row, number) -> DeliveryKey.parse(row.getString(1)))
                .list();
        return new SeenDeliveries(id, keys);
    }

    /// @param parties only the request of these; all with the id if empty
    /// @return whether such a request has been answered
    boolean isAnswered(DeliveryId id, Optional<PartySet> parties) {
        return jdbc.sql("""
                        -- RequestStore.isAnswered
                        SELECT a.delivery FROM answer a JOIN delivery d ON d.id = a.delivery
                        WHERE d.delivery_id = :id AND (:key = '' OR a.delivery = :key) LIMIT 1""")
                .param("id", id.toString())
                .param("key", key(id, parties))
                .query((row, number) -> row.getString(1))
                .optional()
                .isPresent();
    }

    /// @return the key of a delivery; empty if any parties are meant
    private static String key(DeliveryId id, Optional<PartySet> parties) {
        return parties.map(set -> new DeliveryKey(id, set).toString()).orElse("");
    }

    /// Deletes old requests, whose program has ended and whose envelopes would be refused for their age.
    void forget(Instant askedBefore) {
        jdbc.sql("""
                        -- RequestStore.forget
                        DELETE FROM request WHERE created < :before""").param("before", askedBefore.toEpochMilli()).update();
    }
}
