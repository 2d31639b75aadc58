// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.shareferry.check.EnvelopesDigest;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.handover.PlaceSealing.PlaceRefused;
import org.shareferry.party.handover.PlaceSealing.PlaceSealed;
import org.shareferry.party.outbox.Draft;
import org.shareferry.party.seal.Sealing;
import org.shareferry.share.PairwiseKeys;
import org.slf4j.MDC;

/// A delivery that is being handed over, place by place: chunks in order, each with its tail; in committed
/// then the masks and at last the closing words. Until it is completed nothing of it leaves, and closing it
/// without completing it drops it wholly. For one thread.
public final class OpenHandOver implements AutoCloseable {
    private final DeliveryFacts facts;
    private final Optional<PairwiseKeys> keys;
    private final Draft draft;
    private final HandOvers handOvers;
    private final Map<Kind, Integer> filled = new EnumMap<>(Kind.class);
    private final Optional<EnvelopesDigest> digest;
    private boolean over;

    /// @param keys stay the caller's to close, after this
    OpenHandOver(DeliveryFacts facts, Optional<PairwiseKeys> keys, int party, Draft draft, HandOvers handOvers) {
        this.facts = facts;
        this.draft = draft;
        this.keys = keys;
        this.handOvers = handOvers;
        this.digest = facts.scheme() == Scheme.COMMITTED
                ? Optional.of(
                        new EnvelopesDigest(facts.id(), party, facts.shape().placeCount(facts.scheme()) - 1))
                : Optional.empty();
    }

    /// @return what all its envelopes say alike
    public DeliveryFacts facts() {
        return facts;
    }

    /// Re-randomises, seals and stores in this very call.
    ///
    /// @param place the next one of its kind
    /// @param content elements as the VM wrote them, in the delivery's own domain; for closing the encoded
    ///     words; stays the caller's to close
    /// @throws IllegalStateException when another place comes next, or the hand-over is over
    public PlaceSealing seal(Place place, SecretBytes content) {
        checkIsNext(place);
        try (var chunk = MDC.putCloseable("chunk", place.toString())) {
            var outcome = switch (handOvers.seal(facts, place, keys, content)) {
                case Sealing.Sealed sealed -> store(place, sealed.envelope());
                case Sealing.Unfit unfit -> new PlaceRefused(new HandOverRefusal.Unfit(unfit.reason()));
                case Sealing.KeyMissing missing -> new PlaceRefused(new HandOverRefusal.KeyMissing(missing.why()));
            };
            if (outcome instanceof PlaceRefused) {
                close();
            }
            return outcome;
        }
    }

    private PlaceSealing store(Place place, Envelope envelope) {
        if (!handOvers.store(draft, envelope)) {
            return new PlaceRefused(handOvers.whyNotOurs(facts));
        }
        filled.merge(place.kind(), 1, Integer::sum);
        if (place.kind() != Kind.CLOSING) {
            digest.ifPresent(sum -> sum.add(envelope.id()));
        }
        return new PlaceSealed(envelope.id());
    }

    /// Committed: D_p, over the ids of all chunks and of the masks, all of which are stored.
    ///
    /// @throws IllegalStateException in another scheme, or when some are not sealed yet
    public Bytes digest() {
        return digest.orElseThrow(() -> new IllegalStateException("Only committed has a digest of envelopes."))
                .digest();
    }

    /// Commits the whole; only after this may anything be promised.
    ///
    /// @throws IllegalStateException when a place is empty, or the hand-over is over
    public Completion complete() {
        for (var kind : Kind.values()) {
            if (filled(kind) != facts.shape().placesOfKind(facts.scheme(), kind)) {
                throw new IllegalStateException("Places of kind " + kind.text() + " are empty.");
            }
        }
        checkNotOver();
        if (!handOvers.commit(draft, facts)) {
            close();
            return new Completion.NotCompleted(handOvers.whyNotOurs(facts));
        }
        over = true;
        handOvers.over(facts);
        return new Completion.Completed(facts.id());
    }

    private int filled(Kind kind) {
        return filled.getOrDefault(kind, 0);
    }

    /// The order is the dialog's, so that D_p can be summed up on the way.
    private void checkIsNext(Place place) {
        checkNotOver();
        int chunks = facts.shape().chunkCount();
        boolean inOrder = switch (place.kind()) {
            case VALUES -> true;
            case TAIL -> place.index() < filled(Kind.VALUES);
            case MASKS -> filled(Kind.VALUES) == chunks;
            case CLOSING -> filled(Kind.MASKS) == 1;
        };
        if (!inOrder
                || place.index() != filled(place.kind())
                || place.index() >= facts.shape().placesOfKind(facts.scheme(), place.kind())) {
            throw new IllegalStateException("Another place comes next, not " + place + ".");
        }
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException("The hand-over is over.");
        }
    }

    /// Drops what was not completed.
    @Override
    public void close() {
        if (!over) {
            over = true;
            handOvers.drop(draft, facts);
        }
    }
}
