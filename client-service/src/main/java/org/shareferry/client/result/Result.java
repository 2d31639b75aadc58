// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.check.Assumption;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;

/// A delivery as shown to the client's own users, without its values.
///
/// @param id the delivery
/// @param label the application's number for it
/// @param scheme the delivery's scheme
/// @param protocol the MPC protocol that all parties name
/// @param parties whose shares add up to the values
/// @param domain of the shares
/// @param count the number of values
/// @param precision f: a value is an integer / 2^f
/// @param state receiving, checking, checked, expired (not all bundles arrived in time, or a needed opening key was
///     revoked before the check), or deleted (values and envelopes were deleted after its end)
/// @param verdict VERIFIED, UNVERIFIED or REJECTED, once there is one
/// @param assumption for VERIFIED: how many of which parties may cheat without making the result wrong
/// @param reasons for UNVERIFIED: why, although no check failed; for REJECTED: what failed, with a party only if its
///     signed bytes alone prove the fault
/// @param received the number of received bundles, and of all
/// @param firstSeen when the first bundle arrived
/// @param ended when it was checked or expired
/// @param valuesDeleted when its values were deleted, if they were and the rest of it was not
/// @param changed the time of the last change
/// @param change the number of that change; every later change of any delivery has a higher number
public record Result(
        DeliveryId id,
        long label,
        Scheme scheme,
        String protocol,
        List<MemberName> parties,
        String domain,
        long count,
        int precision,

        DeliveryState state,
        Optional<Verdict> verdict,
        Optional<Assumption> assumption,
        List<String> reasons,
        Received received,
        Instant firstSeen,
        Optional<Instant> ended,
        Optional<Instant> valuesDeleted,
        Instant changed,
        long change) {

    /// @param bundles that are here
    /// @param of how many
    @Schema(name = "ReceivedBundles")
    public record Received(long bundles, long of) {}

    /// @return the key of the delivery
    DeliveryKey key() {
        return new DeliveryKey(id, new PartySet(parties));
    }

    /// @return whether values are available; the random values of a request for inputs never are
    boolean hasValues() {
        return scheme != Scheme.INPUT
                && state == DeliveryState.CHECKED
                && valuesDeleted.isEmpty()
                && verdict.filter(v -> v != Verdict.REJECTED).isPresent();
    }
}
