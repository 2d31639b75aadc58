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

/// Reads from the relay which deliveries to this client are not complete. Pages show it; nothing else uses it.
@Component
class PendingDeliveries {
    private static final int MOST = 200;
    private static final String PATH = "/v1/deliveries?underWay=true&limit=" + MOST;

    private final RosterFile roster;
    private final Neighbours neighbours;
    private final AnswerBodies bodies;
    private final RelayContact contact;

    PendingDeliveries(RosterFile roster, Neighbours neighbours, AnswerBodies bodies, RelayContact contact) {
        this.roster = roster;
        this.neighbours = neighbours;
        this.bodies = bodies;
        this.contact = contact;
    }

    /// The relay's statement.
    ///
    /// @param deliveries ascending by id
    /// @param problem why the relay could not be asked
    @Schema(name = "DeliveriesUnderWay")
    record Listed(List<Pending> deliveries, Optional<String> problem) {
        Listed {
            deliveries = List.copyOf(deliveries);
        }
    }

    /// A delivery that is not complete at this client.
    ///
    /// @param id the delivery
    /// @param parties whose envelopes make it whole
    /// @param label the application's number, as text, because many readers of JSON round numbers beyond 2^53
    /// @param scheme what accompanies the values
    /// @param count values
    /// @param state as in the relay's list of deliveries
    /// @param places how many places there are and what became of them
    /// @param waitingFor parties whose envelopes are not all at the relay
    /// @param waitingSince since when a place has some parties' envelopes and lacks others'
    /// @param firstSeen when the first envelope came to the relay
    /// @param expires when the last envelope expires
    @Schema(name = "DeliveryUnderWay")
    record Pending(
            DeliveryId id,
            List<MemberName> parties,
            String label,
            Scheme scheme,
            long count,
            String state,
            Places places,
            List<MemberName> waitingFor,
            Optional<Instant> waitingSince,
            Instant firstSeen,
            Instant expires) {
        Pending {
            Objects.requireNonNull(id);
            parties = new PartySet(parties).members();
            Objects.requireNonNull(label);
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
    /// @param received places with this client's receipt
    /// @param refused places that will never be delivered
    /// @param held places that this client refused for a cause that can be fixed
    @Schema(name = "PlacesUnderWay")
    record Places(long expected, long bundled, long received, long refused, long held) {}

    /// The part of the relay's page that is read.
    private record Page(List<Pending> deliveries) {
        Page {
            deliveries = deliveries.stream().limit(MOST).toList();
        }
    }

    Listed ask() {
        var relay =
                roster.current().ofRole(Role.RELAY).stream().map(Member::name).findFirst();
        if (relay.isEmpty()) {
            return problem("The roster has no relay.");
        }
        return switch (neighbours.get(relay.get(), PATH)) {
            case Answer.Accepted(int status, var body) -> {
                contact.note();
                yield bodies.read(body, Page.class)
                        .map(page -> new Listed(page.deliveries(), Optional.empty()))
                        .orElseGet(() -> problem(relay.get() + " answered in a form that this version cannot read."));
            }
            case Answer.Refused refused -> problem(relay.get() + " refused to say: " + refused.detail());
            case Answer.Unavailable unavailable ->
                problem(relay.get() + " cannot be asked: " + unavailable.reason() + ".");
        };
    }

    private static Listed problem(String sentence) {
        return new Listed(List.of(), Optional.of(sentence));
    }
}
