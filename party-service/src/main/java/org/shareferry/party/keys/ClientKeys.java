// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SealingKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.party.keys.KeyFetch.Fetched;
import org.shareferry.party.keys.KeyFetch.NotFetched;
import org.shareferry.party.keys.KeyLookup.Found;
import org.shareferry.party.keys.KeyLookup.Missing;
import org.shareferry.service.member.RosterFile;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// The clients' sealing keys. The relay passes on the announcements and can withhold them, but it cannot forge one:
/// an announcement must be signed with the key that the roster pins for the client, and must not be older than the
/// last one.
@Component
public final class ClientKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ClientKeys.class);

    private final RosterFile roster;
    private final KeyFetcher relay;
    private final AnnouncementStore store;
    private final PartyProperties properties;
    private final Clock clock;
    private final Map<MemberName, Known> known = new ConcurrentHashMap<>();

    /// @param announcement verified with this roster
    private record Known(KeyAnnouncement announcement, Roster roster, Instant fetched) {}

    ClientKeys(RosterFile roster, KeyFetcher relay, AnnouncementStore store, PartyProperties properties, Clock clock) {
        this.roster = roster;
        this.relay = relay;
        this.store = store;
        this.properties = properties;
        this.clock = clock;
    }

    /// Finds the key to seal to. Asks the relay if no known key is valid.
    ///
    /// @param client must be in the roster
    public KeyLookup current(MemberName client) {
        var cached = cached(client);
        if (cached.isPresent()) {
            return new Found(cached.get());
        }
        return switch (fetch(client)) {
            case Fetched fetched ->
                cached(client)
                        .<KeyLookup>map(Found::new)
                        .orElseGet(() -> new Missing("None of the announced keys of " + client + " is valid now."));
            case NotFetched failed -> new Missing(failed.why());
        };
    }

    /// @return the key to seal to, if it is known without asking the relay
    public Optional<SealingKey> cached(MemberName client) {
        return known(client).flatMap(announcement -> announcement.keyAt(clock.instant()));
    }

    /// @return whether the client's last announcement contains this key, valid or expired; a revoked key is not in
    ///     it
    public boolean isAnnounced(MemberName client, KeyId key) {
        return known(client).stream()
                .flatMap(announcement -> announcement.keys().stream())
                .anyMatch(announced -> announced.key().id().equals(key));
    }

    /// @return when the client's last announced key expires, if there is one
    Optional<Instant> end(MemberName client) {
        return known(client)
                .flatMap(announcement ->
                        announcement.keys().stream().map(AnnouncedKey::notAfter).max(Comparator.naturalOrder()));
    }

    /// Refreshes the keys of all clients of the roster, so that a hand-over need not wait for the relay.
    @Scheduled(fixedDelayString = "PT15S", initialDelayString = "PT1S")
    public void refresh() {
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            if (isDue(client.name()) && fetch(client.name()) instanceof NotFetched failed) {
                LOG.info("The keys of {} were not fetched: {}", client.name(), failed.why());
            }
        }
    }

    private boolean isDue(MemberName client) {
        known(client);
        var last = known.get(client);
        return last == null
                || Duration.between(last.fetched(), clock.instant()).compareTo(properties.keyRefreshInterval()) >= 0;
    }

    private Optional<KeyAnnouncement> known(MemberName client) {
        var current = roster.current();
        var last = known.get(client);
        if (last != null && last.roster() == current) {
            return Optional.of(last.announcement());
        }
        var stored = store.find(client);
        var verified = stored.flatMap(found -> verify(client, found.announcement(), current));
        if (stored.isEmpty() || verified.isEmpty()) {
            known.remove(client);
            return Optional.empty();
        }
        known.put(client, new Known(verified.get(), current, stored.get().fetched()));
        return verified;
    }

    private KeyFetch fetch(MemberName client) {
        return switch (relay.fetch(client)) {
            case NotFetched failed -> failed;
            case Fetched fetched -> accept(client, fetched);
        };
    }

    private KeyFetch accept(MemberName client, Fetched fetched) {
        var current = roster.current();
        var verified = verify(client, fetched.announcement(), current);
        if (verified.isEmpty()) {
            LOG.warn(
                    "The relay's key announcement of {} is not signed with the key that the roster pins; ignored. Compare the"
                            + " rosters.",
                    client);
            return new NotFetched("The relay's announcement of " + client + " is not signed with the key that the"
                    + " roster pins; compare the rosters.");
        }
        var now = clock.instant();
        var former = known(client);
        if (former.isPresent() && former.get().issued().isAfter(verified.get().issued())) {
            LOG.warn("The relay returned an older key announcement of {} than before; keeping the newer one.", client);
            known.put(client, new Known(former.get(), current, now));
        } else {
            store.put(client, fetched.announcement(), now);
            known.put(client, new Known(verified.get(), current, now));
        }
        return fetched;
    }

    private static Optional<KeyAnnouncement> verify(
            MemberName client, SignedKeyAnnouncement announcement, Roster roster) {
        try {
            return announcement.verify(client, roster);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
