// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import java.time.Instant;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The newest announcement of each client, so that the service can seal after a restart without the relay.
@Repository
class AnnouncementStore {
    private final JdbcClient jdbc;

    AnnouncementStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// An announcement and the time when it was fetched.
    record Stored(SignedKeyAnnouncement announcement, Instant fetched) {}

    Optional<Stored> find(MemberName client) {
        return jdbc.sql("""
                        -- AnnouncementStore.find
                        SELECT announcement, signature, fetched FROM announcement WHERE client = :client
                        """)
                .param("client", client.toString())
                .query((row, number) -> new Stored(
                        new SignedKeyAnnouncement(
                                Bytes.of(row.getBytes("announcement")), Bytes.of(row.getBytes("signature"))),
                        Instant.ofEpochMilli(row.getLong("fetched"))))
                .optional();
    }

    /// Replaces the stored announcement.
    void put(MemberName client, SignedKeyAnnouncement announcement, Instant fetched) {
        jdbc.sql("""
                        -- AnnouncementStore.put
                        INSERT INTO announcement (client, announcement, signature, fetched)
                        VALUES (:client, :announcement, :signature, :fetched)
                        ON CONFLICT (client) DO UPDATE SET announcement = excluded.announcement,
                            signature = excluded.signature, fetched = excluded.fetched
                        """)
                .param("client", client.toString())
                .param("announcement", announcement.announcement().toArray())
                .param("signature", announcement.signature().toArray())
                .param("fetched", fetched.toEpochMilli())
                .update();
    }
}
