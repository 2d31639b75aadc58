// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.time.Instant;
import java.util.Optional;
import org.shareferry.envelope.DeliveryFacts;

/// A delivery in the outbox.
///
/// @param facts the facts that all its envelopes share
/// @param state of the delivery
/// @param created when its hand-over began
/// @param changed when it last changed
/// @param expires when it ends unless it is received
/// @param sealed the number of sealed envelopes
/// @param submitted the number of those that the relay accepted
/// @param received the number of those with a receipt of the client
/// @param refusal why it was refused, or is held
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
    /// @return whether it was refused for a cause that can be fixed; it is offered again until it expires
    public boolean isHeld() {
        return refusal.isPresent() && !state.isFinal();
    }

    /// @return the state as shown to users
    public String stateText() {
        return isHeld() ? "held" : state.text();
    }

    /// Why a delivery was refused, or is held.
    ///
    /// @param type the problem's type, a URI
    /// @param detail the reason, for this party's operator
    public record Refusal(String type, String detail) {}
}
