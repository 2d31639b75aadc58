// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.seal;

import org.shareferry.envelope.Envelope;

/// The result of sealing the content of one place.
public sealed interface Sealing {
    /// @param envelope sealed to the client and signed
    record Sealed(Envelope envelope) implements Sealing {}

    /// The content is invalid.
    ///
    /// @param reason for people; it contains lengths and positions, never an element
    record Unfit(String reason) implements Sealing {}

    /// There is no valid key of the recipient.
    ///
    /// @param why the reason, for people
    record KeyMissing(String why) implements Sealing {}
}
