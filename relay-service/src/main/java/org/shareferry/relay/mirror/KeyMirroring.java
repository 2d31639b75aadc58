// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.mirror;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.relay.RelayProperties;
import org.shareferry.relay.mirror.KeyMirror.Acceptance;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Neighbours;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Fetches the announcements of clients that can be reached: often until there is a valid key, then now and
/// again.
@Component
class KeyMirroring {
    private static final Logger LOG = LoggerFactory.getLogger(KeyMirroring.class);

    private final KeyMirror mirror;
    private final Neighbours neighbours;
    private final RosterFile roster;
    private final CBORMapper cbor;
    private final Clock clock;
    private final RelayProperties properties;
    private final Map<MemberName, Instant> nextLook = new ConcurrentHashMap<>();

    KeyMirroring(
            KeyMirror mirror,
            Neighbours neighbours,
            RosterFile roster,
            CBORMapper cbor,
            Clock clock,
            RelayProperties properties) {
        this.mirror = mirror;
        this.neighbours = neighbours;
        this.roster = roster;
        this.cbor = cbor;
        this.clock = clock;
        this.properties = properties;
    }

    @Scheduled(fixedDelayString = "PT1S")
    void fetchDue() {
        var now = clock.instant();
        for (var client : roster.current().ofRole(Role.CLIENT)) {
            if (client.address().isPresent() && !now.isBefore(nextLook.getOrDefault(client.name(), Instant.MIN))) {
                fetch(client);
                if (mirror.hasKey(client.name())) {
                    nextLook.put(client.name(), now.plus(properties.mirrorInterval()));
                }
            }
        }
    }

    private void fetch(Member client) {
        switch (neighbours.get(client.name(), "/v1/keys")) {
            case Answer.Accepted(int status, Bytes body) -> accept(client.name(), body);
            case Answer.Refused refused -> LOG.warn("{} refused to show its keys: {}", client.name(), refused.detail());
            case Answer.Unavailable unavailable ->
                LOG.debug("The keys of {} cannot be fetched: {}", client.name(), unavailable.reason());
        }
    }

    private void accept(MemberName client, Bytes body) {
        try {
            var signed = cbor.readValue(body.toArray(), SignedKeyAnnouncement.class);
            if (mirror.accept(client, signed) == Acceptance.NOT_BELIEVED) {
                LOG.warn("{} announces keys that are not signed with an identity key of the roster", client);
            }
        } catch (JacksonException e) {
            LOG.warn("{} answered with something that is not a key announcement", client);
        }
    }
}
