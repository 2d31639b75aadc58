// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.PartySet;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Waiting inputs, and those that are being received.
@Repository
class InputStore {
    /// An input that takes longer to arrive counts as aborted.
    private static final Duration COMING = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Clock clock;

    InputStore(JdbcClient jdbc, TransactionTemplate transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// A waiting input.
    ///
    /// @param usesLeft the number of requests that it may still answer
    /// @param created when it was completely received
    record Waiting(String id, InputParameters parameters, long count, int usesLeft, Instant created) {}

    /// @return whether an input waits for this label and these parties
    boolean hasWaiting(long label, PartySet parties) {
        return waiting(label, parties).isPresent();
    }

    /// @return the input that waits for requests with this label and these parties
    Optional<Waiting> waiting(long label, PartySet parties) {
        return jdbc.sql("""
                        -- InputStore.waiting
                        SELECT * FROM input
                        WHERE label = :label AND parties = :parties AND state = 'waiting' AND ends > :now""")
                .param("label", label)
                .param("parties", parties.toString())
                .param("now", clock.millis())
                .query((row, number) -> waiting(row))
                .optional();
    }

    /// @return all waiting inputs, the oldest first
    List<Waiting> all() {
        return jdbc.sql("""
                        -- InputStore.all
                        SELECT * FROM input WHERE state = 'waiting' AND ends > :now ORDER BY created, id""")
                .param("now", clock.millis())
                .query((row, number) -> waiting(row))
                .list();
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(
                row.getString("id"),
                new InputParameters(
                        row.getLong("label"),
                        PartySet.parse(row.getString("parties")),
                        names(row.getString("protocols")),
                        Instant.ofEpochMilli(row.getLong("ends")),
                        row.getInt("fixed_precision"),
                        row.getInt("bits"),
                        Math.max(1, row.getInt("uses_left")),
                        names(row.getString("accept_unverified")),
                        Bytes.of(row.getBytes("program"))),
                row.getLong("value_count"),
                row.getInt("uses_left"),
                Instant.ofEpochMilli(row.getLong("created")));
    }

    private static SortedSet<String> names(String joined) {
        return joined.isEmpty() ? new TreeSet<>() : new TreeSet<>(Arrays.asList(joined.split(",", -1)));
    }

    /// Begins to store an input.
    ///
    /// @return its id
    String begin(InputParameters parameters) {
        var id = UUID.randomUUID().toString();
        jdbc.sql("""
                        -- InputStore.begin
                        INSERT INTO input (id, state, label, parties, protocols, accept_unverified, value_count,
                            fixed_precision, bits, program, uses_left, created, ends)
                        VALUES (:id, 'storing', :label, :parties, :protocols, :acceptUnverified, 0, :precision, :bits,
                            :program, :times, :now, :ends)""")
                .param("id", id)
                .param("label", parameters.label())
                .param("parties", parameters.parties().toString())
                .param("protocols", String.join(",", parameters.protocols()))
                .param("acceptUnverified", String.join(",", parameters.acceptUnverified()))
                .param("precision", parameters.precision())
                .param("bits", parameters.bits())
                .param("program", parameters.program().toArray())
                .param("times", parameters.times())
                .param("now", clock.millis())
                .param("ends", parameters.until().toEpochMilli())
                .update();
        return id;
    }

    /// @param raw integers of equal size; closed by the caller
    void addRow(String id, int index, SecretBytes raw) {
        jdbc.sql("""
                        -- InputStore.addRow
                        INSERT INTO input_row (input, idx, raw) VALUES (:id, :idx, :raw)""")
                .param("id", id)
                .param("idx", index)
                .param("raw", raw.reveal())
                .update();
    }

    /// Makes the input wait for requests made from now on.
    ///
    /// @return false if another one waits for this label and these parties
    boolean finish(String id, long count) {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> {
                deleteEnded();
                return jdbc.sql("""
                                -- InputStore.finish
                                UPDATE input SET state = 'waiting', value_count = :count, created = :now
                                WHERE id = :id AND state = 'storing' AND NOT EXISTS (
                                    SELECT 1 FROM input other WHERE other.state = 'waiting'
                                        AND other.label = input.label AND other.parties = input.parties)""")
                                .param("count", count)
                                .param("now", clock.millis())
                                .param("id", id)
                                .update()
                        == 1;
            }));
        } catch (DuplicateKeyException e) {
            // Another replica's transaction was first.
            return false;
        }
    }

    /// @return one row's integers; the caller closes them
    SecretBytes row(String id, int index) {
        return jdbc.sql("""
                        -- InputStore.row
                        SELECT raw FROM input_row WHERE input = :id AND idx = :idx""")
                .param("id", id)
                .param("idx", index)
                .query((row, number) -> SecretBytes.takeOver(row.getBytes(1)))
                .single();
    }

    /// Uses the input once. After the last use its values are deleted. Call it in the transaction of the answer.
    ///
    /// @return whether it was still waiting
    boolean use(String id) {
        int rows = jdbc.sql("""
                        -- InputStore.use
                        UPDATE input SET uses_left = uses_left - 1
                        WHERE id = :id AND state = 'waiting' AND uses_left > 0 AND ends > :now""").param("id", id).param("now", clock.millis()).update();
        jdbc.sql("""
                        -- InputStore.deleteUsed
                        DELETE FROM input WHERE id = :id AND uses_left = 0""").param("id", id).update();
        return rows == 1;
    }

    /// @return whether it existed
    boolean delete(String id) {
        return jdbc.sql("""
                        -- InputStore.delete
                        DELETE FROM input WHERE id = :id""").param("id", id).update() == 1;
    }

    /// Deletes all waiting inputs. Call it in a transaction.
    void deleteWaiting() {
        jdbc.sql("""
                        -- InputStore.deleteWaiting
                        DELETE FROM input WHERE state = 'waiting'""").update();
    }

    /// Deletes expired and incomplete inputs.
    @Scheduled(fixedDelayString = "PT30S")
    void tidy() {
        deleteEnded();
        jdbc.sql("""
                        -- InputStore.deleteBrokenOff
                        DELETE FROM input WHERE state = 'storing' AND created < :before""")
                .param("before", clock.instant().minus(COMING).toEpochMilli())
                .update();
    }

    private void deleteEnded() {
        jdbc.sql("""
                        -- InputStore.deleteEnded
                        DELETE FROM input WHERE state = 'waiting' AND ends <= :now""").param("now", clock.millis()).update();
    }
}
