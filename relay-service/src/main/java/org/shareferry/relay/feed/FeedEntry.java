// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.feed;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.receipt.SignedReceipt;

/// One event of a delivery.
///
/// @param number its position in the feed
/// @param delivery the delivery id
/// @param parties of the delivery, separated by commas
/// @param state what happened
/// @param receipt the client's receipt for one or more places
/// @param problem why a bundle was refused or is held
public record FeedEntry(
        long number,
        DeliveryId delivery,
        String parties,
        State state,
        Optional<SignedReceipt> receipt,
        Optional<Why> problem) {

    /// What happened.
    public enum State {
        /// The client gave a receipt.
        RECEIPT,
        /// Every place has its bundle.
        BUNDLED,
        /// A bundle will never be delivered.
        REFUSED,
        /// The client refused a bundle for a cause that can be fixed.
        HELD,
        /// No bundle is held any longer.
        RELEASED,
        /// The delivery expired before it was completely received.
        EXPIRED;

        /// @return the name in lower case, as in responses
        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param type a problem's type
    /// @param detail a sentence
    @Schema(name = "FeedProblem")
    public record Why(String type, String detail) {}

    static FeedEntry of(
            long number, DeliveryKey delivery, State state, Optional<SignedReceipt> receipt, Optional<Why> problem) {
        return new FeedEntry(number, delivery.id(), delivery.parties().toString(), state, receipt, problem);
    }
}
