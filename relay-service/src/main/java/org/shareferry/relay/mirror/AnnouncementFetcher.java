// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.mirror;

import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.relay.mirror.KeyMirror.Acceptance;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.site.settings.RelayProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Fetches the announcements of clients to which the relay connects: often until there is a valid key, then at
/// intervals.
@Component
class AnnouncementFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementFetcher.class);

    private final KeyMirror mirror;
    private final Neighbours neighbours;
    private final RosterFile roster;
    private final AnswerBodies bodies;
    private final Clock clock;
    private final RelayProperties properties;
    private final Map<MemberName, Instant> nextLook = new ConcurrentHashMap<>();
    private final Set<MemberName> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    AnnouncementFetcher(
            KeyMirror mirror,
            Neighbours neighbours,
            RosterFile roster,
            AnswerBodies bodies,
            Clock clock,
            RelayProperties properties) {
        this.mirror = mirror;
        this.neighbours = neighbours;
        this.roster = roster;
        this.bodies = bodies;
        this.clock = clock;
        this.properties = properties;
    }

    /// Clients are queried concurrently, so that one that does not respond does not delay the others.
    @Scheduled(fixedDelayString = "PT1S")
    void fetchDue() {
        var now = clock.instant();
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            boolean due = !now.isBefore(nextLook.getOrDefault(client.name(), Instant.MIN));
            if (client.address().isPresent() && due && underWay.add(client.name())) {
                threads.execute(() -> look(client, now));
            }
        }
    }

    private void look(Member client, Instant now) {
        try {
            fetch(client);
            if (mirror.hasKey(client.name())) {
                nextLook.put(client.name(), now.plus(properties.keyRefreshInterval()));
            }
        } catch (DataAccessException e) {
            LOG.warn("The announcement of {} could not be stored; it will be fetched again", client.name(), e);
        } finally {
            underWay.remove(client.name());
        }
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    private void fetch(Member client) {
        switch (neighbours.get(client.name(), "/v1/keys")) {
            case Answer.Accepted(int status, Bytes body) -> accept(client.name(), body);
            case Answer.Refused refused ->
                LOG.warn("{} refused the request for its keys: {}", client.name(), refused.detail());
            case Answer.Unavailable unavailable ->
                LOG.debug("The keys of {} cannot be fetched: {}", client.name(), unavailable.reason());
        }
    }

    private void accept(MemberName client, Bytes body) {
        var signed = bodies.read(body, SignedKeyAnnouncement.class);
        if (signed.isEmpty()) {
            LOG.warn("{} responded with something that is not a key announcement", client);
        } else if (mirror.accept(client, signed.get()) == Acceptance.INVALID) {
            LOG.warn("The key announcement of {} is not signed with the identity key that the roster pins", client);
        }
    }
}
