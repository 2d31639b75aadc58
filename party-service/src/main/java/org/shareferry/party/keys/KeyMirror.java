// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.keys;

import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.party.PartyProperties;
import org.shareferry.party.keys.KeyFetch.Fetched;
import org.shareferry.party.keys.KeyFetch.NotFetched;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.cbor.CBORMapper;

/// The relay's mirror of announcements.
@Component
class KeyMirror {
    private static final Logger LOG = LoggerFactory.getLogger(KeyMirror.class);

    private final Neighbours neighbours;
    private final MemberName relay;
    private final CBORMapper cbor;

    KeyMirror(Neighbours neighbours, PartyProperties properties, CBORMapper cbor) {
        this.neighbours = neighbours;
        this.relay = properties.relayName();
        this.cbor = cbor;
    }

    KeyFetch fetch(MemberName client) {
        return switch (neighbours.get(relay, "/v1/members/" + client + "/keys")) {
            case Accepted accepted -> read(client, accepted);
            case Refused refused
            when refused.status() == 404 -> new NotFetched(client + " has not announced keys to the relay yet.");
            case Refused refused ->
                new NotFetched(
                        "The relay refused to give the keys of " + client + ", with status " + refused.status() + ".");
            case Unavailable unavailable ->
                new NotFetched(
                        "The relay could not be asked for the keys of " + client + ": " + unavailable.reason() + ".");
        };
    }

    private record Wire(
            @Nullable Bytes announcement, @Nullable Bytes signature) {}

    private KeyFetch read(MemberName client, Accepted accepted) {
        try {
            var read = cbor.readValue(accepted.body().toArray(), Wire.class);
            if (read.announcement() != null && read.signature() != null) {
                return new Fetched(new SignedKeyAnnouncement(read.announcement(), read.signature()));
            }
        } catch (JacksonException | ProblemException e) {
            LOG.debug("What the relay answered is not an announcement.");
        }
        return new NotFetched("What the relay answered is not an announcement of " + client + ".");
    }
}
