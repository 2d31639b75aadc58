// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.relay.assembly.BundleState;
import org.shareferry.relay.status.DeliveryStep.Step;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.web.DeliveryCursor;
import org.shareferry.service.web.SeenDeliveries;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Queries for the status of deliveries.
@Repository
class StatusStore {
    private static final int MAX_REFUSALS = 20;

    private static final String ALL = """
            -- StatusStore.page
            SELECT * FROM delivery d
            WHERE delivery_id >= :id AND (delivery_id > :id OR (:key <> '' AND id > :key)) AND %s
            ORDER BY delivery_id, id LIMIT :limit OFFSET :skip""";
    private static final String OF_RECIPIENT = """
            -- StatusStore.pageOfRecipient
            SELECT * FROM delivery d
            WHERE recipient = :viewer AND delivery_id >= :id AND (delivery_id > :id OR (:key <> '' AND id > :key))
                AND %s
            ORDER BY delivery_id, id LIMIT :limit OFFSET :skip""";

    /// The limit applies to the party's own rows, before the join with the deliveries.
    private static final String OF_PARTY = """
            -- StatusStore.pageOfParty
            SELECT d.* FROM (
                SELECT delivery FROM delivery_party
                WHERE party = :viewer AND delivery_id >= :id
                    AND (delivery_id > :id OR (:key <> '' AND delivery > :key)) AND %s
                ORDER BY delivery_id, delivery LIMIT :limit OFFSET :skip) p
            JOIN delivery d ON d.id = p.delivery
            ORDER BY d.delivery_id, d.id""";

    /// Of every delivery that is under way, something waits for a party or for the client. Both are found by an index.
    private static final String UNDER_WAY = """
            (%1$s IN (SELECT c.delivery FROM collecting c)
                OR %1$s IN (SELECT b.delivery FROM bundle b WHERE b.state IN ('waiting', 'held')))""";

    private final JdbcClient jdbc;
    private final ReadableRows rows;
    private final Clock clock;

