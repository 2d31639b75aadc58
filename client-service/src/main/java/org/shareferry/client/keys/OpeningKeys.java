// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.keys;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.client.ClientProperties;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.member.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// The client's X-Wing keys. A new one is made before the last one ends; an old one is deleted when
/// everything that was sealed to it must have arrived or expired, or when the operator revokes it.
@Component
public class OpeningKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpeningKeys.class);

    private final OpeningKeyRows rows;
    private final OpeningKeyFolder folder;
    private final OwnMember own;
    private final Clock clock;
    private final ClientProperties properties;
    private final ServiceProperties service;
    private final EnvelopeOpener opener;
    private final Map<KeyId, OpeningKey> open = new ConcurrentHashMap<>();

    OpeningKeys(
            OpeningKeyRows rows,
            OpeningKeyFolder folder,
            OwnMember own,
            Clock clock,
            ClientProperties properties,
            ServiceProperties service,
            EnvelopeOpener opener) {
        this.rows = rows;
        this.folder = folder;
        this.own = own;
        this.clock = clock;
        this.properties = properties;
        this.service = service;
        this.opener = opener;
        deleteRevoked();
        deleteOld();
        rows.all().forEach(this::load);
        adopt();
        rotate();
    }

    private void deleteRevoked() {
        for (var revoked : properties.revokedKeyIds()) {
            // Neither before the other is asked: a backup may have brought back one of them alone.
            boolean hadRow = rows.delete(revoked);
            boolean hadFile = folder.delete(revoked);
            if (hadRow || hadFile) {
                LOG.warn(
                        "The opening key {} is revoked and was deleted. What is sealed to it is refused: parties run"
                                + " again what was under way.",
                        revoked);
            }
        }
    }

    private void load(AnnouncedKey key) {
        var id = key.key().id();
        try {
            open.put(id, folder.read(id));
        } catch (KeyFileException e) {
            throw new StartupException(
                    e.getMessage() + " Restore the folder from a backup. If the key is lost or stolen, set"
                            + " shareferry.client.revoked-keys=" + id
                            + "; then what is sealed to it is refused, and parties run it again.",
                    e);
        }
    }

    /// A database that was restored from a backup does not know the keys made since: parties have sealed to them.
    /// How long they were to be valid is not known; the beginning makes every other key come before them.
    private void adopt() {
        var now = clock.instant();
        for (var id : folder.ids()) {
            if (open.containsKey(id) || properties.isRevoked(id)) {
                continue;
            }
            try {
                var key = folder.read(id);
                rows.insert(new AnnouncedKey(
                        key.sealingKey(),
                        now.minus(properties.keyValidity()).minus(service.deliveryLifetime()),
                        now.plus(properties.keyOverlap())));
                open.put(id, key);
                LOG.warn("The opening key {} is not in the database but has a file; it is used on.", id);
            } catch (KeyFileException e) {
                LOG.warn("A file looks like an opening key's but is none of use: {}", e.getMessage());
            }
        }
    }

    /// @return our key of this id, also when it is not valid any more
    public Optional<OpeningKey> find(KeyId id) {
        return Optional.ofNullable(open.get(id));
    }

    /// @return the dates of our keys, that with the latest beginning first
    public List<AnnouncedKey> announced() {
        return rows.all();
    }

    /// @return our keys, signed: those that parties may seal to, now or soon, and those that something
    ///     sealed earlier may still come for, so that the relay takes it
    public SignedKeyAnnouncement announcement() {
        var keys = rows.all().stream().limit(KeyAnnouncement.MAX_KEYS).toList();
        var announcement =
                new KeyAnnouncement(own.name(), own.identity().publicKey().id(), clock.instant(), keys);
        return SignedKeyAnnouncement.sign(announcement, own.identity());
    }

    /// Makes a new key when the last one ends soon, and deletes what nobody needs any more.
    @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT10M")
    final void rotate() {
        var now = clock.instant();
        boolean isLongValid =
                rows.all().stream().anyMatch(key -> key.notAfter().isAfter(now.plus(properties.keyOverlap())));
        if (!isLongValid) {
            make(now);
        }
        deleteOld();
    }

    private void make(Instant now) {
        var key = OpeningKey.generate();
        // The private half first: a key that parties know and we have lost would be the worse half.
        folder.write(key);
        rows.insert(new AnnouncedKey(
                key.sealingKey(), now.minus(service.clockTolerance()), now.plus(properties.keyValidity())));
        var id = key.sealingKey().id();
        open.put(id, key);
        LOG.info("A new opening key {} was made", id);
    }

    private void deleteOld() {
        var everythingIsHere = clock.instant().minus(service.deliveryLifetime()).minus(service.clockTolerance());
        for (var key : rows.all()) {
            if (key.notAfter().isBefore(everythingIsHere)) {
                delete(key.key().id());
            }
        }
    }

    private void delete(KeyId id) {
        rows.delete(id);
        folder.delete(id);
        var retired = open.remove(id);
        opener.forget(id);
        if (retired != null) {
            retired.close();
        }
        LOG.info("The retired opening key {} was deleted", id);
    }

    @Override
    public void close() {
        open.values().forEach(OpeningKey::close);
    }
}
