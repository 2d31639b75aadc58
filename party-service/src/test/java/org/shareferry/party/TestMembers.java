// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.service.fixture.Certificate.Term;
import org.shareferry.service.fixture.TestPki;

/// The members P0, P1, R0 and C0 with new keys and certificates, and some invalid certificates.
public final class TestMembers extends TestPki {
    public static final MemberName P0 = MemberName.party(0);
    public static final MemberName P1 = MemberName.party(1);
    public static final MemberName R0 = MemberName.parse("R0");
    public static final MemberName C0 = MemberName.client(0);
    /// A user of P1.
    public static final String USER = "alice";
    /// A member that all trust but that is not in the roster.
    public static final String STRANGER = "mallory";

    private final OpeningKey clientKey = OpeningKey.generate();

    /// @param folder where P1's files go
    /// @param relay the relay's port
    public TestMembers(Path folder, int relay) {
        super(folder, P1, Instant.now(), List.of(P0, P1, R0, C0), USER, STRANGER);
        add(EXPIRED, P1.toString(), Term.before(Instant.now()));
        write(Map.of(R0, URI.create("https://127.0.0.1:" + relay)));
    }

    public OpeningKey clientKey() {
        return clientKey;
    }

    /// @return C0's announcement of its key, signed with the given key
    public SignedKeyAnnouncement announcement(MemberName signer, Instant issued, Duration validity) {
        var key = identity(signer);
        var keys = List.of(
                new AnnouncedKey(clientKey.sealingKey(), issued.minus(Duration.ofHours(1)), issued.plus(validity)));
        return SignedKeyAnnouncement.sign(
                new KeyAnnouncement(C0, key.publicKey().id(), issued, keys), key);
    }

    /// @return C0's announcement of these keys
    public SignedKeyAnnouncement announcement(Instant issued, OpeningKey... keys) {
        var announced = new ArrayList<AnnouncedKey>();
        for (var key : keys) {
            announced.add(new AnnouncedKey(
                    key.sealingKey(), issued.minus(Duration.ofHours(1)), issued.plus(Duration.ofDays(60))));
        }
        return SignedKeyAnnouncement.sign(
                new KeyAnnouncement(C0, identity(C0).publicKey().id(), issued, announced), identity(C0));
    }
}
