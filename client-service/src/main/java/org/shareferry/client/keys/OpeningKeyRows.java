// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.keys;

import java.time.Instant;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SealingKey;
import org.shareferry.keys.AnnouncedKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The public opening keys in the database.
@Repository
class OpeningKeyRows {
    private final JdbcClient jdbc;

    OpeningKeyRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @return all of them, the latest first
    List<AnnouncedKey> all() {
        return jdbc.sql("""
                        -- OpeningKeyRows.all
                        SELECT public_key, not_before, not_after FROM opening_key ORDER BY not_before DESC, id""")
                .query((row, number) -> new AnnouncedKey(
                        sealingKey(row.getBytes("public_key")),
                        Instant.ofEpochMilli(row.getLong("not_before")),
                        Instant.ofEpochMilli(row.getLong("not_after"))))
                .list();
    }

    private static SealingKey sealingKey(byte[] raw) {
        try {
            return SealingKey.of(Bytes.of(raw));
        } catch (CryptoException e) {
            throw new IllegalStateException("A stored public key is invalid.", e);
        }
    }

    void insert(AnnouncedKey key) {
        jdbc.sql("""
                        -- OpeningKeyRows.insert
                        INSERT INTO opening_key (id, public_key, not_before, not_after)
                        VALUES (:id, :key, :begin, :end)""")
                .param("id", key.key().id().toString())
                .param("key", key.key().raw().toArray())
                .param("begin", key.notBefore().toEpochMilli())
                .param("end", key.notAfter().toEpochMilli())
                .update();
    }

    /// @return whether it existed
    boolean delete(KeyId id) {
        return jdbc.sql("""
                        -- OpeningKeyRows.delete
                        DELETE FROM opening_key WHERE id = :id""").param("id", id.toString()).update() == 1;
    }
}
