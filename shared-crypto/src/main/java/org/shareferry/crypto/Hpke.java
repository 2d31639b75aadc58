// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.shareferry.crypto.BouncyCastle.Suite;

/// HPKE (RFC 9180), mode base, KEM X-Wing (0x647a), HKDF-SHA256 (0x0001), AEAD export-only (0xffff). One context is
/// used for all bodies of a hand-over: key and nonce of each body are exported (§5.3) with the body's own exporter
/// context. Bodies are encrypted with AES-256-GCM of the JDK, which is about fifty times faster than the provider's.
public final class Hpke {
    private static final Suite SUITE = Suite.XWING;
    private static final Bytes BODY = Bytes.ascii("shareferry body v2");

    /// Binds a context to its purpose (RFC 9180 §5.1). A separate type, so that it cannot be confused with the
    /// additional data.
    ///
    /// @param value any bytes
    public record Info(Bytes value) {
        /// @return an info with the label and the parts, each length-prefixed
        public static Info of(String label, List<Bytes> parts) {
            return new Info(Framing.lengthPrefixed(Bytes.ascii(label), parts));
        }
    }

    /// Identifies a body of a context.
    ///
    /// @param kind of the body, as numbered in the header
    /// @param index within this kind
    /// @param headerDigest SHA-256 of the header that the body is sealed under
    public record BodyContext(int kind, int index, Bytes headerDigest) {
        /// @return the exporter context: label, kind and index (8 bytes each, little-endian), digest, each
        ///     after its length
        Bytes exporterContext() {
            return Framing.lengthPrefixed(BODY, List.of(Bytes.ofWord(kind), Bytes.ofWord(index), headerDigest));
        }
    }

    /// The sender's context. It returns the key of each place only once, in ascending order of the index within a
    /// kind, so that no key and nonce are used for two plaintexts. Thread-safe.
    public static final class Sender implements AutoCloseable {
        private final Bytes enc;
        private final Exporter exporter;
        private final Map<Integer, Integer> last = new HashMap<>();

        private Sender(Bytes enc, Exporter exporter) {
            this.enc = enc;
            this.exporter = exporter;
        }

        /// @return the encapsulated key, which is sent with every body: 1120 bytes
        public Bytes enc() {
            return enc;
        }

        /// @return the key of one body; the caller closes it
        /// @throws IllegalStateException when the key of this or a later index of the kind was returned before,
        ///     or this context was closed
        public synchronized BodyKey bodyKey(BodyContext body) {
            var before = last.get(body.kind());
            if (before != null && body.index() <= before) {
                throw new IllegalStateException("The key of this body, or of a later one, was already used.");
            }
            last.put(body.kind(), body.index());
            return Hpke.bodyKey(exporter, body);
        }

        /// Wipes the exporter secret.
        @Override
        public synchronized void close() {
            exporter.close();
        }
    }

    /// The recipient's context. Do not close it while another thread derives a key.
    public static final class Receiver implements AutoCloseable {
        private final Exporter exporter;

        private Receiver(Exporter exporter) {
            this.exporter = exporter;
        }

        /// @return the key of one body; the caller closes it
        /// @throws IllegalStateException when this context was closed
        public BodyKey bodyKey(BodyContext body) {
            return Hpke.bodyKey(exporter, body);
        }

        /// Wipes the exporter secret.
        @Override
        public void close() {
            exporter.close();
        }
    }

    private Hpke() {}

    /// @param recipient the key to seal to
    /// @param info must be the same on both sides
    /// @return a fresh context; the caller closes it
    /// @throws CryptoException when the key is unusable
    public static Sender send(SealingKey recipient, Info info) throws CryptoException {
        var sent = BouncyCastle.send(SUITE, recipient.raw(), info.value());
        return new Sender(sent.enc(), sent.exporter());
    }

    /// @param enc the encapsulated key of a body
    /// @param recipient the key that it was sealed to
    /// @param info must be the same on both sides
    /// @return the context; the caller closes it. If enc or info differ from the sender's, decryption with its keys
    ///     fails
    /// @throws CryptoException when enc is not an encapsulated key
    public static Receiver receive(Bytes enc, OpeningKey recipient, Info info) throws CryptoException {
        return new Receiver(BouncyCastle.receive(
                SUITE, enc, recipient.seed(), recipient.sealingKey().raw(), info.value()));
    }

    /// Derives key and nonce in one export.
    private static BodyKey bodyKey(Exporter exporter, BodyContext body) {
        try (var exported = exporter.export(body.exporterContext(), BodyKey.KEY_SIZE + BodyKey.NONCE_SIZE)) {
            var bytes = exported.reveal();
            return new BodyKey(
                    SecretBytes.takeOver(Arrays.copyOfRange(bytes, 0, BodyKey.KEY_SIZE)),
                    SecretBytes.takeOver(Arrays.copyOfRange(bytes, BodyKey.KEY_SIZE, bytes.length)));
        }
    }
}
