// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Assumption;
import org.shareferry.check.Doubt;
import org.shareferry.check.Failure;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.service.storage.ReadableRows;
import org.shareferry.service.web.SeenDeliveries;
import org.shareferry.share.DecodedValues;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Queries for results.
@Repository
class ResultStore {
    private final JdbcClient jdbc;
    private final ReadableRows rows;

    ResultStore(JdbcClient jdbc, ReadableRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /// A result, and the decoder of its raw values.
    ///
    /// @param result without values
    /// @param decoded decodes the values
    /// @param chunks the number of chunks of values
    record Stored(Result result, DecodedValues decoded, int chunks) {}

    /// @return results in the order of their first bundles
    List<Result> page(ResultFilter filter, ResultCursor after, int limit) {
        var statement = jdbc.sql(filter.isNewestFirst() ? """
                        -- ResultStore.newest
                        SELECT * FROM delivery
                        WHERE (first_seen, id) < (:seen, :key) AND changed >= :since AND (:anyLabel OR label = :label)
                            AND (:parties = '' OR id = delivery_id || ',' || :parties)
                            AND (:verdict = '' OR verdict = :verdict) AND (:state = '' OR state = :state)
                        ORDER BY first_seen DESC, id DESC LIMIT :limit OFFSET :skip""" : """
                        -- ResultStore.oldest
                        SELECT * FROM delivery
                        WHERE (first_seen, id) > (:seen, :key) AND changed >= :since AND (:anyLabel OR label = :label)
                            AND (:parties = '' OR id = delivery_id || ',' || :parties)
                            AND (:verdict = '' OR verdict = :verdict) AND (:state = '' OR state = :state)
                        ORDER BY first_seen, id LIMIT :limit OFFSET :skip""")
                .param("seen", after.seen())
                .param("key", after.key())
                .param("since", filter.since().toEpochMilli())
                .param("anyLabel", filter.label().isEmpty())
                .param("label", filter.label().orElse(0L))
                .param("parties", filter.parties().map(PartySet::toString).orElse(""))
                .param("verdict", filter.verdict().map(Verdict::name).orElse(""))
                .param("state", filter.state().map(DeliveryState::text).orElse(""));
        return rows.list(statement, "id", limit, (row, number) -> stored(row).result());
    }

    /// The position of an envelope in a delivery.
    record Position(int kind, int index, String sender) {}

    /// @return the positions of a delivery's envelopes whose bytes are still stored, by kind, index and sender
    List<Position> envelopes(DeliveryKey key) {
        return jdbc.sql("""
                        -- ResultStore.envelopes
                        SELECT kind, idx, sender FROM envelope
                        WHERE delivery = :id AND LENGTH(encoded) > 0 ORDER BY kind, idx, sender""")
                .param("id", key.toString())
                .query((row, number) -> new Position(row.getInt(1), row.getInt(2), row.getString(3)))
                .list();
    }

    /// @return the signed envelope as received; empty if its bytes were deleted meanwhile
    Optional<byte[]> envelope(DeliveryKey key, Position position) {
        return jdbc.sql("""
                        -- ResultStore.envelope
                        SELECT encoded FROM envelope
                        WHERE delivery = :id AND kind = :kind AND idx = :index AND sender = :sender
                            AND LENGTH(encoded) > 0""")
                .param("id", key.toString())
                .param("kind", position.kind())
                .param("index", position.index())
                .param("sender", position.sender())
                .query((row, number) -> row.getBytes(1))
                .optional();
    }

    /// A delivery's last change.
    /// @param number of the change
    /// @param result in its current state; empty if this version of the service cannot read it
    record Change(long number, Optional<Result> result) {}

    /// @return changes with higher numbers than this one, in ascending order. A single statement reads them,
    ///     because a delivery could change between two statements and be missed
    List<Change> changesAfter(long change, int limit) {
        return jdbc.sql("""
                        -- ResultStore.changesAfter
                        SELECT * FROM delivery WHERE change_number > :change ORDER BY change_number LIMIT :limit""")
                .param("change", change)
                .param("limit", limit)
                .query((row, number) -> new Change(
                        row.getLong("change_number"),
                        rows.read(row, number, "id", (read, at) -> stored(read).result())))
                .list();
    }

    /// @param parties only the delivery of these; all deliveries with the id if empty
    /// @return the deliveries with this id
    SeenDeliveries seen(DeliveryId id, Optional<PartySet> parties) {
        var keys = jdbc.sql("""
                        -- ResultStore.seen
                        SELECT id FROM delivery WHERE delivery_id = :id AND (:key = '' OR id = :key)
                        ORDER BY id LIMIT :limit""")
                .param("id", id.toString())
                .param(
                        "key",
                        parties.map(set -> new DeliveryKey(id, set).toString()).orElse(""))
                .param("limit", SeenDeliveries.MAX_READ)
                .query((row, number) -> DeliveryKey.parse(row.getString(1)))
                .list();
        return new SeenDeliveries(id, keys);
    }

    Stored get(DeliveryKey key) {
        return jdbc.sql("""
                        -- ResultStore.get
                        SELECT * FROM delivery WHERE id = :id""")
                .param("id", key.toString())
                .query((row, number) -> stored(row))
                .single();
    }

    /// @return the raw values of one chunk
    byte[] values(DeliveryKey key, int chunk) {
        return jdbc.sql("""
                        -- ResultStore.values
                        SELECT raw FROM value_chunk WHERE delivery = :id AND idx = :chunk""")
                .param("id", key.toString())
                .param("chunk", chunk)
                .query((row, number) -> row.getBytes(1))
                .single();
    }

    private static Stored stored(ResultSet row) throws SQLException {
        var facts = facts(row.getBytes("header"));
        var verdict = Optional.ofNullable(row.getString("verdict")).map(Verdict::valueOf);
        var result = new Result(
                facts.id(),
                facts.label(),
                facts.scheme(),
                facts.protocol(),
                facts.parties(),
                facts.domain().toString(),
                facts.shape().count(),
                facts.precision(),
                DeliveryState.stored(row.getString("state")),
                verdict,
                verdict.filter(Verdict.VERIFIED::equals).map(verified -> Assumption.of(facts)),
                reasons(verdict, row),
                new Result.Received(row.getLong("received"), row.getLong("place_count")),
                Instant.ofEpochMilli(row.getLong("first_seen")),
                time(row, "ended"),
                time(row, "values_deleted"),
                Instant.ofEpochMilli(row.getLong("changed")),
                row.getLong("change_number"));
        return new Stored(
                result,
                new DecodedValues(facts.domain(), facts.precision()),
                facts.shape().chunkCount());
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static List<String> reasons(Optional<Verdict> verdict, ResultSet row) throws SQLException {
        return switch (verdict.orElse(Verdict.VERIFIED)) {
            case VERIFIED -> List.of();
            case UNVERIFIED ->
                Doubt.parse(row.getString("doubts")).stream().map(Doubt::text).toList();
            case REJECTED ->
                Failure.parse(Objects.requireNonNullElse(row.getString("failures"), "")).stream()
                        .map(Failure::text)
                        .toList();
        };
    }

    private static DeliveryFacts facts(byte[] header) {
        try {
            return Header.decode(Bytes.of(header)).facts();
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }
}
