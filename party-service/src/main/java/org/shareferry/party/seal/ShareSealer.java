// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.seal;

import java.time.Clock;
import java.util.Optional;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.party.keys.ClientKeys;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.service.member.OwnMember;
import org.springframework.stereotype.Component;

/// Creates sealers for hand-overs. The expensive part is the key agreement with the recipient; for an expected
/// delivery it can be made in advance.
@Component
public final class ShareSealer {
    private final EnvelopeSealer sealer;
    private final ClientKeys keys;
    private final Clock clock;

    ShareSealer(OwnMember own, ClientKeys keys, Clock clock) {
        this.sealer = new EnvelopeSealer(own.name(), own.identity());
        this.keys = keys;
        this.clock = clock;
    }

    /// The size of the handed-over values of a chunk. It is always in the delivery's own domain, even where fewer
    /// bits are delivered.
    ///
    /// @param index of the chunk
    /// @return bytes
    public static long valuesSize(DeliveryFacts facts, int index) {
        return (long) facts.shape().valuesInChunk(index)
                * facts.scheme().elementsPerValue()
                * facts.domain().elementBytes();
    }

    /// The size of the elements after the values: r, v, u in batched, the masks in the last chunk of committed.
    ///
    /// @param index of the chunk
    /// @return bytes; 0 if there are none
    public static int checkElementsSize(DeliveryFacts facts, int index) {
        return facts.shape().checkElementsInChunk(facts.scheme(), index)
                * facts.domain().elementBytes();
    }

    /// Makes the key agreement for an expected hand-over.
    ///
    /// @return empty if no key is known; the caller closes it
    public Optional<PreparedKeyAgreement> prepare(DeliveryId delivery, MemberName recipient) {
        return keys.cached(recipient).flatMap(key -> {
            try {
                return Optional.of(new PreparedKeyAgreement(sealer.prepare(delivery, recipient, key)));
            } catch (CryptoException e) {
                return Optional.empty();
            }
        });
    }

    /// Begins a hand-over. Its key and its time apply to all its envelopes.
    ///
    /// @param key the recipient's current one
    /// @param prepared used if it matches this delivery and key; closed by the caller
    /// @return the sealer; the caller closes it
    /// @throws CryptoException when the key is unusable
    public HandOverSealer begin(DeliveryFacts facts, SealingKey key, Optional<PreparedKeyAgreement> prepared)
            throws CryptoException {
        var usable = prepared.map(PreparedKeyAgreement::sealing)
                .filter(ready -> ready.isFor(facts.id(), facts.recipient(), key.id()));
        var now = clock.instant();
        return new HandOverSealer(
                usable.isPresent() ? usable.get().begin(facts, now) : sealer.begin(facts, key, now), keys);
    }
}
