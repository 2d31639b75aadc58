// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.Role;
import org.shareferry.relay.LastEnvelopes;
import org.shareferry.relay.QuotaUsage;
import org.shareferry.relay.dispatch.Reachability;
import org.shareferry.relay.mirror.KeyMirror;
import org.shareferry.service.member.RosterFile;
import org.shareferry.site.settings.RelayProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The state of the clients and parties in the roster.
@Repository
class MemberStates {
    private static final Waiting NOTHING = new Waiting(0, Optional.empty());

    private final JdbcClient jdbc;
    private final RosterFile roster;
    private final Reachability reachability;
    private final KeyMirror keys;
    private final LastEnvelopes envelopes;
    private final QuotaUsage usage;
    private final RelayProperties properties;
    private final Clock clock;

    MemberStates(
            JdbcClient jdbc,
            RosterFile roster,
            Reachability reachability,
            KeyMirror keys,
            LastEnvelopes envelopes,
            QuotaUsage usage,
            RelayProperties properties,
            Clock clock) {
        this.jdbc = jdbc;
        this.roster = roster;
        this.reachability = reachability;
        this.keys = keys;
        this.envelopes = envelopes;
        this.usage = usage;
        this.properties = properties;
        this.clock = clock;
    }

    /// @param oldest when the oldest bundle was complete
    private record Waiting(long bundles, Optional<Instant> oldest) {}

    /// @return ascending by name
    List<ClientState> clients() {
        var waiting = waiting();
        return roster.current().ofRole(Role.CLIENT).stream()
                .sorted(Comparator.comparing(Member::name))
                .map(client -> client(client, waiting))
                .toList();
    }

    private ClientState client(Member client, Map<String, Waiting> waiting) {
        var name = client.name();
        var failure = reachability.failure(name);
        var open = waiting.getOrDefault("waiting " + name, NOTHING);
        return new ClientState(
                name,
                client.address().isPresent() ? ClientState.Mode.PUSH : ClientState.Mode.PULL,
                failure.isEmpty(),
                reachability.lastContact(name),
                failure.map(ClientState.Failure::of),
                open.bundles(),
                waiting.getOrDefault("held " + name, NOTHING).bundles(),
                open.oldest(),
                keys.verified(name).flatMap(this::key));
    }

    /// The announcement has the next key, too, once there is one.
    private Optional<ClientState.Key> key(KeyAnnouncement announcement) {
        var now = clock.instant();
        var last = announcement.keys().stream().map(AnnouncedKey::notAfter).max(Comparator.naturalOrder());
        return announcement.keys().stream()
                .filter(key -> key.isValidAt(now))
                .max(Comparator.comparing(AnnouncedKey::notBefore))
                .flatMap(key -> last.map(until -> new ClientState.Key(announcement.issued(), key.notBefore(), until)));
    }

    /// @return by state and recipient with a space between
    private Map<String, Waiting> waiting() {
        var waiting = new HashMap<String, Waiting>();
        jdbc.sql("""
                        -- MemberStates.waiting
                        SELECT state, recipient, COUNT(*) AS bundles, MIN(made) AS oldest FROM bundle
                        WHERE state IN ('waiting', 'held') GROUP BY state, recipient""").query(row -> {
            waiting.put(
                    row.getString("state") + " " + row.getString("recipient"),
                    new Waiting(row.getLong("bundles"), Optional.of(Instant.ofEpochMilli(row.getLong("oldest")))));
        });
        return waiting;
    }

    /// @return ascending by name
    List<PartyState> parties() {
        return roster.current().ofRole(Role.PARTY).stream()
                .map(Member::name)
                .sorted()
                .map(party -> new PartyState(
                        party,
                        envelopes.of(party),
                        usage.bytes(party),
                        properties.quota().toBytes()))
                .toList();
    }
}
