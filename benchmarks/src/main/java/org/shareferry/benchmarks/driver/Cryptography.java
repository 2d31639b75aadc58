// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Instant;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Challenges;
import org.shareferry.check.ChunkCheck;
import org.shareferry.check.Combinations;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.seal.Opening.Opened;
import org.shareferry.share.ElementVector;

/// What nobody can do without for one chunk of one party: sealing and signing at the party, verifying at the relay,
/// verifying and opening at the client. And for the chunk as a whole the check.
final class Cryptography {
    private static final MemberName P0 = MemberName.party(0);
    private static final Domain RING = new Domain.Ring(128, 64);

    private final IdentityKey identity = IdentityKey.generate();
    private final OpeningKey opening = OpeningKey.generate();
    private final EnvelopeSealer sealer = new EnvelopeSealer(P0, identity);

    /// Keeps nothing: every chunk counts as a delivery of its own.
    private final EnvelopeOpener opener = new EnvelopeOpener(0);
    private final Header header;
    private final SecretBytes body;

    /// @param scheme batched or committed
    /// @param values in the chunk
    Cryptography(Scheme scheme, int values) {
        header = header(scheme, values);
        body = SecretBytes.random(header.bodySize());
    }

    private Header header(Scheme scheme, int values) {
        var facts = new DeliveryFacts(
                new DeliveryId(new RunId(1, 2), 0),
                new Shape(values, values),
                RING,
                scheme,
                0,
                0,
                MemberName.client(0),
                List.of(P0, MemberName.party(1)),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.empty());
        return new Header(
                facts,
                new Place(Kind.VALUES, 0),
                P0,
                identity.publicKey().id(),
                opening.sealingKey().id(),
                Instant.EPOCH);
    }

    Envelope seal() {
        try (var handOver = sealer.begin(header.facts(), opening.sealingKey(), header.created())) {
            return handOver.seal(header.place(), body);
        } catch (CryptoException e) {
            throw new IllegalStateException("A key made here is usable.", e);
        }
    }

    void verify(Envelope envelope) {
        require(envelope.isSignedBy(identity.publicKey()));
    }

    /// @return the elements
    ElementVector open(Envelope envelope) {
        if (opener.open(envelope, identity.publicKey(), opening) instanceof Opened(var opened)) {
            try (opened) {
                return ElementVector.decode(header.elementDomain(), opened);
            } catch (MalformedException e) {
                throw new IllegalStateException("Any bytes are elements of a ring.", e);
            }
        }
        throw new IllegalStateException("An envelope sealed here opens here.");
    }

    /// Random elements fail the check of batched, which takes as long as with true ones.
    ///
    /// @return whether the check passed
    boolean check(ElementVector elements) {
        var facts = header.facts();
        if (facts.scheme() == Scheme.COMMITTED) {
            try (var combinations = new Combinations(
                    header.elementDomain(),
                    Sha256.of(Bytes.empty()),
                    facts.shape().count())) {
                combinations.add(elements, facts.shape().valuesInChunk(0));
            }
            return true;
        }
        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), facts.id())) {
            return ChunkCheck.holds(facts.scheme(), elements, challenges.ofChunk(0));
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("A signature made here verifies here.");
        }
    }
}
