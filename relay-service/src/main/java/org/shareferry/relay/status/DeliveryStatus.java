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

/// What became of a delivery, as far as a relay knows.
///
/// @param id the delivery
/// @param recipient for whom
/// @param parties whose envelopes make it whole
/// @param scheme what accompanies the values
/// @param count values
/// @param valuesPerChunk values in a chunk
/// @param state how far it is
/// @param places how many places there are and what became of them
/// @param waitingFor parties whose envelopes are not all here
/// @param waitingSince since when a place has some parties' envelopes and lacks others'; absent if none does
/// @param refusals bundles that were refused for good or are held, the former first; at most twenty of them
/// @param firstSeen when the first envelope came
/// @param lastChange when something last happened
/// @param expires when the last envelope will be too old to be delivered
public record DeliveryStatus(
        DeliveryId id,
        MemberName recipient,
        List<MemberName> parties,
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

    /// @return what names it among all deliveries
    DeliveryKey key() {
        return new DeliveryKey(id, new PartySet(parties));
    }

    /// @param expected places of the delivery
    /// @param bundled places with every party's envelope that wait for the client
    /// @param delivered places with the client's receipt
    /// @param refused places that will never be delivered
    /// @param held places that the client refused for a cause that can be mended
    public record Places(long expected, long bundled, long delivered, long refused, long held) {}

    /// @param kind of the place
    /// @param index of the place
    /// @param finality final, or curable: the bundle is held and offered again
    /// @param type the problem's type
    /// @param detail a sentence
    /// @param members the members concerned
    @Schema(name = "RefusedPlace")
    public record Refusal(
            Kind kind, int index, Finality finality, String type, String detail, List<MemberName> members) {}
}
