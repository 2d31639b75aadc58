// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import java.time.Instant;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;

/// Seals and signs the envelopes of one hand-over: all with one key agreement, one recipient key and one creation
/// time. It exists only in memory, so nothing can be sealed again after a restart.
public final class HandOverSealing implements AutoCloseable {
    private final DeliveryFacts facts;
    private final MemberName sender;
    private final IdentityKey identity;
    private final KeyId recipientKey;
    private final Instant created;
    private final Hpke.Sender context;

    HandOverSealing(
            DeliveryFacts facts,
            MemberName sender,
            IdentityKey identity,
            KeyId recipientKey,
            Instant created,
            Hpke.Sender context) {
        this.facts = facts;
        this.sender = sender;
        this.identity = identity;
        this.recipientKey = recipientKey;
        this.created = created;
        this.context = context;
    }

    /// @return the facts that all its envelopes share
    public DeliveryFacts facts() {
        return facts;
    }

    /// @return the key that it seals to
    public KeyId recipientKey() {
        return recipientKey;
    }

    /// Seals one place. Each place can be sealed once, in ascending order of the index.
    ///
    /// @param place of the delivery
    /// @param body with exactly the required size; closed by the caller
    /// @throws IllegalArgumentException when the delivery does not have this place, or the body has the wrong size
    /// @throws IllegalStateException when this place, or a later one of its kind, was sealed before, even if the
    ///     envelope was never stored
    public Envelope seal(Place place, SecretBytes body) {
        var header = new Header(facts, place, sender, identity.publicKey().id(), recipientKey, created);
        if (body.size() != header.bodySize()) {
            throw new IllegalArgumentException("The size of the body does not match the header.");
        }
        var headerBytes = header.encode();
        Bytes ciphertext;
        try (var key = context.bodyKey(bodyContext(place, headerBytes))) {
            ciphertext = key.seal(new BodyKey.Aad(headerBytes), body);
        }
        try {
            return Envelope.sign(headerBytes, context.enc(), ciphertext, identity);
        } catch (MalformedException e) {
            throw new IllegalStateException("An envelope sealed here must be well-formed.", e);
        }
    }

    static Hpke.BodyContext bodyContext(Place place, Bytes headerBytes) {
        return new Hpke.BodyContext(place.kind().code(), place.index(), Sha256.of(headerBytes));
    }

    /// Wipes the agreement; nothing can be sealed after this.
    @Override
    public void close() {
        context.close();
    }
}
