// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import org.shareferry.member.MemberName;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The bytes that each member has here, bounded by its quota.
@Component
public class Usage {
    private final JdbcClient jdbc;
    private final RelayProperties properties;

    public Usage(JdbcClient jdbc, RelayProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /// Counts bytes, in the transaction that stores them.
    ///
    /// @return false when the member would have more than its quota; then nothing is counted
    public boolean charge(MemberName member, long size) {
        return jdbc.sql("""
                        -- Usage.charge
                        INSERT INTO usage (sender, bytes)
                        SELECT :sender, :size WHERE :size <= :quota
                        ON CONFLICT (sender) DO UPDATE SET bytes = usage.bytes + excluded.bytes
                        WHERE usage.bytes + excluded.bytes <= :quota""")
                        .param("sender", member.toString())
                        .param("size", size)
                        .param("quota", properties.quota().toBytes())
                        .update()
                == 1;
    }

    /// @return how many bytes the member has here
    public long bytes(MemberName member) {
        return jdbc.sql("""
                        -- Usage.bytes
                        SELECT COALESCE(SUM(bytes), 0) FROM usage WHERE sender = :sender""")
                .param("sender", member.toString())
                .query(Long.class)
                .single();
    }

    /// Takes back what was counted.
    public void credit(MemberName member, long size) {
        jdbc.sql("""
                        -- Usage.credit
                        UPDATE usage SET bytes = bytes - :size WHERE sender = :sender""").param("size", size).param("sender", member.toString()).update();
    }
}
