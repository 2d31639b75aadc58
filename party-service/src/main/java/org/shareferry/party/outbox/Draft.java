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

/// The envelopes of a delivery while it is handed over. They are kept in memory up to a limit and then written, so that
/// a small delivery is one transaction. For one thread.
public final class Draft {
    /// Bytes of envelopes that are kept.
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

    /// Takes an envelope.
    ///
    /// @return false when the delivery is not ours to fill: its id was used meanwhile, or it was dropped because
    ///     nothing had happened for long
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

    /// Commits the whole: from now on the delivery may be submitted.
    ///
    /// @return false when the delivery is not ours to fill
    public boolean complete() {
        boolean isOurs = isStored ? store.complete(facts, kept) : store.handOver(facts, kept);
        // A commit whose outcome was lost is repeated, and then finds what it stored.
        return isOurs || last.filter(id -> store.isHandedOver(facts.id(), id)).isPresent();
    }

    /// Drops what was written; nothing of it has left.
    public void drop() {
        kept.clear();
        if (isStored) {
            store.drop(facts.id());
        }
    }
}
