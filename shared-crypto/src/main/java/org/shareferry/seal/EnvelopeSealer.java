// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;

/// Seals and signs what one party sends. Safe for use by several threads.
public final class EnvelopeSealer {
    private static final String INFO_LABEL = "shareferry envelope info v1";

    private final MemberName sender;
    private final IdentityKey identity;

    /// @param sender the party
    /// @param identity its own key; stays the caller's to close
    public EnvelopeSealer(MemberName sender, IdentityKey identity) {
        this.sender = sender;
        this.identity = identity;
    }

    /// @param header what the envelope says; names this sender, its key and the recipient's
    /// @param recipient the key to seal to
    /// @param body as many bytes as the header calls for; stays the caller's to close
    /// @throws CryptoException when the recipient's key is unusable
    /// @throws IllegalArgumentException when header, keys and body do not belong together
    public Envelope seal(Header header, SealingKey recipient, SecretBytes body) throws CryptoException {
        if (!header.sender().equals(sender)
                || !header.senderKey().equals(identity.publicKey().id())
                || !header.recipientKey().equals(recipient.id())) {
            throw new IllegalArgumentException("The header does not name this sender and these keys.");
        }
        if (body.size() != header.bodySize()) {
            throw new IllegalArgumentException("The body has not the size that the header calls for.");
        }
        var headerBytes = header.encode();
        var sending = Hpke.send(recipient, infoOf(header));
        Bytes ciphertext;
        try (var bodyKey = sending.bodyKey()) {
            ciphertext = bodyKey.seal(new BodyKey.Aad(headerBytes), body);
        }
        var signature = identity.sign(
                Envelope.signingContext(header.place().kind()),
                Envelope.signedParts(headerBytes, sending.enc(), ciphertext));
        try {
            return Envelope.of(headerBytes, sending.enc(), ciphertext, signature);
        } catch (MalformedException e) {
            throw new IllegalStateException("An envelope sealed here must have its form.", e);
        }
    }

    /// Sender, recipient and both keys bound into the key agreement, so that nobody can sign another's
    /// ciphertext as his own.
    static Hpke.Info infoOf(Header header) {
        return Hpke.Info.of(
                INFO_LABEL,
                List.of(
                        header.sender().toBytes(),
                        header.facts().recipient().toBytes(),
                        header.senderKey().digest(),
                        header.recipientKey().digest()));
    }
}
