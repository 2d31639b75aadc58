// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.relay;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.springframework.stereotype.Component;

/// Asks the relay what is on its way to this client. What it answers is shown to people and used for nothing else.
@Component
class UnderWay {
    private static final int MOST = 200;
    private static final String PATH = "/v1/deliveries?underWay=true&limit=" + MOST;

    private final RosterFile roster;
    private final Neighbours neighbours;
    private final AnswerBodies bodies;
    private final RelayContact contact;

    UnderWay(RosterFile roster, Neighbours neighbours, AnswerBodies bodies, RelayContact contact) {
        this.roster = roster;
        this.neighbours = neighbours;
        this.bodies = bodies;
        this.contact = contact;
    }

    /// What the relay says.
    ///
    /// @param deliveries ascending by id
    /// @param problem why the relay could not be asked
    @Schema(name = "UnderWay")
    record Deliveries(List<OnItsWay> deliveries, Optional<String> problem) {
        Deliveries {
            deliveries = List.copyOf(deliveries);
        }
    }

    /// A delivery that is not complete at this client.
    ///
    /// @param id the delivery
    /// @param parties whose envelopes make it whole
    /// @param scheme what accompanies the values
    /// @param count values
    /// @param state as in the relay's list of deliveries
    /// @param places how many places there are and what became of them
    /// @param waitingFor parties whose envelopes are not all at the relay
    /// @param waitingSince since when a place has some parties' envelopes and lacks others'
    /// @param firstSeen when the first envelope came to the relay
    /// @param expires when the last envelope will be too old to be delivered
    @Schema(name = "DeliveryUnderWay")
    record OnItsWay(
            DeliveryId id,
            List<MemberName> parties,
            Scheme scheme,
            long count,
            String state,
            Places places,
            List<MemberName> waitingFor,
            Optional<Instant> waitingSince,
            Instant firstSeen,
            Instant expires) {
        OnItsWay {
            Objects.requireNonNull(id);
            parties = new PartySet(parties).members();
            Objects.requireNonNull(scheme);
            Objects.requireNonNull(state);
            Objects.requireNonNull(places);
            waitingFor = List.copyOf(waitingFor);
            Objects.requireNonNull(firstSeen);
            Objects.requireNonNull(expires);
        }
    }

    /// @param expected places of the delivery
    /// @param bundled places with every party's envelope that wait for this client
    /// @param delivered places with this client's receipt
    /// @param refused places that will never be delivered
    /// @param held places that this client refused for a cause that can be fixed
    @Schema(name = "PlacesUnderWay")
    record Places(long expected, long bundled, long delivered, long refused, long held) {}

    /// The part of the relay's page that is read.
    private record Page(List<OnItsWay> deliveries) {
        Page {
            deliveries = deliveries.stream().limit(MOST).toList();
        }
    }

    Deliveries ask() {
        var relay =
                roster.current().ofRole(Role.RELAY).stream().map(Member::name).findFirst();
        if (relay.isEmpty()) {
            return problem("The roster has no relay.");
        }
        return switch (neighbours.get(relay.get(), PATH)) {
            case Answer.Accepted(int status, var body) -> {
                contact.note();
                yield bodies.read(body, Page.class)
                        .map(page -> new Deliveries(page.deliveries(), Optional.empty()))
                        .orElseGet(() -> problem(relay.get() + " answered in a form that this version cannot read."));
            }
            case Answer.Refused refused -> problem(relay.get() + " refused to say: " + refused.detail());
            case Answer.Unavailable unavailable ->
                problem(relay.get() + " cannot be asked: " + unavailable.reason() + ".");
        };
    }

    private static Deliveries problem(String sentence) {
        return new Deliveries(List.of(), Optional.of(sentence));
    }
}
