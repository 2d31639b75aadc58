// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.EnvelopesDigest;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.outbox.Draft;
import org.shareferry.party.seal.HandOverSealer;
import org.shareferry.share.PairwiseKeys;
import org.slf4j.MDC;

/// A delivery that is being handed over, place by place: the chunks in order, and in committed the closing words at
/// the end. Nothing of it is submitted before it is completed. Closing it before that drops it completely. Not
/// thread-safe.
public final class OpenHandOver implements AutoCloseable {
    private final HandOverSealer sealer;
    private final Optional<PairwiseKeys> keys;
    private final Draft draft;
    private final HandOversInProgress inProgress;
    private final Optional<EnvelopesDigest> digest;
    private int chunks;
    private boolean hasClosing;
    private boolean hasEnded;

    /// @param sealer closed with this
    /// @param keys closed by the caller, after this
    OpenHandOver(
            HandOverSealer sealer,
            Optional<PairwiseKeys> keys,
            int party,
            Draft draft,
            HandOversInProgress inProgress) {
        this.sealer = sealer;
        this.draft = draft;
        this.keys = keys;
        this.inProgress = inProgress;
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
    /// @return why it is refused, and with it the whole hand-over; empty if it is sealed
    /// @throws IllegalStateException when this is not the next place, or the hand-over has ended
    public Optional<HandOverRefusal> seal(Place place, SecretBytes content) {
        checkIsNext(place);
        try (var chunk = MDC.putCloseable("chunk", place.toString())) {
            if (!sealer.isKeyAnnounced()) {
                return refuse(new HandOverRefusal.KeyMissing("The key of " + facts().recipient()
                        + " that this hand-over uses is no longer announced. Hand the delivery over again."));
            }
            return store(place, sealer.seal(place, keys, content));
        } catch (MalformedException e) {
            return refuse(new HandOverRefusal.Unfit("The content for " + place + " is invalid: " + e.reason()));
        }
    }

    private Optional<HandOverRefusal> store(Place place, Envelope envelope) {
        if (!draft.add(envelope)) {
            return refuse(whyLost());
        }
        inProgress.envelopeSealed();
        if (place.kind() == Kind.CLOSING) {
            hasClosing = true;
        } else {
            chunks++;
            digest.ifPresent(sum -> sum.add(envelope.id()));
        }
        return Optional.empty();
    }

    private HandOverRefusal whyLost() {
        return switch (draft.whyLost()) {
            case USED_ELSEWHERE -> HandOvers.inProgressElsewhere();
            case ID_SPENT -> new HandOverRefusal.UsedLongAgo();
            case DROPPED -> new HandOverRefusal.Dropped();
        };
    }

    private Optional<HandOverRefusal> refuse(HandOverRefusal why) {
        close();
        return Optional.of(why);
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
    /// @return why it is refused and was dropped; empty if it is committed
    /// @throws IllegalStateException when a place is empty, or the hand-over has ended
    public Optional<HandOverRefusal> complete() {
        if (!hasAllChunks() || hasClosing != isCommitted()) {
            throw new IllegalStateException("Some places of the delivery are empty.");
        }
        checkNotEnded();
        if (!draft.complete()) {
            return refuse(whyLost());
        }
        inProgress.completed(facts());
        end();
        return Optional.empty();
    }

    private void end() {
        hasEnded = true;
        sealer.close();
        inProgress.end(facts().id());
    }

    private boolean hasAllChunks() {
        return chunks == facts().shape().chunkCount();
    }

    /// The order is that of the dialog, so that D_p can be computed incrementally.
    private void checkIsNext(Place place) {
        checkNotEnded();
        boolean isNext = switch (place.kind()) {
            case VALUES -> !hasAllChunks() && place.index() == chunks;
            case CLOSING -> isCommitted() && hasAllChunks() && !hasClosing;
        };
        if (!isNext) {
            throw new IllegalStateException("This is not the next place: " + place + ".");
        }
    }

    private void checkNotEnded() {
        if (hasEnded) {
            throw new IllegalStateException("The hand-over has ended.");
        }
    }

    /// Drops the delivery unless it was completed. Until it is dropped, the delivery cannot be handed over again:
    /// the drop would delete the envelopes of the second hand-over.
    @Override
    public void close() {
        if (!hasEnded) {
            try {
                draft.drop();
                inProgress.dropped(facts().id());
            } finally {
                end();
            }
        }
    }
}
