// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.mirror;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.service.member.RosterFile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The newest key announcement of each client. Only announcements signed by the client are stored, and an older one
/// never replaces a newer one.
@Repository
public class KeyMirror {
    private final JdbcClient jdbc;
    private final RosterFile roster;
    private final Clock clock;
    private final Map<MemberName, Verified> cache = new ConcurrentHashMap<>();

    /// Caches the verification of a signature for an unchanged announcement and roster.
    private record Verified(SignedKeyAnnouncement signed, Roster roster, Optional<KeyAnnouncement> announcement) {}

    KeyMirror(JdbcClient jdbc, RosterFile roster, Clock clock) {
        this.jdbc = jdbc;
        this.roster = roster;
        this.clock = clock;
    }

    /// The result of storing an announcement.
    public enum Acceptance {
        /// It was stored as the newest.
        TAKEN,
        /// The stored one is as new or newer.
        NOT_NEWER,
        /// It is for another client, or not signed with the key that the roster pins.
        INVALID
    }

    /// Stores an announcement if the client signed it and it is newer than the stored one.
    public Acceptance accept(MemberName client, SignedKeyAnnouncement signed) {
        var verified = verify(client, signed, roster.current());
        if (verified.isEmpty()) {
            return Acceptance.INVALID;
        }
        int rows = jdbc.sql("""
                        -- KeyMirror.accept
                        INSERT INTO key_announcement (client, announcement, signature, issued)
                        VALUES (:client, :announcement, :signature, :issued)
                        ON CONFLICT (client) DO UPDATE
                        SET announcement = excluded.announcement, signature = excluded.signature,
                            issued = excluded.issued
                        WHERE excluded.issued > key_announcement.issued""")
                .param("client", client.toString())
                .param("announcement", signed.announcement().toArray())
                .param("signature", signed.signature().toArray())
                .param("issued", verified.get().issued().toEpochMilli())
                .update();
        return rows == 1 ? Acceptance.TAKEN : Acceptance.NOT_NEWER;
    }

    /// @return the newest announcement with its signature
    public Optional<SignedKeyAnnouncement> find(MemberName client) {
        return jdbc.sql("""
                        -- KeyMirror.find
                        SELECT announcement, signature FROM key_announcement WHERE client = :client""")
                .param("client", client.toString())
                .query((row, number) -> new SignedKeyAnnouncement(
                        Bytes.of(row.getBytes("announcement")), Bytes.of(row.getBytes("signature"))))
                .optional();
    }

    /// @return the newest announcement, if the roster still has the key that signed it
    public Optional<KeyAnnouncement> verified(MemberName client) {
        return find(client).flatMap(signed -> verified(client, signed, roster.current()));
    }

    private Optional<KeyAnnouncement> verified(MemberName client, SignedKeyAnnouncement signed, Roster current) {
        var known = cache.get(client);
        if (known == null || known.roster() != current || !known.signed().equals(signed)) {
            known = new Verified(signed, current, verify(client, signed, current));
            cache.put(client, known);
        }
        return known.announcement();
    }

    private static Optional<KeyAnnouncement> verify(MemberName client, SignedKeyAnnouncement signed, Roster roster) {
        try {
            return signed.verify(client, roster);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /// @return whether the client has announced a key that is valid now
    public boolean hasKey(MemberName client) {
        return verified(client).flatMap(keys -> keys.keyAt(clock.instant())).isPresent();
    }
}
