// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Verdict;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Reads deliveries in the order in which they ended, and stores how far the webhook has come.
@Repository
class WebhookStore {
    private static final String NAME = "events";

    private final JdbcClient jdbc;

    WebhookStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// How far the webhook has come.
    ///
    /// @param told the end number of the last delivery that is done
    /// @param failingSince when the next one was first not acknowledged
    record Cursor(long told, Optional<Instant> failingSince) {}

    /// A delivery that has ended.
    ///
    /// @param number of the change with which it ended
    /// @param facts empty if this version of the service cannot read them
    /// @param verdict empty if it expired
    /// @param ended when
    /// @param isOpenRequest whether it is a request for inputs without an answer
    record Ended(
            long number,
            Optional<DeliveryFacts> facts,
            Optional<Verdict> verdict,
            Instant ended,
            boolean isOpenRequest) {}

    /// Begins after what has ended before, unless the webhook was on already.
    void begin() {
        jdbc.sql("""
                        -- WebhookStore.begin
                        INSERT INTO webhook (name, told) SELECT :name, last FROM change_counter WHERE TRUE
                        ON CONFLICT (name) DO NOTHING""").param("name", NAME).update();
    }

    /// Forgets how far the webhook came, because it is off.
    void forget() {
        jdbc.sql("""
                        -- WebhookStore.forget
                        DELETE FROM webhook WHERE name = :name""").param("name", NAME).update();
    }

    Optional<Cursor> cursor() {
        return jdbc.sql("""
                        -- WebhookStore.cursor
                        SELECT told, failing_since FROM webhook WHERE name = :name""")
                .param("name", NAME)
                .query((row, number) -> new Cursor(row.getLong(1), time(row, "failing_since")))
                .optional();
    }

    /// @return the first delivery that ended after this change
    Optional<Ended> next(long told) {
        return jdbc.sql("""
                        -- WebhookStore.next
                        SELECT d.end_number, d.header, d.verdict, d.ended, r.delivery AS asked
                        FROM delivery d LEFT JOIN request r ON r.delivery = d.id AND d.state = 'checked'
                        WHERE d.end_number > :told ORDER BY d.end_number LIMIT 1""")
                .param("told", told)
                .query((row, number) -> new Ended(
                        row.getLong("end_number"),
                        facts(row.getBytes("header")),
                        Optional.ofNullable(row.getString("verdict")).map(Verdict::valueOf),
                        Instant.ofEpochMilli(row.getLong("ended")),
                        isThere(row.getString("asked"))))
                .optional();
    }

    private static boolean isThere(@Nullable String text) {
        return text != null;
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static Optional<DeliveryFacts> facts(byte[] header) {
        try {
            return Optional.of(Header.decode(Bytes.of(header)).facts());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /// Marks a delivery as done, unless another replica has done so.
    ///
    /// @param from the cursor that the delivery was found with
    void advance(Cursor from, long to) {
        jdbc.sql("""
                        -- WebhookStore.advance
                        UPDATE webhook SET told = :to, failing_since = NULL WHERE name = :name AND told = :from""")
                .param("to", to)
                .param("name", NAME)
                .param("from", from.told())
                .update();
    }

    /// Notes that the next delivery is not acknowledged.
    void failed(Cursor at, Instant now) {
        jdbc.sql("""
                        -- WebhookStore.failed
                        UPDATE webhook SET failing_since = COALESCE(failing_since, :now)
                        WHERE name = :name AND told = :told""")
                .param("now", now.toEpochMilli())
                .param("name", NAME)
                .param("told", at.told())
                .update();
    }
}
