// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.client.input.MaskedInputs.Masked;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.commit.CommitNumbers;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// Committed answers. Only answers read from here are ever sent.
@Repository
class AnswerStore {
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final CommitNumbers numbers;
    private final InputStore inputs;
    private final Clock clock;

    AnswerStore(
            JdbcClient jdbc, TransactionTemplate transactions, CommitNumbers numbers, InputStore inputs, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.numbers = numbers;
        this.inputs = inputs;
        this.clock = clock;
    }

    /// An answer before it is committed.
    ///
    /// @param counter its number in the file of [AnswerCounter]
    /// @param masked m; empty for a refusal
    /// @param input the id of the waiting input that it uses, if any
    record Fresh(
            DeliveryKey request, long counter, SignedInputStatement signed, Masked masked, Optional<String> input) {}

    /// A committed answer.
    ///
    /// @param number in the order of commits
    /// @param maskedSize bytes of m; 0 for a refusal
    /// @param isWhole whether m is still stored; true for a refusal
    record Committed(DeliveryKey request, long number, SignedInputStatement signed, long maskedSize, boolean isWhole) {}

    /// The number of answers, and the limit for the age of requests.
    /// @param counter of answers
    /// @param askedAfter only requests after this time are answered
    /// @param isRestored whether this database is a copy from a backup that no service has used yet
    record State(long counter, Instant askedAfter, boolean isRestored) {}

    State state() {
        return jdbc.sql("""
                        -- AnswerStore.state
                        SELECT counter, asked_after, restored FROM answering""")
                .query((row, number) -> new State(
                        row.getLong("counter"),
                        Instant.ofEpochMilli(row.getLong("asked_after")),
                        row.getBoolean("restored")))
                .single();
    }

    /// From now on only requests after this time are answered.
    void answerOnlyAfter(Instant time) {
        jdbc.sql("""
                        -- AnswerStore.answerOnlyAfter
                        UPDATE answering SET asked_after = :time WHERE asked_after < :time""").param("time", time.toEpochMilli()).update();
    }

    /// Continues with a number that no copy of this database has had, so that an older copy is recognised. A mark of a
    /// restored database goes.
    ///
    /// @param time only requests after this time are answered
    /// @param inputsMayBeUsed whether waiting inputs may have been used already; then they are deleted
    void beginAnew(long counter, Instant time, boolean inputsMayBeUsed) {
        transactions.executeWithoutResult(status -> {
            answerOnlyAfter(time);
            jdbc.sql("""
                            -- AnswerStore.beginAnew
                            UPDATE answering SET counter = :counter, restored = FALSE WHERE counter < :counter""").param("counter", counter).update();
            if (inputsMayBeUsed) {
                inputs.deleteWaiting();
            }
        });
    }

    /// Marks a request as spoilt: its answer may have been sent or lost, so there will be no other one.
    ///
    /// @param input that the answer used, if any; it counts as used
    void spoil(DeliveryKey request, Optional<String> input, long counter) {
        transactions.executeWithoutResult(status -> {
            count(counter);
            jdbc.sql("""
                            -- AnswerStore.spoil
                            INSERT INTO answer (delivery, counter, masked_size, answered, envelopes_left, brought)
                            VALUES (:id, :counter, 0, :now, TRUE, TRUE) ON CONFLICT (delivery) DO NOTHING""")
                    .param("id", request.toString())
                    .param("counter", counter)
                    .param("now", clock.millis())
                    .update();
            input.ifPresent(inputs::use);
            close(request);
        });
    }

