// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Doubt;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.Changes;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// What a check reads and writes.
@Component
class CheckStore {
    private final JdbcClient jdbc;
    private final Changes changes;

    CheckStore(JdbcClient jdbc, Changes changes) {
        this.jdbc = jdbc;
        this.changes = changes;
    }

    /// A delivery whose envelopes are all here.
    ///
    /// @param facts what they say alike
    /// @param seed of the challenges; the check closes it
    /// @param verdict as stored by an earlier run, if it got that far
    record Complete(DeliveryFacts facts, SecretBytes seed, Optional<Verdict> verdict) {}

    /// @return the delivery, if it is complete and something is left to do
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

    /// @return the envelopes of one place, in the order of the parties
    List<Envelope> envelopes(DeliveryKey key, Place place) {
        var envelopes = new ArrayList<>(jdbc.sql("""
                        -- CheckStore.envelopes
                        SELECT encoded FROM envelope WHERE delivery = :id AND kind = :kind AND idx = :idx""")
                .param("id", key.toString())
                .param("kind", place.kind().code())
                .param("idx", place.index())
                .query((row, number) -> decode(row.getBytes(1)))
                .list());
        envelopes.sort((a, b) -> a.header().sender().compareTo(b.header().sender()));
        return envelopes;
    }

    private static Envelope decode(byte[] bytes) {
        try {
            return Envelope.decode(Bytes.of(bytes));
        } catch (MalformedException e) {
            throw new IllegalStateException("A stored envelope does not decode.", e);
        }
    }

    /// Gives the ids of one party's envelopes but the closing one, in order of kind and index.
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

    /// The verdict is final: a later one changes nothing.
    @Transactional
    public void storeVerdict(DeliveryKey key, Verdict verdict, Set<Doubt> doubts) {
        int rows = jdbc.sql("""
                        -- CheckStore.storeVerdict
                        UPDATE delivery SET verdict = :verdict, doubts = :doubts
                        WHERE id = :id AND verdict IS NULL""")
                .param("verdict", verdict.name())
                .param("doubts", Doubt.join(doubts))
                .param("id", key.toString())
                .update();
        if (rows == 1) {
            changes.note(key);
        }
    }

    void storeValues(DeliveryKey key, int chunk, byte[] raw) {
        jdbc.sql("""
                        -- CheckStore.storeValues
                        INSERT INTO value_chunk (delivery, idx, raw) VALUES (:id, :chunk, :raw)
                        ON CONFLICT (delivery, idx) DO NOTHING""")
                .param("id", key.toString())
                .param("chunk", chunk)
                .param("raw", raw)
                .update();
    }

    /// Nothing is left to do. The seed has served.
    @Transactional
    public void finish(DeliveryKey key) {
        jdbc.sql("""
                        -- CheckStore.finish
                        UPDATE delivery SET state = 'checked', check_seed = NULL WHERE id = :id""").param("id", key.toString()).update();
        changes.note(key);
    }

    /// It will never be checked: its time is over, as that of a delivery that did not become whole.
    @Transactional
    public void giveUp(DeliveryKey key) {
        int rows = jdbc.sql("""
                        -- CheckStore.giveUp
                        UPDATE delivery SET state = 'expired', check_seed = NULL
                        WHERE id = :id AND state = 'checking'""").param("id", key.toString()).update();
        if (rows == 1) {
            changes.note(key);
        }
    }
}
