// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.Scheme;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.member.StartupException;

/// What becomes of opening keys that were stolen or lost, and when files and database come from different backups.
class OpeningKeysTest {
    private static final String VALIDITY = "shareferry.client.key-validity=2d";
    private static final String OVERLAP = "shareferry.client.key-overlap=1d";

    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path folder;

    private TestMembers members;

    @BeforeEach
    void makeWorld() {
        members = new TestMembers(folder);
    }

    private ClientHost start(String... settings) {
        return ClientHost.start(members, clock, settings);
    }

    private ClientHost startRevoking(SealingKey key) {
        return start(VALIDITY, OVERLAP, "shareferry.client.revoked-keys=" + key.id());
    }

    /// @return the client's first key
    private SealingKey firstKey() {
        try (var client = start(VALIDITY, OVERLAP)) {
            return client.sealingKey(clock);
        }
    }

    /// @return the key that follows the first, which parties know too
    private SealingKey secondKey() {
        clock.advance(Duration.ofHours(36));
        try (var client = start(VALIDITY, OVERLAP)) {
            return client.sealingKey(clock);
        }
    }

    private Path file(SealingKey key) {
        return folder.resolve("keys").resolve(key.id() + ".pem");
    }

    private Path database() {
        return folder.resolve("client.db");
    }

    private static List<SealingKey> keys(KeyAnnouncement announcement) {
        return announcement.keys().stream().map(key -> key.key()).toList();
    }

    private static void awaitState(ClientHost client, TestDelivery made, String state) {
        await().until(() -> client.result(made.id()).path("state").asString("").equals(state));
    }

    private static void assertVerified(ClientHost client, TestDelivery made) {
        made.bundles().forEach(client::received);
        awaitState(client, made, "checked");
        assertThat(client.result(made.id()).path("verdict").asString()).isEqualTo("VERIFIED");
    }

    private static void assertRefused(ClientHost client, TestDelivery made) {
        var reply = client.bring(made.bundles().getFirst());
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.problem()).isEqualTo("recipient-key-unknown");
    }

    private TestDelivery delivery(SealingKey key) {
        return TestDelivery.of(members, key, Scheme.BATCHED, 1, 2, 3);
    }

    @Test
    void a_stolen_key_is_revoked_a_new_one_is_announced_at_once_and_pending_bundles_are_refused() {
        var stolen = firstKey();
        var before = clock.instant();
        clock.advance(Duration.ofMinutes(1));

        try (var client = startRevoking(stolen)) {
            var announcement = client.announcement();
            assertThat(keys(announcement)).hasSize(1).doesNotContain(stolen);
            // Relay and parties keep the announcement that was issued last.
            assertThat(announcement.issued()).isAfter(before);
            assertThat(file(stolen)).doesNotExist();
            assertRefused(client, delivery(stolen));
            assertVerified(client, delivery(client.sealingKey(clock)));
        }
    }

    @Test
    void a_revoked_key_remains_revoked_after_a_restore() throws IOException {
        var stolen = firstKey();
        Files.copy(database(), folder.resolve("backup.db"));
        Files.copy(file(stolen), folder.resolve("backup.pem"));
        startRevoking(stolen).close();
        restoreDatabase("backup.db");
        Files.move(folder.resolve("backup.pem"), file(stolen));

        try (var client = startRevoking(stolen)) {
            assertThat(keys(client.announcement())).isNotEmpty().doesNotContain(stolen);
            assertThat(file(stolen)).doesNotExist();
            assertRefused(client, delivery(stolen));
        }
    }

    private void restoreDatabase(String backup) throws IOException {
        for (var suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(folder.resolve("client.db" + suffix));
        }
        Files.copy(folder.resolve(backup), database());
    }

    @Test
    void a_check_that_needs_a_revoked_key_ends_and_shows_nothing() {
        var stolen = firstKey();
        var made = delivery(stolen);
        try (var client = start(VALIDITY, OVERLAP)) {
            assertVerified(client, made);
        }
        ClientHost.breakOffCheck(members, made.key(), Optional.empty());

        try (var client = startRevoking(stolen)) {
            awaitState(client, made, "expired");
            assertThat(client.result(made.id()).has("values")).isFalse();
        }
    }

    @Test
    void values_that_were_checked_before_the_theft_stay() {
        var stolen = firstKey();
        var made = delivery(stolen);
        try (var client = start(VALIDITY, OVERLAP)) {
            assertVerified(client, made);
        }

        try (var client = startRevoking(stolen)) {
            assertThat(client.result(made.id()).path("values").toString()).isEqualTo("[1,2,3]");
        }
    }

    @Test
    void an_older_database_adopts_newer_keys_that_have_files() throws IOException {
        firstKey();
        Files.copy(database(), folder.resolve("backup.db"));
        var second = secondKey();
        restoreDatabase("backup.db");

        try (var client = start(VALIDITY, OVERLAP)) {
            assertThat(keys(client.announcement())).contains(second);
            assertVerified(client, delivery(second));
        }
    }

    @Test
    void an_older_database_with_a_key_that_was_retired_since_starts() throws IOException {
        var first = firstKey();
        Files.copy(database(), folder.resolve("backup.db"));
        clock.advance(Duration.ofDays(20));
        try (var client = start(VALIDITY, OVERLAP)) {
            assertThat(keys(client.announcement())).doesNotContain(first);
        }
        assertThat(file(first)).doesNotExist();
        restoreDatabase("backup.db");

        try (var client = start(VALIDITY, OVERLAP)) {
            assertThat(keys(client.announcement())).isNotEmpty().doesNotContain(first);
        }
    }

    @Test
    void a_newer_database_with_older_keys_does_not_start_until_the_missing_key_is_given_up() throws IOException {
        var first = firstKey();
        var second = secondKey();
        Files.delete(file(second));

        assertThatThrownBy(() -> start(VALIDITY, OVERLAP).close())
                .hasStackTraceContaining(StartupException.class.getName())
                .hasStackTraceContaining("shareferry.client.revoked-keys=" + second.id());

        try (var client = startRevoking(second)) {
            assertThat(keys(client.announcement())).contains(first).doesNotContain(second);
            assertRefused(client, delivery(second));
            assertVerified(client, delivery(first));
        }
    }

    @Test
    void a_retired_key_is_announced_as_long_as_envelopes_sealed_to_it_may_arrive() {
        var first = firstKey();
        secondKey();
        clock.advance(Duration.ofDays(2));

        try (var client = start(VALIDITY, OVERLAP)) {
            var announcement = client.announcement();
            assertThat(announcement.find(first.id()))
                    .hasValueSatisfying(
                            key -> assertThat(key.isValidAt(clock.instant())).isFalse());
            assertThat(announcement.keyAt(clock.instant())).isPresent().get().isNotEqualTo(first);
        }
        clock.advance(Duration.ofDays(7));
        try (var client = start(VALIDITY, OVERLAP)) {
            assertThat(client.announcement().find(first.id())).isEmpty();
        }
    }

    @Test
    void files_that_are_not_keys_are_ignored() {
        firstKey();
        var other = folder.resolve("keys").resolve("0".repeat(64) + ".pem");
        write(other, "not a key");
        write(folder.resolve("keys").resolve("notes.txt"), "note");

        try (var client = start(VALIDITY, OVERLAP)) {
            assertThat(keys(client.announcement())).hasSize(1);
        }
        assertThat(other).exists();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
