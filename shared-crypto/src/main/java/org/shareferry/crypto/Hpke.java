// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.shareferry.crypto.BouncyCastle.Suite;

/// HPKE (RFC 9180), mode base, KEM X-Wing (0x647a), HKDF-SHA256 (0x0001), AEAD export-only (0xffff). One
/// context serves all bodies of one hand-over: key and nonce of each leave it through the exporter (§5.3), under
/// a context of the body's own. The bodies themselves are AES-256-GCM, the JDK's, which is some fifty times
/// faster than the provider's own.
public final class Hpke {
    private static final Suite SUITE = Suite.XWING;
    private static final Bytes BODY = Bytes.ascii("shareferry body v2");

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

    /// Which of a context's bodies a key is for.
    ///
    /// @param kind what the body holds, as the header numbers it
    /// @param index which one of this kind
    /// @param headerDigest SHA-256 of the header that the body is sealed under
    public record BodyContext(int kind, int index, Bytes headerDigest) {
        /// @return the exporter context: label, kind and index (8 bytes each, little-endian), digest, each
        ///     after its length
        Bytes exporterContext() {
            return Framing.lengthPrefixed(BODY, List.of(Bytes.ofWord(kind), Bytes.ofWord(index), headerDigest));
        }
    }

    /// The sender's end of a context. It gives the key of each place once, in ascending order of the index
    /// within a kind: so no key and nonce ever meet two plaintexts, whatever becomes of the first. Safe for use
    /// by several threads.
    public static final class Sender implements AutoCloseable {
        private final Bytes enc;
        private final Exporter exporter;
        private final Map<Integer, Integer> last = new HashMap<>();

        private Sender(Bytes enc, Exporter exporter) {
            this.enc = enc;
            this.exporter = exporter;
        }

        /// @return the encapsulated key, which travels with every body: 1120 bytes
        public Bytes enc() {
            return enc;
        }

        /// @return the key of one body, which the caller closes
        /// @throws IllegalStateException when the key of this or a later index of the kind was given before,
        ///     or this context was closed
        public synchronized BodyKey bodyKey(BodyContext body) {
            var before = last.get(body.kind());
            if (before != null && body.index() <= before) {
                throw new IllegalStateException("The key of this body, or of a later one, was given before.");
            }
            last.put(body.kind(), body.index());
            return Hpke.bodyKey(exporter, body);
        }

        /// Wipes what keys come from.
        @Override
        public synchronized void close() {
            exporter.close();
        }
    }

    /// The recipient's end of a context. Not to be closed while another thread takes a key of it.
    public static final class Receiver implements AutoCloseable {
        private final Exporter exporter;

        private Receiver(Exporter exporter) {
            this.exporter = exporter;
        }

        /// @return the key of one body, which the caller closes
        /// @throws IllegalStateException when this context was closed
        public BodyKey bodyKey(BodyContext body) {
            return Hpke.bodyKey(exporter, body);
        }

        /// Wipes what keys come from.
        @Override
        public void close() {
            exporter.close();
        }
    }

    private Hpke() {}

    /// @param recipient the key to seal to
    /// @param info what both ends must agree on
    /// @return a fresh context, which the caller closes
    /// @throws CryptoException when the key is unusable
    public static Sender send(SealingKey recipient, Info info) throws CryptoException {
        var sent = BouncyCastle.send(SUITE, recipient.raw(), info.value());
        return new Sender(sent.enc(), sent.exporter());
    }

    /// @param enc the encapsulated key that came with a body
    /// @param recipient the key that it was sealed to
    /// @param info what both ends must agree on
    /// @return the context, which the caller closes; when enc or info differ from the sender's, its keys open
    ///     nothing
    /// @throws CryptoException when enc is not an encapsulated key
    public static Receiver receive(Bytes enc, OpeningKey recipient, Info info) throws CryptoException {
        return new Receiver(BouncyCastle.receive(
                SUITE, enc, recipient.seed(), recipient.sealingKey().raw(), info.value()));
    }

    /// Key and nonce, one after the other in one export.
    private static BodyKey bodyKey(Exporter exporter, BodyContext body) {
        try (var exported = exporter.export(body.exporterContext(), BodyKey.KEY_SIZE + BodyKey.NONCE_SIZE)) {
            var bytes = exported.reveal();
            return new BodyKey(
                    SecretBytes.takeOver(Arrays.copyOfRange(bytes, 0, BodyKey.KEY_SIZE)),
                    SecretBytes.takeOver(Arrays.copyOfRange(bytes, BodyKey.KEY_SIZE, bytes.length)));
        }
    }
}
