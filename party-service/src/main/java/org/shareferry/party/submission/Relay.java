// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Place;
import org.shareferry.member.MemberName;
import org.shareferry.party.PartyProperties;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.work.TryAgainException;
import org.springframework.stereotype.Component;

/// What we ask of the relay. Those properties of its answers that we need must be there.
@Component
class Relay {
    private final Neighbours neighbours;
    private final MemberName name;
    private final AnswerBodies bodies;

    Relay(Neighbours neighbours, PartyProperties properties, AnswerBodies bodies) {
        this.neighbours = neighbours;
        this.name = properties.relayName();
        this.bodies = bodies;
    }

    /// How the relay sees a delivery.
    ///
    /// @param state `collecting`, `bundled`, `delivered`, `held`, `refused` or `expired`
    /// @param delivered how many receipts it has
    /// @param waitingFor whose envelopes it does not have all of
    /// @param refusal the first, if there is one
    record Progress(String state, long delivered, List<String> waitingFor, Optional<Problem> refusal) {}

    /// A reason the relay gives.
    ///
    /// @param type a URI
    /// @param detail its sentence, without control characters
    record Problem(String type, String detail) {}

    /// A receipt as the relay passes it on, not yet believed.
    record Passed(Place place, SignedReceipt receipt) {}

    private record WireDelivery(
            @Nullable String state,
            @Nullable WirePlaces places,
            @Nullable List<String> waitingFor,
            @Nullable List<WireRefusal> refusals) {}

    private record WirePlaces(long delivered) {}

    private record WireRefusal(
            @Nullable String type, @Nullable String detail) {}

    private record WireReceipts(@Nullable List<WireReceipt> receipts) {}

    private record WireReceipt(
            org.shareferry.delivery.@Nullable Kind kind,
            int index,
            @Nullable Bytes receipt,
            @Nullable Bytes signature) {}

    Answer submit(Bytes envelope) {
        return neighbours.post(name, "/v1/envelopes", envelope);
    }

    /// @return nothing when it knows of no such delivery
    /// @throws TryAgainException when it does not tell now
    Optional<Progress> progress(DeliveryKey key) {
        var answer = neighbours.get(name, "/v1/deliveries/" + key.id() + "?parties=" + key.parties());
        // By the problem's type: a 404 alone may come from something else that stands where the relay was.
        if (answer instanceof Refused refused && refused.problem().equals(ProblemType.NOT_FOUND.uri())) {
            return Optional.empty();
        }
        var wire = read(answer, WireDelivery.class);
        var refusals = wire.refusals() == null ? List.<WireRefusal>of() : wire.refusals();
        return Optional.of(new Progress(
                wire.state() == null ? "" : wire.state(),
                wire.places() == null ? 0 : wire.places().delivered(),
                wire.waitingFor() == null ? List.of() : wire.waitingFor(),
                refusals.stream().findFirst().map(Relay::problem)));
    }

    private static Problem problem(WireRefusal refusal) {
        return new Problem(
                refusal.type() == null ? "about:blank" : clean(refusal.type()),
                refusal.detail() == null ? "The relay gave no reason." : clean(refusal.detail()));
    }

    private static String clean(String text) {
        var harmless = text.replaceAll("\\p{Cntrl}", " ");
        return harmless.length() <= 500 ? harmless : harmless.substring(0, 500);
    }

    /// @param after how many to leave out
    /// @throws TryAgainException when it does not tell now
    List<Passed> receipts(DeliveryKey key, long after, int limit) {
        var path = "/v1/deliveries/" + key.id() + "/receipts?parties=" + key.parties() + "&after=" + after + "&limit="
                + limit;
        var wire = read(neighbours.get(name, path), WireReceipts.class);
        var receipts = wire.receipts() == null ? List.<WireReceipt>of() : wire.receipts();
        return receipts.stream().map(Relay::passed).toList();
    }

    private static Passed passed(WireReceipt wire) {
        if (wire.kind() == null || wire.receipt() == null || wire.signature() == null) {
            throw notUnderstood();
        }
        try {
            return new Passed(
                    new Place(wire.kind(), wire.index()), new SignedReceipt(wire.receipt(), wire.signature()));
        } catch (IllegalArgumentException e) {
            throw notUnderstood();
        }
    }

    private <T> T read(Answer answer, Class<T> type) {
        return switch (answer) {
            case Accepted accepted -> bodies.read(accepted.body(), type).orElseThrow(Relay::notUnderstood);
            case Refused refused ->
                throw new TryAgainException(
                        "the relay refused to tell, with status " + refused.status(), Optional.empty());
            case Unavailable unavailable -> throw new TryAgainException(unavailable.reason(), unavailable.retryAfter());
        };
    }

    private static TryAgainException notUnderstood() {
        return new TryAgainException("the relay's answer is not understood", Optional.empty());
    }
}
