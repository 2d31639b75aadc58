// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;

/// The envelopes of a delivery during its hand-over. They are buffered in memory up to a limit, so that a small
/// delivery needs only one transaction. Not thread-safe.
public final class Draft {
    /// The maximum number of buffered bytes.
    private static final long KEPT = 1 << 20;

    private final HandOverStore store;
    private final DeliveryFacts facts;
    private final List<Sealed> kept = new ArrayList<>();
    private Optional<EnvelopeId> last = Optional.empty();
    private long bytes;
    private boolean isStored;

    /// A sealed envelope.
    ///
    /// @param content its encoding
    record Sealed(Place place, EnvelopeId id, Bytes content) {}

    Draft(HandOverStore store, DeliveryFacts facts) {
        this.store = store;
        this.facts = facts;
    }

    /// Adds an envelope.
    ///
    /// @return false if the delivery cannot be filled: its id was used meanwhile, or it was dropped because it made
    ///     no progress
    /// @throws IllegalStateException when there is an envelope for this place already
    public boolean add(Envelope envelope) {
        var content = envelope.encode();
        last = Optional.of(envelope.id());
        kept.add(new Sealed(envelope.header().place(), envelope.id(), content));
        bytes += content.size();
        return bytes < KEPT || write();
    }

    private boolean write() {
        boolean isOurs = isStored ? store.add(facts, kept) : store.open(facts, kept);
        isStored |= isOurs;
        kept.clear();
        bytes = 0;
        return isOurs;
    }

    /// Commits the delivery, so that it is submitted.
    ///
    /// @return false if the delivery cannot be filled, as in [#add]
    public boolean complete() {
        boolean isOurs = isStored ? store.complete(facts, kept) : store.handOver(facts, kept);
        // A commit with an unknown outcome is repeated, and then finds its own rows.
        return isOurs || last.filter(id -> store.isHandedOver(facts.id(), id)).isPresent();
    }

    /// Deletes the delivery; nothing of it was submitted.
    public void drop() {
        kept.clear();
        if (isStored) {
            store.drop(facts.id());
        }
    }
}
