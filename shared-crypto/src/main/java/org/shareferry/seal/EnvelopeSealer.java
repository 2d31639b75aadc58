// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import java.time.Instant;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SealingKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;

/// Makes key agreements with recipients, for one party. Thread-safe.
public final class EnvelopeSealer {
    private static final String INFO_LABEL = "shareferry envelope info v2";

    private final MemberName sender;
    private final IdentityKey identity;

    /// @param sender the party
    /// @param identity its own key; closed by the caller
    public EnvelopeSealer(MemberName sender, IdentityKey identity) {
        this.sender = sender;
        this.identity = identity;
    }

    /// Makes the key agreement for one hand-over, before its facts are known. This is the expensive part.
    ///
    /// @param delivery the delivery that will be handed over
    /// @param recipient the owner of the key
    /// @param key the key to seal to
    /// @return the prepared agreement; the caller closes it or begins the hand-over with it
    /// @throws CryptoException when the key is unusable
    public PreparedSealing prepare(DeliveryId delivery, MemberName recipient, SealingKey key) throws CryptoException {
        var info = info(delivery, sender, recipient, identity.publicKey().id(), key.id());
        return new PreparedSealing(delivery, recipient, sender, identity, key.id(), Hpke.send(key, info));
    }

    /// Begins the hand-over of a delivery.
    ///
    /// @param facts that all its envelopes share
    /// @param key the recipient's key to seal to
    /// @param created the creation time of all envelopes
    /// @return the sealer of its envelopes; the caller closes it
    /// @throws CryptoException when the key is unusable
    public HandOverSealing begin(DeliveryFacts facts, SealingKey key, Instant created) throws CryptoException {
        return prepare(facts.id(), facts.recipient(), key).begin(facts, created);
    }

    /// @return the info of a received envelope's key agreement
    static Hpke.Info infoOf(Header header) {
        return info(
                header.facts().id(),
                header.sender(),
                header.facts().recipient(),
                header.senderKey(),
                header.recipientKey());
    }

    /// Binds sender, recipient, both keys and the delivery into the key agreement, so that nobody can sign another
    /// party's ciphertext as their own, or use an agreement for another delivery.
    private static Hpke.Info info(
            DeliveryId delivery, MemberName sender, MemberName recipient, KeyId senderKey, KeyId recipientKey) {
        return Hpke.Info.of(
                INFO_LABEL,
                List.of(
                        sender.toBytes(),
                        recipient.toBytes(),
                        senderKey.digest(),
                        recipientKey.digest(),
                        delivery.run().toBytes(),
                        Bytes.ofWord(delivery.sequence())));
    }
}
