// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Header;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.relay.QuotaUsage;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.storage.SharedCommits;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The stored answers: a signed statement, and the masked values in parts. The first answer to a request is never
/// replaced.
@Repository
class StoredAnswers {
    private final JdbcClient jdbc;
    private final SharedCommits commits;
    private final CommitSignal signal;
    private final QuotaUsage usage;
    private final Clock clock;

    StoredAnswers(JdbcClient jdbc, SharedCommits commits, CommitSignal signal, QuotaUsage usage, Clock clock) {
        this.jdbc = jdbc;
        this.commits = commits;
        this.signal = signal;
        this.usage = usage;
        this.clock = clock;
    }

    /// @return this request for inputs, if the relay has an envelope of it
    Optional<InputRequest> request(DeliveryKey key) {
        return jdbc.sql("""
                        -- StoredAnswers.request
                        SELECT header FROM delivery WHERE id = :delivery""")
                .param("delivery", key.toString())
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .optional()
                .flatMap(StoredAnswers::decode)
                .filter(header -> header.facts().scheme() == Scheme.INPUT)
                .map(header -> new InputRequest(header.facts()));
    }

    /// Headers of other versions are ignored.
    private static Optional<Header> decode(Bytes header) {
        try {
            return Optional.of(Header.decode(header));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /// @return the first answer to a request
    Optional<SignedInputStatement> find(DeliveryKey key) {
        return find("answer", key);
    }

    /// @return a second, different answer that the client signed
    Optional<SignedInputStatement> evidence(DeliveryKey key) {
        return find("answer_evidence", key);
    }

    private Optional<SignedInputStatement> find(String table, DeliveryKey key) {
        return jdbc.sql("""
                        -- StoredAnswers.find
                        SELECT statement, signature FROM\s""" + table + " WHERE delivery = :delivery")
                .param("delivery", key.toString())
                .query((row, number) -> new SignedInputStatement(
                        Bytes.of(row.getBytes("statement")), Bytes.of(row.getBytes("signature"))))
                .optional();
    }

    /// Masked values of an answer.
    /// @param upload the id of their parts
    /// @param size of all of them
    record Masked(String upload, long size) {}

    /// @return empty for a refusal, and after the retention of masked values
    Optional<Masked> masked(DeliveryKey key) {
        return jdbc.sql("""
                        -- StoredAnswers.masked
                        SELECT u.id, u.size FROM answer a JOIN answer_upload u ON u.id = a.upload
                        WHERE a.delivery = :delivery AND u.size > 0 AND u.released = FALSE""")
                .param("delivery", key.toString())
                .query((row, number) -> new Masked(row.getString("id"), row.getLong("size")))
                .optional();
    }

    /// @param index from 0
    /// @return the next bytes; empty after the last part
    Optional<Bytes> part(Masked masked, int index) {
        return jdbc.sql("""
                        -- StoredAnswers.part
                        SELECT content FROM answer_part WHERE upload = :upload AND idx = :idx""")
                .param("upload", masked.upload())
                .param("idx", index)
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .optional();
    }

    /// An answer that is being received.
    /// @param id the id of its parts
    /// @param key the request
    /// @param client the client that answers
    record Upload(String id, DeliveryKey key, MemberName client) {
        static Upload of(DeliveryKey key, MemberName client) {
            return new Upload(UUID.randomUUID().toString(), key, client);
        }
    }

    /// Stores the next part of an upload.
    ///
    /// @return false if this would exceed the client's quota
    boolean add(Upload upload, int index, Bytes part) {
        return commits.commit(() -> addNow(upload, index, part));
    }

    private boolean addNow(Upload upload, int index, Bytes part) {
        if (!usage.charge(upload.client(), part.size())) {
            return false;
        }
        grow(upload, part.size());
        jdbc.sql("""
                        -- StoredAnswers.add
                        INSERT INTO answer_part (upload, idx, content) VALUES (:upload, :idx, :content)""")
                .param("upload", upload.id())
                .param("idx", index)
                .param("content", part.toArray())
                .update();
        return true;
    }

    private void grow(Upload upload, long size) {
        jdbc.sql("""
                        -- StoredAnswers.grow
                        INSERT INTO answer_upload (id, delivery, client, size, changed)
                        VALUES (:id, :delivery, :client, :size, :now)
                        ON CONFLICT (id) DO UPDATE SET size = answer_upload.size + excluded.size,
                            changed = excluded.changed""")
                .param("id", upload.id())
                .param("delivery", upload.key().toString())
                .param("client", upload.client().toString())
                .param("size", size)
                .param("now", clock.millis())
                .update();
    }

    /// The result of storing an answer.
    enum Outcome {
        STORED,
        /// The same answer was already stored.
        STORED_BEFORE,
        /// A different answer was already stored.
        DIFFERS,
        /// The client's quota is exceeded.
        QUOTA_USED_UP
    }

    /// Stores the last part and the statement in one transaction. Before it, the answer is not visible.
    ///
    /// @param index of the last part
    /// @param last empty if all parts are already stored
    /// @param size of all parts
    Outcome complete(Upload upload, int index, Bytes last, long size, SignedInputStatement answer) {
        return commits.commit(() -> {
            if (last.size() > 0 && !addNow(upload, index, last)) {
                return Outcome.QUOTA_USED_UP;
            }
            grow(upload, 0);
            if (!insert(upload, answer)) {
                return find(upload.key()).filter(answer::equals).isPresent()
                        ? Outcome.STORED_BEFORE
                        : keepEvidence(upload.key(), answer);
            }
            markComplete(upload, size);
            signal.signalAfterCommit();
            return Outcome.STORED;
        });
    }

    private void markComplete(Upload upload, long size) {
        int rows = jdbc.sql("""
                        -- StoredAnswers.markComplete
                        UPDATE answer_upload SET complete = TRUE WHERE id = :id AND size = :size""").param("id", upload.id()).param("size", size).update();
        if (rows != 1) {
            throw new IllegalStateException("Parts of an answer were deleted while it was received.");
        }
    }

    private boolean insert(Upload upload, SignedInputStatement answer) {
        return jdbc.sql("""
                        -- StoredAnswers.insert
                        INSERT INTO answer (delivery, upload, statement, signature, stored)
                        VALUES (:delivery, :upload, :statement, :signature, :now)
                        ON CONFLICT (delivery) DO NOTHING""")
                        .param("delivery", upload.key().toString())
                        .param("upload", upload.id())
                        .param("statement", answer.statement().toArray())
                        .param("signature", answer.signature().toArray())
                        .param("now", clock.millis())
                        .update()
                == 1;
    }

    /// Stores a different answer that the client signed, as evidence.
    Outcome differs(DeliveryKey key, SignedInputStatement answer) {
        return commits.commit(() -> keepEvidence(key, answer));
    }

    private Outcome keepEvidence(DeliveryKey key, SignedInputStatement answer) {
        jdbc.sql("""
                        -- StoredAnswers.keepEvidence
                        INSERT INTO answer_evidence (delivery, statement, signature, stored)
                        VALUES (:delivery, :statement, :signature, :now) ON CONFLICT (delivery) DO NOTHING""")
                .param("delivery", key.toString())
                .param("statement", answer.statement().toArray())
                .param("signature", answer.signature().toArray())
                .param("now", clock.millis())
                .update();
        return Outcome.DIFFERS;
    }

    /// @return requests that are completely received, have not expired, and have no answer here
    List<DeliveryKey> unanswered(MemberName client) {
        return jdbc
                .sql("""
                        -- StoredAnswers.unanswered
                        SELECT d.id, d.header FROM delivery d
                        WHERE d.recipient = :client AND d.settled = FALSE AND d.expired = FALSE AND d.place_count = (
                                SELECT COUNT(*) FROM bundle b WHERE b.delivery = d.id AND b.receipt_number IS NOT NULL)
                            AND NOT EXISTS (SELECT 1 FROM answer a WHERE a.delivery = d.id)""")
                .param("client", client.toString())
                .query((row, number) -> decode(Bytes.of(row.getBytes("header"))))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .filter(header -> header.facts().scheme() == Scheme.INPUT)
                .map(header -> header.facts().key())
                .toList();
    }

    /// @return the number up to which the client's list of answers was read
    long read(MemberName client) {
        return jdbc.sql("""
                        -- StoredAnswers.read
                        SELECT number FROM answers_read WHERE client = :client""")
                .param("client", client.toString())
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    /// Stores the number up to which the client's list of answers was read.
    void read(MemberName client, long number) {
        jdbc.sql("""
                        -- StoredAnswers.setRead
                        INSERT INTO answers_read (client, number) VALUES (:client, :number)
                        ON CONFLICT (client) DO UPDATE SET number = excluded.number""").param("client", client.toString()).param("number", number).update();
    }
}
