// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import org.shareferry.envelope.EnvelopeId;

/// The result of handing over the content of one place.
public sealed interface PlaceSealing {
    /// It is sealed and stored.
    record PlaceSealed(EnvelopeId envelope) implements PlaceSealing {}

    /// It is refused, and with it the whole hand-over.
    record PlaceRefused(HandOverRefusal why) implements PlaceSealing {}
}
