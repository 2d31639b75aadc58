// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.service.storage.ReadableRows;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;

/// Reads what is stored of deliveries.
@Component
class StatusStore {
    private static final int MAX_REFUSALS = 20;

    private final JdbcClient jdbc;
    private final ReadableRows rows;
    private final Clock clock;

    StatusStore(JdbcClient jdbc, ReadableRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.clock = clock;
    }

    private record Line(DeliveryFacts facts, long placeCount, Instant firstSeen, Instant lastChange, Instant expires) {}

    /// @return deliveries that this member takes part in, ascending by id, after `after`
    List<DeliveryStatus> pageFor(MemberName member, String after, int limit) {
        return page(jdbc.sql("""
                        -- StatusStore.pageFor
                        SELECT id, header, place_count, first_seen, last_change, expires FROM delivery d
                        WHERE id > :after AND (recipient = :member OR EXISTS (
                            SELECT 1 FROM delivery_party p WHERE p.delivery = d.id AND p.party = :member))
                        ORDER BY id LIMIT :limit OFFSET :skip""").param("after", after).param("member", member.toString()), limit);
    }

    /// @return all deliveries, ascending by id, after `after`
    List<DeliveryStatus> page(String after, int limit) {
        return page(jdbc.sql("""
                        -- StatusStore.page
                        SELECT id, header, place_count, first_seen, last_change, expires FROM delivery
                        WHERE id > :after ORDER BY id LIMIT :limit OFFSET :skip""").param("after", after), limit);
    }

    private List<DeliveryStatus> page(StatementSpec statement, int limit) {
        return rows.list(statement, "id", limit, (row, number) -> line(row)).stream()
                .map(this::status)
                .toList();
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                facts(row.getBytes("header")),
                row.getLong("place_count"),
                Instant.ofEpochMilli(row.getLong("first_seen")),
                Instant.ofEpochMilli(row.getLong("last_change")),
                Instant.ofEpochMilli(row.getLong("expires")));
    }

    /// @return whether this member is the delivery's recipient, one of its parties, or sent something for it
    boolean concerns(DeliveryId id, MemberName member) {
        return jdbc.sql("""
                        -- StatusStore.concerns
                        SELECT COUNT(*) FROM delivery d
                        WHERE d.id = :id AND (d.recipient = :member OR EXISTS (
                            SELECT 1 FROM delivery_party p WHERE p.delivery = d.id AND p.party = :member))""")
                        .param("id", id.toString())
                        .param("member", member.toString())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    boolean exists(DeliveryId id) {
        return jdbc.sql("""
                        -- StatusStore.exists
                        SELECT COUNT(*) FROM delivery WHERE id = :id""").param("id", id.toString()).query(Integer.class).single() > 0;
    }

    Optional<DeliveryStatus> find(DeliveryId id) {
        return jdbc.sql("""
                        -- StatusStore.find
                        SELECT header, place_count, first_seen, last_change, expires FROM delivery WHERE id = :id""")
                .param("id", id.toString())
                .query((row, number) -> line(row))
                .optional()
                .map(this::status);
    }

    private DeliveryStatus status(Line line) {
        var facts = line.facts();
        var id = facts.id();
        var byState = bundlesByState(id);
        var places = new DeliveryStatus.Places(
                line.placeCount(),
                byState.getOrDefault("waiting", 0L),
                byState.getOrDefault("delivered", 0L),
                byState.getOrDefault("refused", 0L));
        var lastBundle = lastBundleChange(id);
        return new DeliveryStatus(
                id,
                facts.recipient(),
                facts.parties(),
                facts.scheme(),
                facts.shape().count(),
                facts.shape().valuesPerChunk(),
                DeliveryState.of(places, line.expires().isBefore(clock.instant())),
                places,
                waitingFor(id, line),
                refusals(id),
                line.firstSeen(),
                lastBundle.isAfter(line.lastChange()) ? lastBundle : line.lastChange());
    }

    private static DeliveryFacts facts(byte[] header) {
        try {
            return Header.decode(Bytes.of(header)).facts();
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    /// A bundle with a receipt is delivered, also while it is brought once more.
    private Map<String, Long> bundlesByState(DeliveryId id) {
        var counts = new HashMap<String, Long>();
        jdbc.sql("""
                        -- StatusStore.bundlesByState
                        SELECT CASE WHEN receipt IS NULL THEN state ELSE 'delivered' END AS how, COUNT(*)
                        FROM bundle WHERE delivery = :id GROUP BY how""").param("id", id.toString()).query(row -> {
            counts.put(row.getString(1), row.getLong(2));
        });
        return counts;
    }

    private Instant lastBundleChange(DeliveryId id) {
        return Instant.ofEpochMilli(
                jdbc.sql("""
                        -- StatusStore.lastBundleChange
                        SELECT COALESCE(MAX(changed), 0) FROM bundle WHERE delivery = :id""").param("id", id.toString()).query(Long.class).single());
    }

    private List<MemberName> waitingFor(DeliveryId id, Line line) {
        var missing = new ArrayList<>(line.facts().parties());
        jdbc.sql("""
                        -- StatusStore.complete
                        SELECT party FROM delivery_party WHERE delivery = :id AND stored >= :places""")
                .param("id", id.toString())
                .param("places", line.placeCount())
                .query(row -> {
                    missing.remove(MemberName.parse(row.getString(1)));
                });
        return missing;
    }

    private List<DeliveryStatus.Refusal> refusals(DeliveryId id) {
        return jdbc.sql("""
                        -- StatusStore.refusals
                        SELECT kind, idx, refusal_type, refusal_detail, refusal_members FROM bundle
                        WHERE delivery = :id AND state = 'refused' ORDER BY kind, idx LIMIT :limit""")
                .param("id", id.toString())
                .param("limit", MAX_REFUSALS)
                .query((row, number) -> new DeliveryStatus.Refusal(
                        Kind.ofCode(row.getInt("kind")),
                        row.getInt("idx"),
                        row.getString("refusal_type"),
                        row.getString("refusal_detail"),
                        Stream.of(row.getString("refusal_members").split(", "))
                                .map(MemberName::parse)
                                .toList()))
                .list();
    }

    /// @return receipts in order of kind and index
    List<PlacedReceipt> receipts(DeliveryId id, int after, int limit) {
        return jdbc.sql("""
                        -- StatusStore.receipts
                        SELECT kind, idx, receipt, receipt_signature FROM bundle
                        WHERE delivery = :id AND receipt IS NOT NULL
                        ORDER BY kind, idx LIMIT :limit OFFSET :after""")
                .param("id", id.toString())
                .param("limit", limit)
                .param("after", after)
                .query((row, number) -> new PlacedReceipt(
                        Kind.ofCode(row.getInt("kind")),
                        row.getInt("idx"),
                        Bytes.of(row.getBytes("receipt")),
                        Bytes.of(row.getBytes("receipt_signature"))))
                .list();
    }
}
