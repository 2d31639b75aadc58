// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.relay.fixture.World.C0;
import static org.shareferry.relay.fixture.World.C1;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.Roster;
import org.shareferry.relay.fixture.Database;
import org.shareferry.relay.fixture.World;
import org.shareferry.relay.mirror.KeyMirror.Acceptance;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.member.RosterFile;

@DisplayNameGeneration(ReplaceUnderscores.class)
class KeyMirrorTest {
    private static final Instant NOW = SettableClock.START;

    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder;

    private World world;
    private KeyMirror mirror;

    @BeforeEach
    void makeMirror() {
        world = new World(folder);
        mirror = new KeyMirror(Database.in(folder), new RosterFile(folder.resolve("roster.json"), clock), clock);
    }

    private SignedKeyAnnouncement announcement(Instant issued) {
        var identity = world.identity(C0);
        var key = new AnnouncedKey(world.openingKey(C0).sealingKey(), NOW, NOW.plus(Duration.ofDays(1)));
        return SignedKeyAnnouncement.sign(
                new KeyAnnouncement(C0, identity.publicKey().id(), issued, List.of(key)), identity);
    }

    @Test
    void an_announcement_is_stored_with_its_exact_bytes() {
        var signed = announcement(NOW);

        assertThat(mirror.accept(C0, signed)).isEqualTo(Acceptance.TAKEN);

        assertThat(mirror.find(C0)).contains(signed);
        assertThat(mirror.find(C1)).isEmpty();
    }

    @Test
    void only_a_newer_announcement_replaces_an_older_one() {
        var older = announcement(NOW);
        var newer = announcement(NOW.plusMillis(1));
        mirror.accept(C0, older);

        assertThat(mirror.accept(C0, newer)).isEqualTo(Acceptance.TAKEN);
        assertThat(mirror.accept(C0, older)).isEqualTo(Acceptance.NOT_NEWER);
        assertThat(mirror.accept(C0, newer)).isEqualTo(Acceptance.NOT_NEWER);

        assertThat(mirror.find(C0)).contains(newer);
    }

    @Test
    void an_unsigned_announcement_is_not_accepted() {
        var good = announcement(NOW);
        var bytes = good.signature().toArray();
        bytes[0] ^= 1;

        assertThat(mirror.accept(C0, new SignedKeyAnnouncement(good.announcement(), Bytes.of(bytes))))
                .isEqualTo(Acceptance.INVALID);
        assertThat(mirror.accept(C1, good)).isEqualTo(Acceptance.INVALID);
        assertThat(mirror.accept(C0, new SignedKeyAnnouncement(Bytes.fromHex("00"), good.signature())))
                .isEqualTo(Acceptance.INVALID);
        try (var stranger = IdentityKey.generate()) {
            assertThat(mirror.accept(C0, world.announcement(C0, stranger))).isEqualTo(Acceptance.INVALID);
        }
        assertThat(mirror.find(C0)).isEmpty();
    }

    @Test
    void a_client_has_a_key_only_while_it_is_valid() {
        mirror.accept(C0, announcement(NOW));

        assertThat(mirror.hasKey(C0)).isTrue();
        clock.advance(Duration.ofDays(2));
        assertThat(mirror.hasKey(C0)).isFalse();
    }

    @Test
    void an_announcement_is_invalid_when_the_roster_drops_its_signing_key() {
        mirror.accept(C0, announcement(NOW));
        assertThat(mirror.verified(C0)).isPresent();
        try (var other = IdentityKey.generate()) {
            var line = world.roster().find(C0).orElseThrow();
            Roster changed = world.roster().with(new Member(C0, line.address(), List.of(other.publicKey())));
            world.writeRoster(changed);
        }
        clock.advance(Duration.ofSeconds(2));

        assertThat(mirror.verified(C0)).isEmpty();
    }
}
