// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.envelope.Envelope;
import org.shareferry.seal.Opening.Opened;
import org.shareferry.seal.Opening.Reason;
import org.shareferry.seal.Opening.Refused;

/// Verifies and opens envelopes at the client: first the signature, then the ciphertext.
public final class EnvelopeOpener {
    private EnvelopeOpener() {}

    /// @param envelope what arrived
    /// @param sender the key that the roster pins for the sender
    /// @param recipient our key that the header names
    public static Opening open(Envelope envelope, IdentityPublicKey sender, OpeningKey recipient) {
        if (!envelope.isSignedBy(sender)) {
            return new Refused(Reason.SIGNATURE);
        }
        var header = envelope.header();
        if (!header.recipientKey().equals(recipient.sealingKey().id())) {
            return new Refused(Reason.RECIPIENT_KEY);
        }
        try (var bodyKey = Hpke.receive(envelope.enc(), recipient, EnvelopeSealer.infoOf(header))) {
            return new Opened(bodyKey.open(new BodyKey.Aad(envelope.headerBytes()), envelope.ciphertext()));
        } catch (CryptoException e) {
            return new Refused(Reason.CIPHERTEXT);
        }
    }
}
