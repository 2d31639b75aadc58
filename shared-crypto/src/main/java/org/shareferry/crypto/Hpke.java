// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.List;
import org.shareferry.crypto.BouncyCastle.Exporter;
import org.shareferry.crypto.BouncyCastle.Suite;

/// HPKE (RFC 9180), mode base, KEM X-Wing (0x647a), HKDF-SHA256 (0x0001), AEAD export-only (0xffff). Key and
/// nonce of the one body leave the context through its exporter (§5.3); the body itself is AES-256-GCM, the
/// JDK's, which is some fifty times faster than the provider's own.
public final class Hpke {
    private static final Suite SUITE = Suite.XWING;
    private static final Bytes KEY = Bytes.ascii("shareferry body key v1");
    private static final Bytes NONCE = Bytes.ascii("shareferry body nonce v1");

    /// What binds a context to its purpose (RFC 9180 §5.1). A type of its own, so that it cannot be taken for
    /// the additional data.
    ///
    /// @param value any bytes
    public record Info(Bytes value) {
        /// @return an info that frames each part by its length, the label first
        public static Info of(String label, List<Bytes> parts) {
            return new Info(Framing.lengthPrefixed(Bytes.ascii(label), parts));
        }
    }

    /// What the sender gets: enc travels, the body key seals one body.
    ///
    /// @param enc 1120 bytes
    /// @param bodyKey to be used once and closed
    public record Sending(Bytes enc, BodyKey bodyKey) {}

    private Hpke() {}

    /// @param recipient the key to seal to
    /// @param info what both ends must agree on
    /// @throws CryptoException when the key is unusable
    public static Sending send(SealingKey recipient, Info info) throws CryptoException {
        var sent = BouncyCastle.send(SUITE, recipient.raw(), info.value());
        return new Sending(sent.enc(), bodyKey(sent.exporter()));
    }

    /// @param enc the encapsulated key that came with the body
    /// @param recipient the key that it was sealed to
    /// @param info what both ends must agree on
    /// @return the body key; when enc or info differ from the sender's it opens nothing
    /// @throws CryptoException when enc is not an encapsulated key
    public static BodyKey receive(Bytes enc, OpeningKey recipient, Info info) throws CryptoException {
        return bodyKey(BouncyCastle.receive(
                SUITE, enc, recipient.seed(), recipient.sealingKey().raw(), info.value()));
    }

    private static BodyKey bodyKey(Exporter exporter) {
        return new BodyKey(exporter.export(KEY, BodyKey.KEY_SIZE), exporter.export(NONCE, BodyKey.NONCE_SIZE));
    }
}
