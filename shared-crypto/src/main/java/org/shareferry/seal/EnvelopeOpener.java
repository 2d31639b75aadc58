// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.Envelope;
import org.shareferry.seal.Opening.Opened;
import org.shareferry.seal.Opening.Reason;
import org.shareferry.seal.Opening.Refused;

/// Verifies and opens envelopes at the client: first the signature, then the ciphertext. All envelopes of one
/// hand-over share a key agreement, so those of deliveries with several are kept in memory: the later
/// envelopes cost no key agreement. Safe for use by several threads.
public final class EnvelopeOpener implements AutoCloseable {
    /// How many key agreements of one sender are kept unless said otherwise: some 200 KB.
    public static final int DEFAULT_KEPT = 256;

    private final OpenedContexts contexts;

    /// @param keptPerSender how many key agreements of one sender are kept; those used last stay
    public EnvelopeOpener(int keptPerSender) {
        contexts = new OpenedContexts(keptPerSender);
    }

    /// @param envelope what arrived
    /// @param sender the key that the roster pins for the sender
    /// @param recipient our key that the header names
    public Opening open(Envelope envelope, IdentityPublicKey sender, OpeningKey recipient) {
        if (!envelope.isSignedBy(sender)) {
            return new Refused(Reason.SIGNATURE);
        }
        if (!envelope.header().recipientKey().equals(recipient.sealingKey().id())) {
            return new Refused(Reason.RECIPIENT_KEY);
        }
        try (var bodyKey = contexts.bodyKey(envelope, recipient)) {
            return new Opened(bodyKey.open(new BodyKey.Aad(envelope.headerBytes()), envelope.ciphertext()));
        } catch (CryptoException e) {
            return new Refused(Reason.CIPHERTEXT);
        }
    }

    /// Wipes what was agreed on with a key that is revoked or retired, and keeps nothing of it any more.
    public void forget(KeyId recipientKey) {
        contexts.forget(recipientKey);
    }

    /// Wipes what was agreed on for a delivery of which nothing more is to be opened.
    public void forget(DeliveryId delivery) {
        contexts.forget(delivery);
    }

    /// @return how many key agreements are kept now
    public int kept() {
        return contexts.size();
    }

    /// Wipes what was agreed on.
    @Override
    public void close() {
        contexts.close();
    }
}
