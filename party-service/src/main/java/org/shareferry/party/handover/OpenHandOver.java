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

/// A delivery that is being handed over, place by place: the chunks in order, and in committed the closing words at
/// the end. Nothing of it is submitted before it is completed. Closing it before that drops it completely. Not
/// thread-safe.
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
    /// @param keys closed by the caller, after this
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

    /// @return the facts that all its envelopes share
    public DeliveryFacts facts() {
        return sealer.facts();
    }

    /// Re-randomises and seals the content at once.
    ///
    /// @param place the next one
    /// @param content elements as the VM wrote them, in the delivery's own domain: those of the values, then r, v,
    ///     u or, in the last chunk of committed, the masks; for the closing place the encoded words. The caller
    ///     closes it
    /// @throws IllegalStateException when this is not the next place, or the hand-over has ended
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

    /// In committed: D_p, the digest over the ids of all chunks' envelopes. The envelopes are final, stored or not,
    /// because none is sealed twice.
    ///
    /// @throws IllegalStateException in another scheme, or when some chunks are not sealed yet
    public Bytes digest() {
        return digest.orElseThrow(() -> new IllegalStateException("Only committed has a digest of envelopes."))
                .digest();
    }

    /// Commits the delivery. Success may be reported only after this.
    ///
    /// @throws IllegalStateException when a place is empty, or the hand-over has ended
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

    /// The order is that of the dialog, so that D_p can be computed incrementally.
    private void checkIsNext(Place place) {
        checkNotOver();
        boolean isNext = switch (place.kind()) {
            case VALUES -> !hasAllChunks() && place.index() == chunks;
            case CLOSING -> isCommitted() && hasAllChunks() && !hasClosing;
        };
        if (!isNext) {
            throw new IllegalStateException("The next place is another one, not " + place + ".");
        }
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException("The hand-over has ended.");
        }
    }

    /// Drops the delivery unless it was completed.
    @Override
    public void close() {
        if (!over) {
            over = true;
            sealer.close();
            handOvers.drop(draft, facts());
        }
    }
}
