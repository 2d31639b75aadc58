// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.DeliveryFacts;

/// The chunks of a hand-over, one after the other as they come.
interface Chunks {
    /// @param index of the chunk, each one time in ascending order
    /// @return what goes into its envelope; the caller closes it
    SecretBytes next(DeliveryFacts facts, int index) throws UnreadableException;

    /// Checks that nothing follows.
    void end(DeliveryFacts facts) throws UnreadableException;
}
