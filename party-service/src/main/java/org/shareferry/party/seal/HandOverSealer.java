// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.seal;

import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.party.keys.ClientKeys;
import org.shareferry.seal.HandOverSealing;
import org.shareferry.share.ElementVector;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.ZeroShares;

/// Turns the plain shares of one hand-over into sealed envelopes. Each call checks, re-randomises and seals one
/// place, and wipes intermediate values. All envelopes use one key agreement, as long as its key is announced. No
/// share is stored or logged.
public final class HandOverSealer implements AutoCloseable {
    private final HandOverSealing sealing;
    private final ClientKeys keys;

    HandOverSealer(HandOverSealing sealing, ClientKeys keys) {
        this.sealing = sealing;
        this.keys = keys;
    }

    /// @return the facts that all envelopes share
    public DeliveryFacts facts() {
        return sealing.facts();
    }

    /// @return whether the recipient's key is still announced; if not, nothing more may be sealed to it
    public boolean isKeyAnnounced() {
        return keys.isAnnounced(facts().recipient(), sealing.recipientKey());
    }

    /// @param place each place can be sealed once, even if the envelope is never stored
    /// @param pairwise the keys to re-randomise with, if there are some; closed by the caller
    /// @param content elements as the VM wrote them, values first, or the encoded words of a closing envelope;
    ///     closed by the caller
    /// @throws MalformedException when the content has the wrong length, or an element is out of range
    public Envelope seal(Place place, Optional<PairwiseKeys> pairwise, SecretBytes content) throws MalformedException {
        long size = place.kind() == Kind.CLOSING
                ? facts().closingSize()
                : ShareSealer.valuesSize(facts(), place.index())
                        + ShareSealer.checkElementsSize(facts(), place.index());
        if (content.size() != size) {
            throw new MalformedException("Expected " + size + " bytes, not " + content.size() + ".");
        }
        if (place.kind() == Kind.CLOSING) {
            return sealing.seal(place, content);
        }
        try (var body = elements(facts(), place, pairwise, content)) {
            return sealing.seal(place, body);
        }
    }

    private static SecretBytes elements(
            DeliveryFacts facts, Place place, Optional<PairwiseKeys> pairwise, SecretBytes content)
            throws MalformedException {
        try (var handedOver = ElementVector.decode(facts.domain(), content);
                var sent = inElementDomain(facts, handedOver)) {
            pairwise.ifPresent(keys -> new ZeroShares(keys, facts.id(), facts.recipient()).addTo(sent, place));
            return sent.encode();
        }
    }

    /// In committed on a ring only the low bits are delivered.
    private static ElementVector inElementDomain(DeliveryFacts facts, ElementVector handedOver) {
        return switch (facts.scheme().elementDomain(facts.domain())) {
            case Domain.Ring ring -> ring.equals(facts.domain()) ? handedOver : handedOver.truncate(ring);
            case Domain.PrimeField field -> handedOver;
        };
    }

    /// Nothing can be sealed after this.
    @Override
    public void close() {
        sealing.close();
    }
}
