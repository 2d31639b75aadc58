// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Instant;
import java.util.Optional;
import org.shareferry.envelope.DeliveryFacts;

/// A delivery as the outbox has it.
///
/// @param facts what all its envelopes say alike
/// @param state how far it has come
/// @param created when its hand-over began
/// @param changed when something last happened to it
/// @param expires when it ends if it has not been received
/// @param sealed how many envelopes were sealed
/// @param submitted how many of them the relay accepted
/// @param received for how many of them the client signed
/// @param refusal why it was refused, in that state
public record OutboxDelivery(
        DeliveryFacts facts,
        DeliveryState state,
        Instant created,
        Instant changed,
        Instant expires,
        long sealed,
        long submitted,
        long received,
        Optional<Refusal> refusal) {

    /// Why a delivery was refused.
    ///
    /// @param type the problem's type, a URI
    /// @param detail a sentence for this party's operator
    public record Refusal(String type, String detail) {}
}
