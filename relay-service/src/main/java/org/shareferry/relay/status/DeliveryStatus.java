// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;
import org.shareferry.service.problem.Finality;

/// The status of a delivery at the relay.
/// @param id the delivery id
/// @param recipient the client
/// @param parties of the delivery
/// @param label the application's number, as text, because many readers of JSON round numbers beyond 2^53
/// @param scheme the delivery's scheme
/// @param count the number of values
/// @param valuesPerChunk values in a chunk
/// @param state of the delivery
/// @param places the number of places in each state
/// @param waitingFor parties with missing envelopes
/// @param waitingSince the time since which a place has envelopes of some parties and lacks others'; absent if none
///     does
/// @param refusals refused and held bundles, refused ones first; at most twenty
/// @param firstSeen when the first envelope arrived
/// @param lastChange the time of the last change
/// @param expires the time after which the last envelope is no longer delivered
public record DeliveryStatus(
        DeliveryId id,
        MemberName recipient,
        List<MemberName> parties,
        @Schema(example = "1755") String label,
        Scheme scheme,
        long count,
        int valuesPerChunk,
        DeliveryState state,
        Places places,
        List<MemberName> waitingFor,
        Optional<Instant> waitingSince,
        List<Refusal> refusals,
        Instant firstSeen,
        Instant lastChange,
        Instant expires) {

    /// @return the key of the delivery
    DeliveryKey key() {
        return new DeliveryKey(id, new PartySet(parties));
    }

    /// @param expected all places of the delivery
    /// @param bundled complete places that wait for the client
    /// @param received places with the client's receipt
    /// @param refused places that were refused finally
    /// @param held places that the client refused for a cause that can be fixed
    public record Places(long expected, long bundled, long received, long refused, long held) {}

    /// @param kind of the place
    /// @param index of the place
    /// @param finality `final`, or `curable` for a held bundle
    /// @param type the problem's type
    /// @param detail the reason, for people
    /// @param members the members concerned
    @Schema(name = "RefusedPlace")
    public record Refusal(
            Kind kind, int index, Finality finality, String type, String detail, List<MemberName> members) {}
}