    StatusStore(JdbcClient jdbc, ReadableRows rows, Clock clock) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.clock = clock;
    }

    private record Line(
            DeliveryFacts facts,
            long placeCount,
            Instant firstSeen,
            Instant lastChange,
            Instant expires,
            boolean expired) {}

    /// Which deliveries a list has.
    enum Which {
        ALL,
        UNDER_WAY
    }

    /// The cost of a page does not depend on the number of other members' deliveries.
    ///
    /// @param viewer the calling member, which sees its own deliveries; empty for the relay's own users, who see
    ///     all
    /// @return deliveries ascending by id and parties
    List<DeliveryStatus> page(Optional<MemberName> viewer, Which which, DeliveryCursor after, int limit) {
        var statement = jdbc.sql(pageFor(viewer, which)).param("id", after.id()).param("key", after.key());
        viewer.ifPresent(member -> statement.param("viewer", member.toString()));
        return rows.list(statement, "id", limit, (row, number) -> line(row), this::status);
    }

    static String pageFor(Optional<MemberName> viewer, Which which) {
        return viewer.map(member -> switch (member.role()) {
                    case CLIENT -> OF_RECIPIENT.formatted(condition(which, "id"));
                    case PARTY, RELAY -> OF_PARTY.formatted(condition(which, "delivery"));
                })
                .orElseGet(() -> ALL.formatted(condition(which, "id")));
    }

    private static String condition(Which which, String column) {
        return switch (which) {
            case ALL -> "TRUE";
            case UNDER_WAY -> UNDER_WAY.formatted(column);
        };
    }

    private static String text(Optional<MemberName> viewer) {
        return viewer.map(MemberName::toString).orElse("");
    }

    /// @param viewer as for [#page]
    /// @param parties only the delivery of these; all deliveries with the id if empty
    /// @return the deliveries with this id that the viewer may see
    SeenDeliveries seen(Optional<MemberName> viewer, DeliveryId id, Optional<PartySet> parties) {
        var keys = jdbc.sql("""
                        -- StatusStore.seen
                        SELECT id FROM delivery d
                        WHERE delivery_id = :id AND (:key = '' OR id = :key)
                            AND (:viewer = '' OR recipient = :viewer OR EXISTS (
                                SELECT 1 FROM delivery_party p WHERE p.delivery = d.id AND p.party = :viewer))
                        ORDER BY id LIMIT :limit""")
                .param("id", id.toString())
                .param(
                        "key",
                        parties.map(set -> new DeliveryKey(id, set).toString()).orElse(""))
                .param("viewer", text(viewer))
                .param("limit", SeenDeliveries.MAX_READ)
                .query((row, number) -> DeliveryKey.parse(row.getString(1)))
                .list();
        return new SeenDeliveries(id, keys);
    }

    DeliveryStatus get(DeliveryKey key) {
        return status(jdbc.sql("""
                        -- StatusStore.get
                        SELECT * FROM delivery WHERE id = :id""")
                .param("id", key.toString())
                .query((row, number) -> line(row))
                .single());
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                facts(row.getBytes("header")),
                row.getLong("place_count"),
                Instant.ofEpochMilli(row.getLong("first_seen")),
                Instant.ofEpochMilli(row.getLong("last_change")),
                Instant.ofEpochMilli(row.getLong("expires")),
                row.getBoolean("expired"));
    }

    private DeliveryStatus status(Line line) {
        var facts = line.facts();
        var id = facts.key();
        var byState = bundlesByState(id);
        var places = new DeliveryStatus.Places(
                line.placeCount(),
                byState.getOrDefault(BundleState.WAITING, 0L),
                byState.getOrDefault(BundleState.RECEIVED, 0L),
                byState.getOrDefault(BundleState.REFUSED, 0L),
                byState.getOrDefault(BundleState.HELD, 0L));
        var lastBundle = lastBundleChange(id);
        return new DeliveryStatus(
                facts.id(),
                facts.recipient(),
                facts.parties(),
                Long.toString(facts.label()),
                facts.scheme(),
                facts.shape().count(),
                facts.shape().valuesPerChunk(),
                DeliveryState.of(places, line.expired() || line.expires().isBefore(clock.instant())),
                places,
                waitingFor(id, line),
                waitingSince(id),
                refusals(id),
                line.firstSeen(),
                lastBundle.isAfter(line.lastChange()) ? lastBundle : line.lastChange(),
                line.expires());
    }

    private static DeliveryFacts facts(byte[] header) {
        try {
            return Header.decode(Bytes.of(header)).facts();
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    /// A bundle with a receipt counts as received, even while it is offered again.
    private Map<BundleState, Long> bundlesByState(DeliveryKey id) {
        var counts = new EnumMap<BundleState, Long>(BundleState.class);
        jdbc.sql("""
                        -- StatusStore.bundlesByState
                        SELECT CASE WHEN receipt_number IS NULL THEN state ELSE 'received' END AS how, COUNT(*)
                        FROM bundle WHERE delivery = :id GROUP BY how""").param("id", id.toString()).query(row -> {
            counts.put(BundleState.of(row.getString(1)), row.getLong(2));
        });
        return counts;
    }

    private Instant lastBundleChange(DeliveryKey id) {
        return Instant.ofEpochMilli(
                jdbc.sql("""
                        -- StatusStore.lastBundleChange
                        SELECT COALESCE(MAX(changed), 0) FROM bundle WHERE delivery = :id""").param("id", id.toString()).query(Long.class).single());
    }

    private List<MemberName> waitingFor(DeliveryKey id, Line line) {
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

    private Optional<Instant> waitingSince(DeliveryKey id) {
        return jdbc.sql("""
                        -- StatusStore.waitingSince
                        SELECT MIN(since) FROM collecting WHERE delivery = :id HAVING COUNT(*) > 0""")
                .param("id", id.toString())
                .query(Long.class)
                .optional()
                .map(Instant::ofEpochMilli);
    }

    private List<DeliveryStatus.Refusal> refusals(DeliveryKey id) {
        return jdbc.sql("""
                        -- StatusStore.refusals
                        SELECT kind, idx, state, refusal_type, refusal_detail, refusal_members FROM bundle
                        WHERE delivery = :id AND state IN ('refused', 'held')
                        ORDER BY state DESC, kind, idx LIMIT :limit""")
                .param("id", id.toString())
                .param("limit", MAX_REFUSALS)
                .query((row, number) -> new DeliveryStatus.Refusal(
                        Kind.ofCode(row.getInt("kind")),
                        row.getInt("idx"),
                        BundleState.of(row.getString("state")) == BundleState.HELD ? Finality.CURABLE : Finality.FINAL,
                        row.getString("refusal_type"),
                        row.getString("refusal_detail"),
                        Stream.of(row.getString("refusal_members").split(", "))
                                .map(MemberName::parse)
                                .toList()))
                .list();
    }

    /// @return what happened so far, in the order in which it began
    List<DeliveryStep> timeline(DeliveryKey id) {
        var steps = new ArrayList<>(jdbc.sql("""
                        -- StatusStore.stored
                        SELECT sender, COUNT(*) AS how_many, MIN(stored) AS first, MAX(stored) AS last
                        FROM envelope WHERE delivery = :id GROUP BY sender""")
                .param("id", id.toString())
                .query((row, number) -> step(Step.STORED, Optional.of(MemberName.parse(row.getString("sender"))), row))
                .list());
        steps.addAll(jdbc.sql("""
                        -- StatusStore.bundled
                        SELECT COUNT(*) AS how_many, MIN(made) AS first, MAX(made) AS last
                        FROM bundle WHERE delivery = :id HAVING COUNT(*) > 0""")
                .param("id", id.toString())
                .query((row, number) -> step(Step.BUNDLED, Optional.empty(), row))
                .list());
        steps.addAll(jdbc.sql("""
                        -- StatusStore.ended
                        SELECT CASE WHEN receipt_number IS NULL THEN state ELSE 'received' END AS how,
                            COUNT(*) AS how_many, MIN(changed) AS first, MAX(changed) AS last
                        FROM bundle WHERE delivery = :id AND state <> 'waiting' GROUP BY how""")
                .param("id", id.toString())
                .query((row, number) -> step(Step.of(BundleState.of(row.getString("how"))), Optional.empty(), row))
                .list());
        steps.sort(Comparator.comparing(DeliveryStep::first));
        return steps;
    }

    private static DeliveryStep step(Step step, Optional<MemberName> member, ResultSet row) throws SQLException {
        return new DeliveryStep(
                step,
                member,
                row.getLong("how_many"),
                Instant.ofEpochMilli(row.getLong("first")),
                Instant.ofEpochMilli(row.getLong("last")));
    }

    /// @return receipts in order of kind and index
    List<PlaceReceipt> receipts(DeliveryKey id, int after, int limit) {
        return jdbc.sql("""
                        -- StatusStore.receipts
                        SELECT b.kind, b.idx, f.receipt, f.signature
                        FROM bundle b JOIN feed f ON f.number = b.receipt_number
                        WHERE b.delivery = :id
                        ORDER BY b.kind, b.idx LIMIT :limit OFFSET :after""")
                .param("id", id.toString())
                .param("limit", limit)
                .param("after", after)
                .query((row, number) -> new PlaceReceipt(
                        Kind.ofCode(row.getInt("kind")),
                        row.getInt("idx"),
                        Bytes.of(row.getBytes("receipt")),
                        Bytes.of(row.getBytes("signature"))))
                .list();
    }
}
