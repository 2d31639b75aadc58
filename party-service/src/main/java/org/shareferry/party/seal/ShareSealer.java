// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.seal;

import java.time.Clock;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.party.keys.ClientKeys;
import org.shareferry.party.keys.KeyLookup;
import org.shareferry.party.seal.Sealing.KeyMissing;
import org.shareferry.party.seal.Sealing.Sealed;
import org.shareferry.party.seal.Sealing.Unfit;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.service.member.OwnMember;
import org.shareferry.share.ElementVector;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.ZeroShares;
import org.springframework.stereotype.Component;

/// Turns plain shares into sealed envelopes in one call: checks, re-randomises, seals, and wipes what it made
/// on the way. Nothing of a share is written, logged or kept.
@Component
public final class ShareSealer {
    private final OwnMember own;
    private final EnvelopeSealer sealer;
    private final ClientKeys keys;
    private final Clock clock;

    ShareSealer(OwnMember own, ClientKeys keys, Clock clock) {
        this.own = own;
        this.sealer = new EnvelopeSealer(own.name(), own.identity());
        this.keys = keys;
        this.clock = clock;
    }

    /// The size of what a VM or a program hands over for a place of elements: always in the delivery's own
    /// domain, also where less than that is sent.
    ///
    /// @param place of any kind but closing
    /// @return bytes
    public static long handedOverSize(DeliveryFacts facts, Place place) {
        long elements = switch (place.kind()) {
            case VALUES ->
                (long) facts.shape().valuesInChunk(place.index())
                        * facts.scheme().elementsPerValue();
            case TAIL -> facts.scheme().elementsPerTail();
            case MASKS -> Scheme.MASKS;
            case CLOSING -> throw new IllegalArgumentException("A closing envelope holds no elements.");
        };
        return elements * facts.domain().elementBytes();
    }

    /// @param pairwise the keys to re-randomise with, if there are some; stay the caller's to close
    /// @param content elements as the VM wrote them, or the encoded words of a closing envelope; stays the
    ///     caller's to close
    public Sealing seal(DeliveryFacts facts, Place place, Optional<PairwiseKeys> pairwise, SecretBytes content) {
        if (place.kind() != Kind.CLOSING && content.size() != handedOverSize(facts, place)) {
            return new Unfit("There are " + content.size() + " bytes for " + place + " where "
                    + handedOverSize(facts, place) + " belong.");
        }
        return switch (keys.current(facts.recipient())) {
            case KeyLookup.Missing missing -> new KeyMissing(missing.why());
            case KeyLookup.Found found -> sealTo(found.key(), facts, place, pairwise, content);
        };
    }

    private Sealing sealTo(
            SealingKey key, DeliveryFacts facts, Place place, Optional<PairwiseKeys> pairwise, SecretBytes content) {
        var header =
                new Header(facts, place, own.name(), own.identity().publicKey().id(), key.id(), clock.instant());
        try {
            if (place.kind() == Kind.CLOSING) {
                return closing(header, key, content);
            }
            try (var body = elements(facts, place, pairwise, content)) {
                return new Sealed(sealer.seal(header, key, body));
            }
        } catch (MalformedException e) {
            return new Unfit("What was handed over for " + place + " does not fit: " + e.reason());
        } catch (CryptoException e) {
            return new KeyMissing("The key of " + facts.recipient() + " cannot be sealed to.");
        }
    }

    private Sealing closing(Header header, SealingKey key, SecretBytes content) throws CryptoException {
        if (content.size() != header.bodySize()) {
            return new Unfit(
                    "The closing words have " + content.size() + " bytes where " + header.bodySize() + " belong.");
        }
        return new Sealed(sealer.seal(header, key, content));
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

    /// In committed on a ring only the low bits are sent.
    private static ElementVector inElementDomain(DeliveryFacts facts, ElementVector handedOver) {
        return switch (facts.scheme().elementDomain(facts.domain())) {
            case Domain.Ring ring -> ring.equals(facts.domain()) ? handedOver : handedOver.truncate(ring);
            case Domain.PrimeField field -> handedOver;
        };
    }
}