    /// Another replica has answered meanwhile, or the input was deleted.
    static final class OvertakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OvertakenException(String why) {
            super(why);
        }
    }

    /// Commits statement, signature, m and the use of the input in one transaction. Nothing of it is visible
    /// before.
    ///
    /// @throws OvertakenException when the counter has changed, or the input no longer waits
    void commit(Fresh fresh) {
        transactions.executeWithoutResult(status -> {
            count(fresh.counter());
            insert(fresh);
            for (int i = 0; i < fresh.masked().rows().size(); i++) {
                insertRow(fresh.request(), i, fresh.masked().rows().get(i));
            }
            if (fresh.input().isPresent() && !inputs.use(fresh.input().get())) {
                throw new OvertakenException("The input was deleted or has expired.");
            }
            close(fresh.request());
            jdbc.sql("""
                            -- AnswerStore.number
                            UPDATE answer SET number = :number WHERE delivery = :id""")
                    .param("number", numbers.take(1))
                    .param("id", fresh.request().toString())
                    .update();
        });
    }

    private void count(long counter) {
        int rows = jdbc.sql("""
                        -- AnswerStore.count
                        UPDATE answering SET counter = :counter WHERE counter = :counter - 1""").param("counter", counter).update();
        if (rows != 1) {
            throw new OvertakenException("Another replica has answered.");
        }
    }

    private void insert(Fresh fresh) {
        int rows = jdbc.sql("""
                        -- AnswerStore.insert
                        INSERT INTO answer (delivery, counter, statement, signature, masked_size, masked_left, answered,
                            envelopes_left, brought)
                        VALUES (:id, :counter, :statement, :signature, :size, :left, :now, TRUE, FALSE)
                        ON CONFLICT (delivery) DO NOTHING""")
                .param("id", fresh.request().toString())
                .param("counter", fresh.counter())
                .param("statement", fresh.signed().statement().toArray())
                .param("signature", fresh.signed().signature().toArray())
                .param("size", fresh.masked().size())
                .param("left", fresh.masked().size() > 0)
                .param("now", clock.millis())
                .update();
        if (rows != 1) {
            throw new OvertakenException("The request already has an answer.");
        }
    }

    private void insertRow(DeliveryKey request, int index, Bytes masked) {
        jdbc.sql("""
                        -- AnswerStore.insertRow
                        INSERT INTO answer_row (delivery, idx, masked) VALUES (:id, :idx, :masked)""")
                .param("id", request.toString())
                .param("idx", index)
                .param("masked", masked.toArray())
                .update();
    }

    private void close(DeliveryKey request) {
        jdbc.sql("""
                        -- AnswerStore.close
                        DELETE FROM request WHERE delivery = :id""").param("id", request.toString()).update();
    }

    /// @return whether the request was answered, or is spoilt
    boolean isAnswered(DeliveryKey request) {
        return jdbc.sql("""
                        -- AnswerStore.isAnswered
                        SELECT delivery FROM answer WHERE delivery = :id""")
                .param("id", request.toString())
                .query((row, number) -> row.getString(1))
                .optional()
                .isPresent();
    }

    /// @return whether its delivery is known, or it was answered
    boolean isKnown(DeliveryKey request) {
        return jdbc.sql("""
                        -- AnswerStore.isKnown
                        SELECT id FROM delivery WHERE id = :id UNION SELECT delivery FROM answer WHERE delivery = :id""")
                .param("id", request.toString())
                .query((row, number) -> row.getString(1))
                .optional()
                .isPresent();
    }

    /// @return the answer to a request
    Optional<Committed> find(DeliveryKey request) {
        return jdbc.sql("""
                        -- AnswerStore.find
                        SELECT * FROM answer WHERE delivery = :id AND number IS NOT NULL""")
                .param("id", request.toString())
                .query((row, number) -> committed(row))
                .optional();
    }

    private static Committed committed(ResultSet row) throws SQLException {
        return new Committed(
                DeliveryKey.parse(row.getString("delivery")),
                row.getLong("number"),
                new SignedInputStatement(Bytes.of(row.getBytes("statement")), Bytes.of(row.getBytes("signature"))),
                row.getLong("masked_size"),
                row.getBoolean("masked_left") || row.getLong("masked_size") == 0);
    }

    /// @return a row of m
    Bytes row(DeliveryKey request, int index) {
        return jdbc.sql("""
                        -- AnswerStore.row
                        SELECT masked FROM answer_row WHERE delivery = :id AND idx = :idx""")
                .param("id", request.toString())
                .param("idx", index)
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .single();
    }

    /// An answer in a list.
    record Named(DeliveryKey request, long number) {}

    /// @return answers with higher numbers than this one, in the order of their commits
    List<Named> after(long number, int limit) {
        return jdbc.sql("""
                        -- AnswerStore.after
                        SELECT delivery, number FROM answer WHERE number > :after ORDER BY number LIMIT :limit""")
                .param("after", number)
                .param("limit", limit)
                .query((row, index) -> new Named(DeliveryKey.parse(row.getString(1)), row.getLong(2)))
                .list();
    }

    /// @return the number of the last commit
    long last() {
        return numbers.last();
    }

    /// @param answeredAfter skip older answers, whose program has ended
    /// @param number skip answers up to this one
    /// @return answers that the relay does not have yet, the oldest first
    List<Named> toBring(Instant answeredAfter, long number, int limit) {
        return jdbc.sql("""
                        -- AnswerStore.toBring
                        SELECT delivery, number FROM answer
                        WHERE NOT brought AND number > :number AND answered > :after
                            AND (masked_left OR masked_size = 0)
                        ORDER BY number LIMIT :limit""")
                .param("after", answeredAfter.toEpochMilli())
                .param("number", number)
                .param("limit", limit)
                .query((row, index) -> new Named(DeliveryKey.parse(row.getString(1)), row.getLong(2)))
                .list();
    }

    void noteBrought(DeliveryKey request) {
        jdbc.sql("""
                        -- AnswerStore.noteBrought
                        UPDATE answer SET brought = TRUE WHERE delivery = :id""").param("id", request.toString()).update();
    }
}
