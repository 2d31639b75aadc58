// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.member.MemberName;

/// Something that happened to several envelopes or bundles of a delivery.
///
/// @param step stored: envelopes of a party came; bundled: bundles were completed; then what became of bundles
/// @param member whose envelopes; absent for bundles
/// @param count of how many
/// @param first when it happened to the first of them
/// @param last when it happened to the last of them so far
public record DeliveryStep(
        @Schema(allowableValues = {"stored", "bundled", "delivered", "refused", "held", "again", "expired"})
        String step,

        Optional<MemberName> member,
        long count,
        Instant first,
        Instant last) {}
