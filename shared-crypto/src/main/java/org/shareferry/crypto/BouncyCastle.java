// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/// The only class that uses Bouncy Castle. Its `HPKE` objects and contexts are not thread-safe, so each call creates
/// new ones. It reports failures by several unrelated exceptions, which become [CryptoException] here.
final class BouncyCastle {
    /// HPKE suites (RFC 9180 §7) with the export-only AEAD. Shareferry uses the first. The second is for tests,
    /// because RFC 9180 has test vectors for it (appendix A.7).
    enum Suite {
        XWING(HPKE.kem_X_WING),
        X25519(HPKE.kem_X25519_SHA256);

        private final short kem;

        Suite(short kem) {
            this.kem = kem;
        }

        private HPKE open() {
            return new HPKE(HPKE.mode_base, kem, HPKE.kdf_HKDF_SHA256, HPKE.aead_EXPORT_ONLY);
        }
    }

    /// The result of the sender's set-up.
    ///
    /// @param enc the encapsulated key, sent to the recipient
    /// @param exporter the sender's context
    record Sent(Bytes enc, Exporter exporter) {}

    private BouncyCastle() {}

    /// `SetupBaseS` (RFC 9180 §5.1.1) with fresh randomness.
    static Sent send(Suite suite, Bytes publicKey, Bytes info) throws CryptoException {
        try {
            var hpke = suite.open();
            var context = hpke.setupBaseS(hpke.deserializePublicKey(publicKey.shared()), info.shared());
            return new Sent(Bytes.of(context.getEncapsulation()), exporter(context));
        } catch (RuntimeException e) {
            throw new CryptoException("Invalid public key for the HPKE suite.", e);
        }
    }

    /// `SetupBaseS` with a given ephemeral key pair, for test vectors.
    static Sent send(
            Suite suite, Bytes publicKey, Bytes info, SecretBytes ephemeralPrivateKey, Bytes ephemeralPublicKey)
            throws CryptoException {
        try {
            var hpke = suite.open();
            var ephemeral = hpke.deserializePrivateKey(ephemeralPrivateKey.reveal(), ephemeralPublicKey.shared());
            var context = hpke.setupBaseS(hpke.deserializePublicKey(publicKey.shared()), info.shared(), ephemeral);
            return new Sent(Bytes.of(context.getEncapsulation()), exporter(context));
        } catch (RuntimeException e) {
            throw new CryptoException("Invalid keys for the HPKE suite.", e);
        }
    }

    /// `SetupBaseR` (RFC 9180 §5.1.1).
    static Exporter receive(Suite suite, Bytes enc, SecretBytes privateKey, Bytes publicKey, Bytes info)
            throws CryptoException {
        // Outside of the try: a closed own key is no fault of the input.
        var revealed = privateKey.reveal();
        try {
            var hpke = suite.open();
            AsymmetricCipherKeyPair pair = hpke.deserializePrivateKey(revealed, publicKey.shared());
            return exporter(hpke.setupBaseR(enc.shared(), pair, info.shared()));
        } catch (RuntimeException e) {
            throw new CryptoException("Invalid encapsulated key for the HPKE suite.", e);
        }
    }

    /// The public key of an X-Wing seed (draft-connolly-cfrg-xwing-kem, `expandDecapsulationKey`).
    ///
    /// @param seed 32 bytes
    /// @return 1216 bytes
    static Bytes xwingPublicKey(SecretBytes seed) {
        var hpke = Suite.XWING.open();
        // Bouncy Castle derives the public key from the seed if none is given.
        var pair = hpke.deserializePrivateKey(seed.reveal(), null);
        return Bytes.of(hpke.serializePublicKey(pair.getPublic()));
    }

    /// @return whether the bytes decode as an X-Wing public key (lengths and ML-KEM modulus check, FIPS 203
    ///     §7.2)
    static boolean isXwingPublicKey(Bytes publicKey) {
        try {
            Suite.XWING.open().deserializePublicKey(publicKey.shared());
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /// The public key of an Ed25519 seed (RFC 8032 §5.1.5).
    static Bytes ed25519PublicKey(SecretBytes seed) {
        var publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed.reveal(), 0, publicKey, 0);
        return Bytes.of(publicKey);
    }

    /// Signs with Ed25519 (RFC 8032 §5.1.6).
    static Bytes ed25519Sign(SecretBytes seed, Bytes message) {
        var signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed.reveal(), 0, message.shared(), 0, message.size(), signature, 0);
        return Bytes.of(signature);
    }

    /// Verifies with Ed25519 (RFC 8032 §5.1.7).
    static boolean ed25519Verify(Bytes publicKey, Bytes message, Bytes signature) {
        return publicKey.size() == Ed25519.PUBLIC_KEY_SIZE
                && signature.size() == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature.shared(), 0, publicKey.shared(), 0, message.shared(), 0, message.size());
    }

    /// @return whether the bytes encode a point of full order on the curve
    static boolean isEd25519PublicKey(Bytes publicKey) {
        return publicKey.size() == Ed25519.PUBLIC_KEY_SIZE && Ed25519.validatePublicKeyFull(publicKey.shared(), 0);
    }

    /// The output of an extendable-output function.
    interface Output {
        /// Overwrites `target` with the next bytes.
        void next(byte[] target);
    }

    /// SHAKE-256 (FIPS 202 §6.2) over one message.
    static Output shake256(Bytes message) {
        var shake = new SHAKEDigest(256);
        shake.update(message.shared(), 0, message.size());
        return target -> shake.doOutput(target, 0, target.length);
    }

    /// BLAKE2b without key (RFC 7693) over one message.
    ///
    /// @param size bytes wanted, 1 … 64
    static Bytes blake2b(Bytes message, int size) {
        var blake = new Blake2bDigest(8 * size);
        blake.update(message.shared(), 0, message.size());
        var digest = new byte[size];
        blake.doFinal(digest, 0);
        return Bytes.of(digest);
    }

    private static Exporter exporter(HPKEContext context) {
        return new Dismantled(context).exporter();
    }

    /// Extracts the exporter secret from the provider's context, which cannot wipe it.
    private static final class Dismantled extends HPKEContextWithEncapsulation {
        Dismantled(HPKEContext context) {
            super(context, new byte[0]);
        }

        Exporter exporter() {
            var secret = SecretBytes.copyOf(exporterSecret);
            Arrays.fill(exporterSecret, (byte) 0);
            return new Exporter(secret, Bytes.of(suiteId));
        }
    }
}
