// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.relay.assembly.BundleState;

/// Something that happened to several envelopes or bundles of a delivery.
///
/// @param step what happened
/// @param member the sender of the envelopes; absent for bundles
/// @param count the number of envelopes or bundles
/// @param first the time of the first
/// @param last the time of the last so far
public record DeliveryStep(Step step, Optional<MemberName> member, long count, Instant first, Instant last) {
    /// What happened.
    @Schema(name = "Step")
    public enum Step {
        /// A party's envelopes were stored.
        STORED,
        /// Bundles were completed.
        BUNDLED,
        /// The client gave receipts.
        RECEIVED,
        /// Bundles were refused finally.
        REFUSED,
        /// Bundles were refused for a cause that can be fixed.
        HELD,
        /// Bundles without a receipt expired.
        EXPIRED;

        /// @param state not waiting
        static Step of(BundleState state) {
            return switch (state) {
                case RECEIVED, AGAIN -> RECEIVED;
                case REFUSED -> REFUSED;
                case HELD -> HELD;
                case EXPIRED -> EXPIRED;
                case WAITING -> throw new IllegalArgumentException("A waiting bundle has no outcome.");
            };
        }

        /// @return the name in lower case, as in answers
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
