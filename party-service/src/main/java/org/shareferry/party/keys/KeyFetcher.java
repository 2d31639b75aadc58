// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.party.keys.KeyFetch.Fetched;
import org.shareferry.party.keys.KeyFetch.NotFetched;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.site.settings.PartyProperties;
import org.springframework.stereotype.Component;

/// Fetches key announcements from the relay.
@Component
class KeyFetcher {
    private final Neighbours neighbours;
    private final MemberName relay;
    private final AnswerBodies bodies;

    KeyFetcher(Neighbours neighbours, PartyProperties properties, AnswerBodies bodies) {
        this.neighbours = neighbours;
        this.relay = properties.relay();
        this.bodies = bodies;
    }

    KeyFetch fetch(MemberName client) {
        return switch (neighbours.get(relay, "/v1/members/" + client + "/keys")) {
            case Accepted accepted -> read(client, accepted);
            case Refused refused
            when refused.status() == 404 -> new NotFetched(client + " has not announced keys to the relay yet.");
            case Refused refused ->
                new NotFetched("The relay refused the request for the keys of " + client + " with status "
                        + refused.status() + ".");
            case Unavailable unavailable ->
                new NotFetched("The keys of " + client + " could not be fetched from the relay: " + unavailable.reason()
                        + ".");
        };
    }

    private KeyFetch read(MemberName client, Accepted accepted) {
        var read = bodies.read(accepted.body(), SignedKeyAnnouncement.class);
        if (read.isPresent()) {
            return new Fetched(read.get());
        }
        return new NotFetched("The relay's response is not an announcement of " + client + ".");
    }
}
