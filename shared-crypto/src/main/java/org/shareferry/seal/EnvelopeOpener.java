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
/// hand-over share a key agreement, so key agreements of deliveries with several envelopes are cached in memory.
/// Thread-safe.
public final class EnvelopeOpener implements AutoCloseable {
    /// The default number of cached key agreements per sender: about 200 KB.
    public static final int DEFAULT_KEPT = 256;

    private final OpenedContexts contexts;

    /// @param keptPerSender the number of cached key agreements per sender; the least recently used are evicted
    public EnvelopeOpener(int keptPerSender) {
        contexts = new OpenedContexts(keptPerSender);
    }

    /// @param envelope the received envelope
    /// @param sender the key that the roster pins for the sender
    /// @param recipient the own key that the header names
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

    /// Wipes the agreements of a revoked or expired key, and caches no further ones.
    public void forget(KeyId recipientKey) {
        contexts.forget(recipientKey);
    }

    /// Wipes the agreements of a finished delivery.
    public void forget(DeliveryId delivery) {
        contexts.forget(delivery);
    }

    /// @return the current number of cached key agreements
    public int kept() {
        return contexts.size();
    }

    /// Wipes all agreements.
    @Override
    public void close() {
        contexts.close();
    }
}
