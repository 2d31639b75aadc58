// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.Optional;
import org.shareferry.check.EnvelopesDigest;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.handover.PlaceSealing.PlaceRefused;
import org.shareferry.party.handover.PlaceSealing.PlaceSealed;
import org.shareferry.party.outbox.Draft;
import org.shareferry.party.seal.HandOverSealer;
import org.shareferry.party.seal.Sealing;
import org.shareferry.share.PairwiseKeys;
import org.slf4j.MDC;

/// A delivery that is being handed over, place by place: chunks in order; in committed at last the closing
/// words. Until it is completed nothing of it leaves, and closing it without completing it drops it wholly. For
/// one thread.
public final class OpenHandOver implements AutoCloseable {
    private final HandOverSealer sealer;
    private final Optional<PairwiseKeys> keys;
    private final Draft draft;
    private final HandOvers handOvers;
    private final Optional<EnvelopesDigest> digest;
    private int chunks;
    private boolean hasClosing;
    private boolean over;

    /// @param sealer closed with this
    /// @param keys stay the caller's to close, after this
    OpenHandOver(HandOverSealer sealer, Optional<PairwiseKeys> keys, int party, Draft draft, HandOvers handOvers) {
        this.sealer = sealer;
        this.draft = draft;
        this.keys = keys;
        this.handOvers = handOvers;
        this.digest = isCommitted()
                ? Optional.of(
                        new EnvelopesDigest(facts().id(), party, facts().shape().chunkCount()))
                : Optional.empty();
    }

    private boolean isCommitted() {
        return facts().scheme().isCommitted();
    }

    /// @return what all its envelopes say alike
    public DeliveryFacts facts() {
        return sealer.facts();
    }

    /// Re-randomises and seals in this very call.
    ///
    /// @param place the next one
    /// @param content elements as the VM wrote them, in the delivery's own domain: those of the values,
    ///     then r, v, u or in the last chunk of committed the masks; for closing the encoded words; stays the
    ///     caller's to close
    /// @throws IllegalStateException when another place comes next, or the hand-over is over
    public PlaceSealing seal(Place place, SecretBytes content) {
        checkIsNext(place);
        try (var chunk = MDC.putCloseable("chunk", place.toString())) {
            var outcome = switch (sealer.seal(place, keys, content)) {
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
            return new PlaceRefused(handOvers.whyNotOurs(facts()));
        }
        if (place.kind() == Kind.CLOSING) {
            hasClosing = true;
        } else {
            chunks++;
            digest.ifPresent(sum -> sum.add(envelope.id()));
        }
        return new PlaceSealed(envelope.id());
    }

    /// Committed: D_p, over the ids of all chunks' envelopes. They are final, stored or not: none is sealed again.
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
        if (!hasAllChunks() || hasClosing != isCommitted()) {
            throw new IllegalStateException("Some places of the delivery are empty.");
        }
        checkNotOver();
        if (!handOvers.commit(draft, facts())) {
            close();
            return new Completion.NotCompleted(handOvers.whyNotOurs(facts()));
        }
        over = true;
        sealer.close();
        handOvers.over(facts());
        return new Completion.Completed(facts().id());
    }

    private boolean hasAllChunks() {
        return chunks == facts().shape().chunkCount();
    }

    /// The order is the dialog's, so that D_p can be summed up on the way.
    private void checkIsNext(Place place) {
        checkNotOver();
        boolean isNext = switch (place.kind()) {
            case VALUES -> !hasAllChunks() && place.index() == chunks;
            case CLOSING -> isCommitted() && hasAllChunks() && !hasClosing;
        };
        if (!isNext) {
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
            sealer.close();
            handOvers.drop(draft, facts());
        }
    }
}
