// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.seal;

import org.shareferry.envelope.Envelope;

/// What came of sealing what belongs into one place of a delivery.
public sealed interface Sealing {
    /// @param envelope sealed to the client and signed
    record Sealed(Envelope envelope) implements Sealing {}

    /// The shares are not what belongs there.
    ///
    /// @param reason a sentence that tells lengths and positions, never an element
    record Unfit(String reason) implements Sealing {}

    /// There is no key to seal to now.
    ///
    /// @param why a sentence
    record KeyMissing(String why) implements Sealing {}
}
