// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.client.ClientProperties;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SealingKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.member.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// The client's X-Wing keys. A new one is made before the last one ends; an old one is deleted when
/// everything that was sealed to it must have arrived or expired.
@Component
public class OpeningKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpeningKeys.class);

    private final JdbcClient jdbc;
    private final OwnMember own;
    private final Clock clock;
    private final ClientProperties properties;
    private final ServiceProperties service;
    private final Map<KeyId, OpeningKey> open = new ConcurrentHashMap<>();

    OpeningKeys(JdbcClient jdbc, OwnMember own, Clock clock, ClientProperties properties, ServiceProperties service) {
        this.jdbc = jdbc;
        this.own = own;
        this.clock = clock;
        this.properties = properties;
        this.service = service;
        makeFolder();
        known().forEach(this::load);
        rotate();
    }

    private void makeFolder() {
        try {
            var attributes = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            if (!Files.isDirectory(properties.keys())) {
                Files.createDirectories(properties.keys(), attributes);
            }
        } catch (IOException e) {
            throw new StartupException(
                    "The folder " + properties.keys() + " for opening keys cannot be made; set shareferry.client.keys.",
                    e);
        }
    }

    private void load(AnnouncedKey key) {
        var file = file(key.key().id());
        try {
            var opening = KeyFiles.readOpeningKey(file);
            if (!opening.sealingKey().equals(key.key())) {
                throw new StartupException(file + " holds another key than its name says; restore it from a backup.");
            }
            open.put(key.key().id(), opening);
        } catch (KeyFileException e) {
            throw new StartupException(
                    e.getMessage() + " Without it, what was sealed to this key cannot be opened.", e);
        }
    }

    private Path file(KeyId id) {
        return properties.keys().resolve(id + ".pem");
    }

    /// @return our key of this id, also when it is not valid any more
    public Optional<OpeningKey> find(KeyId id) {
        return Optional.ofNullable(open.get(id));
    }

    /// @return our keys that parties may seal to, now or soon, signed
    public SignedKeyAnnouncement announcement() {
        var now = clock.instant();
        var current =
                known().stream().filter(key -> !now.isAfter(key.notAfter())).toList();
        var announcement =
                new KeyAnnouncement(own.name(), own.identity().publicKey().id(), now, current);
        return SignedKeyAnnouncement.sign(announcement, own.identity());
    }

    /// Makes a new key when the last one ends soon, and deletes what nobody needs any more.
    @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT10M")
    final void rotate() {
        var now = clock.instant();
        var keys = known();
        boolean isLongValid = keys.stream().anyMatch(key -> key.notAfter().isAfter(now.plus(properties.keyOverlap())));
        if (!isLongValid) {
            make(now);
        }
        for (var key : keys) {
            if (key.notAfter()
                    .plus(service.deliveryLifetime())
                    .plus(service.clockTolerance())
                    .isBefore(now)) {
                delete(key.key().id());
            }
        }
    }

    private void make(Instant now) {
        var key = OpeningKey.generate();
        var id = key.sealingKey().id();
        try {
            // The private half first: a key that parties know and we have lost would be the worse half.
            KeyFiles.write(file(id), key);
        } catch (KeyFileException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
        jdbc.sql("""
                        -- OpeningKeys.make
                        INSERT INTO opening_key (id, public_key, not_before, not_after)
                        VALUES (:id, :key, :begin, :end)""")
                .param("id", id.toString())
                .param("key", key.sealingKey().raw().toArray())
                .param("begin", now.minus(service.clockTolerance()).toEpochMilli())
                .param("end", now.plus(properties.keyValidity()).toEpochMilli())
                .update();
        open.put(id, key);
        LOG.info("A new opening key {} was made", id);
    }

    private void delete(KeyId id) {
        jdbc.sql("""
                        -- OpeningKeys.delete
                        DELETE FROM opening_key WHERE id = :id""").param("id", id.toString()).update();
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            LOG.warn("The file of the retired opening key {} cannot be deleted; delete it by hand.", id);
        }
        var retired = open.remove(id);
        if (retired != null) {
            retired.close();
        }
        LOG.info("The retired opening key {} was deleted", id);
    }

    private List<AnnouncedKey> known() {
        return jdbc.sql("""
                        -- OpeningKeys.known
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
            throw new IllegalStateException("A stored public key is not one.", e);
        }
    }

    @Override
    public void close() {
        open.values().forEach(OpeningKey::close);
    }
}
