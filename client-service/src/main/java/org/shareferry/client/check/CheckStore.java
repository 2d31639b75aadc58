// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Doubt;
import org.shareferry.check.Failure;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.Changes;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/// The statements of a check.
@Repository
class CheckStore {
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Changes changes;

    CheckStore(JdbcClient jdbc, TransactionTemplate transactions, Changes changes) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.changes = changes;
    }

    /// A complete delivery.
    /// @param facts that all envelopes share
    /// @param seed of the challenges; the check closes it
    /// @param verdict stored by an earlier run, if there is one
    record Complete(DeliveryFacts facts, SecretBytes seed, Optional<Verdict> verdict) {}

    /// @return the delivery, if it is complete and its check is not finished
    Optional<Complete> findUnfinished(DeliveryKey key) {
        return jdbc.sql("""
                        -- CheckStore.findUnfinished
                        SELECT header, check_seed, verdict FROM delivery WHERE id = :id AND state = 'checking'""")
                .param("id", key.toString())
                .query((row, number) -> new Complete(
                        facts(row.getBytes("header")),
                        SecretBytes.takeOver(row.getBytes("check_seed")),
                        Optional.ofNullable(row.getString("verdict")).map(Verdict::valueOf)))
                .optional();
    }

    private static DeliveryFacts facts(byte[] header) {
        try {
            return Header.decode(Bytes.of(header)).facts();
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored header does not decode.", e);
        }
    }

    /// @return the ids of the stored envelopes at a place, by sender
    SortedMap<MemberName, EnvelopeId> ids(DeliveryKey key, Place place) {
        var ids = new TreeMap<MemberName, EnvelopeId>();
        jdbc.sql("""
                        -- CheckStore.ids
                        SELECT sender, id FROM envelope WHERE delivery = :id AND kind = :kind AND idx = :idx""")
                .param("id", key.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .query(row -> {
                    ids.put(MemberName.parse(row.getString(1)), new EnvelopeId(Bytes.of(row.getBytes(2))));
                });
        return ids;
    }

    Envelope envelope(DeliveryKey key, Place place, MemberName sender) {
        return jdbc.sql("""
                        -- CheckStore.envelope
                        SELECT encoded FROM envelope
                        WHERE delivery = :id AND kind = :kind AND idx = :idx AND sender = :sender""")
                .param("id", key.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .param("sender", sender.toString())
                .query((row, number) -> decode(row.getBytes(1)))
                .single();
    }

    private static Envelope decode(byte[] bytes) {
        try {
            return Envelope.decode(Bytes.of(bytes));
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored envelope does not decode.", e);
        }
    }

    /// Passes on the ids of one party's envelopes except the closing one, in order of kind and index.
    void eachId(DeliveryKey key, MemberName sender, Consumer<EnvelopeId> consumer) {
        jdbc.sql("""
                        -- CheckStore.eachId
                        SELECT id FROM envelope WHERE delivery = :id AND sender = :sender AND kind <> :closing
                        ORDER BY kind, idx""")
                .param("id", key.toString())
                .param("sender", sender.toString())
                .param("closing", Kind.CLOSING.code())
                .query(row -> {
                    consumer.accept(new EnvelopeId(Bytes.of(row.getBytes(1))));
                });
    }

    /// Values of one chunk.
    ///
    /// @param index of the chunk
    /// @param raw the encoded values; zeros of the same length for a rejected delivery
    record Chunk(int index, Bytes raw) {}

    /// The result of a check.
    ///
    /// @param verdict final, unless one is stored already
    /// @param doubts why values are not verified although no check failed
    /// @param failures what failed, for a rejected delivery
    /// @param chunks values that are not stored yet
    /// @param asked the time of a request for inputs, which has no values to store; empty for an output
    record Finished(
            DeliveryKey key,
            Verdict verdict,
            Set<Doubt> doubts,
            List<Failure> failures,
            List<Chunk> chunks,
            Optional<Instant> asked) {
        long valueBytes() {
            return chunks.stream().mapToLong(chunk -> chunk.raw().size()).sum();
        }
    }

    /// Stores a part of a long delivery's values. Call it in a transaction.
    ///
    /// @return whether to continue; false if another process has finished the check
    boolean storePart(Finished part) {
        return write(part, DeliveryState.CHECKING);
    }

    /// Stores the results of checks and deletes their seeds. Call it in a transaction.
    ///
    /// @return the number of checks that were not finished before
    int finish(List<Finished> finished) {
        for (var one : finished) {
            if (write(one, DeliveryState.CHECKED)) {
                changes.note(one.key());
            }
        }
        return finished.size();
    }

    private boolean write(Finished part, DeliveryState state) {
        int rows = jdbc.sql("""
                        -- CheckStore.write
                        UPDATE delivery SET state = :state, verdict = COALESCE(verdict, :verdict),
                            doubts = COALESCE(doubts, :doubts), failures = COALESCE(failures, :failures),
                            check_seed = CASE WHEN :state = 'checking' THEN check_seed END
                        WHERE id = :id AND state = 'checking'""")
                .param("state", state.text())
                .param("verdict", part.verdict().name())
                .param("doubts", Doubt.join(part.doubts()))
                .param("failures", Failure.join(part.failures()))
                .param("id", part.key().toString())
                .update();
        if (rows == 1) {
            part.chunks().forEach(chunk -> storeChunk(part.key(), chunk));
            part.asked().ifPresent(created -> openRequest(part.key(), created));
        }
        return rows == 1;
    }

    /// An existing answer to the request is kept.
    private void openRequest(DeliveryKey key, Instant created) {
        jdbc.sql("""
                        -- CheckStore.openRequest
                        INSERT INTO request (delivery, created) SELECT :id, CAST(:created AS BIGINT)
                        WHERE NOT EXISTS (SELECT 1 FROM answer WHERE delivery = :id)
                        ON CONFLICT (delivery) DO NOTHING""")
                .param("id", key.toString())
                .param("created", created.toEpochMilli())
                .update();
    }

    /// @return the earliest creation time of the delivery's envelopes; all envelopes of a party have the same
    Instant created(DeliveryKey key, Place place) {
        return jdbc
                .sql("""
                        -- CheckStore.created
                        SELECT encoded FROM envelope WHERE delivery = :id AND kind = :kind AND idx = :idx""")
                .param("id", key.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .query((row, number) -> decode(row.getBytes(1)).header().created())
                .list()
                .stream()
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private void storeChunk(DeliveryKey key, Chunk chunk) {
        jdbc.sql("""
                        -- CheckStore.storeChunk
                        INSERT INTO value_chunk (delivery, idx, raw) VALUES (:id, :chunk, :raw)
                        ON CONFLICT (delivery, idx) DO NOTHING""")
                .param("id", key.toString())
                .param("chunk", chunk.index())
                .param("raw", chunk.raw().toArray())
                .update();
    }

    /// Holds the leases on these checks until this moment.
    void hold(List<DeliveryKey> keys, Instant until) {
        if (keys.isEmpty()) {
            return;
        }
        transactions.executeWithoutResult(status -> keys.forEach(key -> jdbc.sql("""
                        -- CheckStore.hold
                        UPDATE delivery SET check_until = :until WHERE id = :id AND state = 'checking'""")
                .param("until", until.toEpochMilli())
                .param("id", key.toString())
                .update()));
    }

    /// Takes free leases on checks.
    ///
    /// @return the deliveries, those that have waited longest first
    List<DeliveryKey> takeUp(Instant now, int limit) {
        var free = jdbc.sql("""
                        -- CheckStore.free
                        SELECT id FROM delivery WHERE state = 'checking' AND check_until < :now
                        ORDER BY check_until LIMIT :limit""")
                .param("now", now.toEpochMilli())
                .param("limit", limit)
                .query((row, number) -> row.getString(1))
                .list();
        return free.stream()
                .filter(id -> isTaken(id, now))
                .map(DeliveryKey::parse)
                .toList();
    }

    /// Only one of two concurrent replicas succeeds.
    private boolean isTaken(String id, Instant now) {
        return jdbc.sql("""
                        -- CheckStore.takeUp
                        UPDATE delivery SET check_until = :until
                        WHERE id = :id AND state = 'checking' AND check_until < :now""")
                        .param("until", now.plus(CheckScheduler.LEASE).toEpochMilli())
                        .param("id", id)
                        .param("now", now.toEpochMilli())
                        .update()
                == 1;
    }

    /// Marks the delivery as expired, because it can never be checked. Call it in a transaction.
    boolean giveUp(DeliveryKey key) {
        int rows = jdbc.sql("""
                        -- CheckStore.giveUp
                        UPDATE delivery SET state = 'expired', check_seed = NULL
                        WHERE id = :id AND state = 'checking'""").param("id", key.toString()).update();
        if (rows == 1) {
            changes.note(key);
        }
        return rows == 1;
    }
}
