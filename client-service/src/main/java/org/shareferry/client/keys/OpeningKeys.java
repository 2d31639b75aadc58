// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.keys;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.ServiceProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// The client's X-Wing keys. A new one is created before the last one expires. An old one is deleted when everything
/// sealed to it must have arrived or expired, or when the operator revokes it.
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
            // Evaluate both: a backup may have restored only one of them.
            boolean hadRow = rows.delete(revoked);
            boolean hadFile = folder.delete(revoked);
            if (hadRow || hadFile) {
                LOG.warn(
                        "The opening key {} is revoked and was deleted. Envelopes sealed to it are refused; parties"
                                + " must deliver again in new runs.",
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
                            + "; then envelopes sealed to it are refused, and parties must deliver again in new runs.",
                    e);
        }
    }

    /// Adopts key files that are missing in the database because it was restored from a backup: parties may have
    /// sealed to them. Their validity is unknown; their early start gives all other keys precedence.
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
                LOG.warn("The opening key {} is not in the database but has a file; adopting it.", id);
            } catch (KeyFileException e) {
                LOG.warn("A file named like an opening key is unusable; ignored: {}", e.getMessage());
            }
        }
    }

    /// @return the key with this id, even if it has expired
    public Optional<OpeningKey> find(KeyId id) {
        return Optional.ofNullable(open.get(id));
    }

    /// @return the dates of the keys, the one with the latest beginning first
    public List<AnnouncedKey> announced() {
        return rows.all();
    }

    /// @return the signed announcement: keys that parties may seal to now or soon, and keys for which earlier
    ///     envelopes may still arrive, so that the relay accepts those
    public SignedKeyAnnouncement announcement() {
        var keys = rows.all().stream().limit(KeyAnnouncement.MAX_KEYS).toList();
        var announcement =
                new KeyAnnouncement(own.name(), own.identity().publicKey().id(), clock.instant(), keys);
        return SignedKeyAnnouncement.sign(announcement, own.identity());
    }

    /// Creates a new key if the last one expires soon, and deletes keys that are no longer needed.
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
        // Store the private key first: an announced key without its private key would be worse than the
        // reverse.
        folder.write(key);
        rows.insert(new AnnouncedKey(
                key.sealingKey(), now.minus(service.clockTolerance()), now.plus(properties.keyValidity())));
        var id = key.sealingKey().id();
        open.put(id, key);
        LOG.info("Created the opening key {}", id);
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
        LOG.info("Deleted the expired opening key {}", id);
    }

    @Override
    public void close() {
        open.values().forEach(OpeningKey::close);
    }
}
