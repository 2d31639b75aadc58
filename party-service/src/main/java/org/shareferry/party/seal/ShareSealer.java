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

/// Begins hand-overs. What takes time is agreeing on a key with the recipient; where a delivery is expected, that
/// is done before it is asked for.
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

    /// The size of what a VM or a program hands over for the values of a chunk: always in the delivery's own
    /// domain, also where less than that is sent.
    ///
    /// @param index of the chunk
    /// @return bytes
    public static long valuesSize(DeliveryFacts facts, int index) {
        return (long) facts.shape().valuesInChunk(index)
                * facts.scheme().elementsPerValue()
                * facts.domain().elementBytes();
    }

    /// The same for what follows the values: r, v, u in batched, the masks in the last chunk of committed.
    ///
    /// @param index of the chunk
    /// @return bytes; 0 where nothing follows
    public static int checkElementsSize(DeliveryFacts facts, int index) {
        return facts.shape().checkElementsInChunk(facts.scheme(), index)
                * facts.domain().elementBytes();
    }

    /// Agrees on a key for a hand-over that is expected.
    ///
    /// @return nothing when no key is at hand; the caller closes it
    public Optional<Prepared> prepare(DeliveryId delivery, MemberName recipient) {
        return keys.atHand(recipient).flatMap(key -> {
            try {
                return Optional.of(new Prepared(sealer.prepare(delivery, recipient, key)));
            } catch (CryptoException e) {
                return Optional.empty();
            }
        });
    }

    /// Begins a hand-over: its key and its time hold for all its envelopes.
    ///
    /// @param key the recipient's current one
    /// @param prepared is used if it was made for this delivery and key; stays the caller's to close
    /// @return what seals its places; the caller closes it
    /// @throws CryptoException when the key cannot be sealed to
    public HandOverSealer begin(DeliveryFacts facts, SealingKey key, Optional<Prepared> prepared)
            throws CryptoException {
        var usable =
                prepared.map(Prepared::sealing).filter(ready -> ready.isFor(facts.id(), facts.recipient(), key.id()));
        var now = clock.instant();
        return new HandOverSealer(
                usable.isPresent() ? usable.get().begin(facts, now) : sealer.begin(facts, key, now), keys);
    }
}
