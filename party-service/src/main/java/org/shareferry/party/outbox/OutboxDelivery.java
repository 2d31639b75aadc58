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
    /// @return whether it was refused for a cause that can be mended: it is offered again until it expires
    public boolean isHeld() {
        return refusal.isPresent() && !state.isFinal();
    }

    /// @return the state as people see it
    public String stateText() {
        return isHeld() ? "held" : state.text();
    }

    /// Why a delivery was refused, or is held.
    ///
    /// @param type the problem's type, a URI
    /// @param detail a sentence for this party's operator
    public record Refusal(String type, String detail) {}
}
