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
import org.shareferry.envelope.Header;

/// The envelopes of a delivery during its hand-over. They are buffered in memory up to a limit, so that a small
/// delivery needs only one transaction. Not thread-safe.
public final class Draft {
    /// The maximum number of buffered bytes.
    private static final long MAX_BUFFERED = 1 << 20;

    private final HandOverStore store;
    private final DeliveryFacts facts;
    private final List<Sealed> buffered = new ArrayList<>();
    private Optional<Header> first = Optional.empty();
    private Optional<EnvelopeId> last = Optional.empty();
    private long bufferedBytes;
    private boolean isStored;

    /// Why a delivery cannot be filled any more.
    public enum Loss {
        /// Another request or service hands it over, or has done so.
        USED_ELSEWHERE,
        /// Its id may have been used by a delivery that is already deleted.
        ID_SPENT,
        /// It was dropped because it made no progress.
        DROPPED
    }

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
        first = first.or(() -> Optional.of(envelope.header()));
        last = Optional.of(envelope.id());
        buffered.add(new Sealed(envelope.header().place(), envelope.id(), content));
        bufferedBytes += content.size();
        return bufferedBytes < MAX_BUFFERED || write();
    }

    private boolean write() {
        boolean isOurs = isStored ? store.add(facts, buffered) : store.open(first.orElseThrow(), buffered);
        isStored |= isOurs;
        buffered.clear();
        bufferedBytes = 0;
        return isOurs;
    }

    /// Commits the delivery, so that it is submitted.
    ///
    /// @return false if the delivery cannot be filled, as in [#add]
    public boolean complete() {
        boolean isOurs = isStored ? store.complete(facts, buffered) : store.handOver(first.orElseThrow(), buffered);
        // A commit with an unknown outcome is repeated, and then finds its own rows.
        return isOurs || last.filter(id -> store.isHandedOver(facts.id(), id)).isPresent();
    }

    /// @return why [#add] or [#complete] returned false
    public Loss whyLost() {
        if (store.exists(facts.id())) {
            return Loss.USED_ELSEWHERE;
        }
        return store.isSpent(facts.id()) ? Loss.ID_SPENT : Loss.DROPPED;
    }

    /// Deletes the delivery; nothing of it was submitted.
    public void drop() {
        buffered.clear();
        if (isStored) {
            store.drop(facts.id());
        }
    }
}
