// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.status;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;
import org.shareferry.party.outbox.OutboxDelivery;

/// The status of a delivery.
@Schema(name = "Delivery")
record DeliveryStatus(
        DeliveryId id,
        MemberName recipient,

        @Schema(
                description = "The application's number, as text, because many readers of JSON round numbers beyond"
                        + " 2^53",
                example = "1755")
        String label,

        Scheme scheme,
        long count,
        int valuesPerChunk,

        @Schema(allowableValues = {"sealed", "submitted", "bundled", "received", "held", "expired", "refused"})
        String state,

        Envelopes envelopes,
        Optional<Refusal> refusal,
        Instant created,
        Instant expires) {

    /// How many envelopes have been sealed, how many of these the relay accepted, and for how many of those
    /// the client signed.
    @Schema(name = "EnvelopeCounts")
    record Envelopes(long sealed, long submitted, long received) {}

    /// Why it was refused, or is held.
    @Schema(name = "DeliveryProblem")
    record Refusal(String type, String detail) {}

    static DeliveryStatus of(OutboxDelivery delivery) {
        var facts = delivery.facts();
        return new DeliveryStatus(
                facts.id(),
                facts.recipient(),
                Long.toString(facts.label()),
                facts.scheme(),
                facts.shape().count(),
                facts.shape().valuesPerChunk(),
                delivery.stateText(),
                new Envelopes(delivery.sealed(), delivery.submitted(), delivery.received()),
                delivery.refusal().map(why -> new Refusal(why.type(), why.detail())),
                delivery.created(),
                delivery.expires());
    }
}
