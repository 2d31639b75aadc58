// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.check.Assumption;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Scheme;
import org.shareferry.member.MemberName;

/// A delivery as the client's own people see it, without its values.
///
/// @param id the delivery
/// @param label the application's number for it
/// @param scheme what accompanied the values
/// @param protocol the MPC protocol that all parties name
/// @param parties whose shares make the values
/// @param domain where the shares live
/// @param count values
/// @param precision f: a value is an integer / 2^f
/// @param state receiving, checking, checked, or expired: not all bundles came in time, or an opening key that
///     is needed was revoked before the check; deleted: it had ended, and its values and envelopes are deleted
/// @param verdict VERIFIED, UNVERIFIED or REJECTED, once there is one
/// @param assumption of VERIFIED: how many of which parties may cheat for it to be true
/// @param reasons of UNVERIFIED: why, though no check failed; of REJECTED: what failed, with a party only where bytes
///     that it signed are at fault by themselves
/// @param received how many bundles are here, of how many
/// @param firstSeen when the first bundle came
/// @param changed when something last happened
/// @param change the number of that change: every later change, of any delivery, has a higher one
public record Result(
        DeliveryId id,
        long label,
        Scheme scheme,
        String protocol,
        List<MemberName> parties,
        String domain,
        long count,
        int precision,

        @Schema(allowableValues = {"receiving", "checking", "checked", "expired", "deleted"})
        String state,

        @Schema(allowableValues = {"VERIFIED", "UNVERIFIED", "REJECTED"})
        Optional<String> verdict,

        Optional<Assumption> assumption,
        List<String> reasons,
        Received received,
        Instant firstSeen,
        Instant changed,
        long change) {

    /// @param bundles that are here
    /// @param of how many
    @Schema(name = "ReceivedBundles")
    public record Received(long bundles, long of) {}

    /// @return what names it among all deliveries
    DeliveryKey key() {
        return new DeliveryKey(id, new PartySet(parties));
    }

    /// @return whether there are values to show; the random values of a request for inputs are never shown
    boolean hasValues() {
        return scheme != Scheme.INPUT
                && state.equals("checked")
                && verdict.filter(v -> !v.equals("REJECTED")).isPresent();
    }
}
