// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import org.shareferry.crypto.Bytes;
import org.shareferry.site.settings.PartyProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Parts of masked inputs in the database, until the VM has taken them.
@Repository
class SpoolStore {
    private final JdbcClient jdbc;
    private final PartyProperties properties;

    SpoolStore(JdbcClient jdbc, PartyProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    void add(String spool, int index, Bytes part) {
        jdbc.sql("""
                        -- SpoolStore.add
                        INSERT INTO input_part (spool, idx, holder, content) VALUES (:spool, :idx, :holder, :content)
                        """)
                .param("spool", spool)
                .param("idx", index)
                .param("holder", properties.instance())
                .param("content", part.toArray())
                .update();
    }

    Bytes part(String spool, int index) {
        return jdbc.sql("""
                        -- SpoolStore.part
                        SELECT content FROM input_part WHERE spool = :spool AND idx = :idx
                        """)
                .param("spool", spool)
                .param("idx", index)
                .query((row, number) -> Bytes.of(row.getBytes(1)))
                .single();
    }

    void drop(String spool, int index) {
        jdbc.sql("""
                        -- SpoolStore.drop
                        DELETE FROM input_part WHERE spool = :spool AND idx = :idx
                        """).param("spool", spool).param("idx", index).update();
    }

    /// Deletes leftovers of this instance's last run.
    void dropLeftovers() {
        jdbc.sql("""
                        -- SpoolStore.dropLeftovers
                        DELETE FROM input_part WHERE holder = :holder
                        """).param("holder", properties.instance()).update();
    }
}
