// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.DeliveryFacts;

/// The chunks of a hand-over, in the order of the body.
interface Chunks {
    /// @param index of the chunk; call once for each, in ascending order
    /// @return the content of its envelope; the caller closes it
    SecretBytes next(DeliveryFacts facts, int index) throws InvalidHandOverException;

    /// Checks that nothing follows.
    void end(DeliveryFacts facts) throws InvalidHandOverException;
}
