// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import org.shareferry.member.MemberName;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The bytes that each member has stored here, limited by its quota.
@Repository
public class QuotaUsage {
    private final JdbcClient jdbc;
    private final RelayProperties properties;

    public QuotaUsage(JdbcClient jdbc, RelayProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /// Adds bytes to a member's usage. Call it in the transaction that stores them.
    ///
    /// @return false if this would exceed the quota; then nothing is added
    public boolean charge(MemberName member, long size) {
        return jdbc.sql("""
                        -- QuotaUsage.charge
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

    /// @return the number of bytes that the member has stored here
    public long bytes(MemberName member) {
        return jdbc.sql("""
                        -- QuotaUsage.bytes
                        SELECT COALESCE(SUM(bytes), 0) FROM usage WHERE sender = :sender""")
                .param("sender", member.toString())
                .query(Long.class)
                .single();
    }

    /// Subtracts bytes from a member's usage.
    public void credit(MemberName member, long size) {
        jdbc.sql("""
                        -- QuotaUsage.credit
                        UPDATE usage SET bytes = bytes - :size WHERE sender = :sender""").param("size", size).param("sender", member.toString()).update();
    }
}
