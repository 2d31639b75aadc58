// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// A client's private X-Wing key, which opens envelopes sealed to its public key. It is stored as its 32-byte seed.
public final class OpeningKey implements AutoCloseable {
    private static final int SEED_SIZE = 32;

    /// PrivateKeyInfo of an X-Wing key up to the seed: id-XWing is 1.3.6.1.4.1.62253.25722.
    private static final Bytes PKCS8_PREFIX = Bytes.fromHex("3034020100300d060b2b0601040183e62d81c87a0420");

    private final SecretBytes seed;
    private final SealingKey sealingKey;

    private OpeningKey(SecretBytes seed) {
        this.seed = seed;
        this.sealingKey = SealingKey.ofOwn(BouncyCastle.xwingPublicKey(seed));
    }

    /// @return a fresh key
    public static OpeningKey generate() {
        return new OpeningKey(SecretBytes.random(SEED_SIZE));
    }

    /// @param pkcs8 the DER of an unencrypted PrivateKeyInfo with the seed as its private key
    /// @throws CryptoException for anything else
    public static OpeningKey fromPkcs8(SecretBytes pkcs8) throws CryptoException {
        return new OpeningKey(FixedLengthKeys.seedOf(pkcs8, PKCS8_PREFIX, SEED_SIZE, "an X-Wing private key"));
    }

    /// @return the DER of an unencrypted PrivateKeyInfo; the caller closes it
    public SecretBytes toPkcs8() {
        return FixedLengthKeys.withSeed(PKCS8_PREFIX, seed);
    }

    /// @return the public key
    public SealingKey sealingKey() {
        return sealingKey;
    }

    SecretBytes seed() {
        return seed;
    }

    @Override
    public void close() {
        seed.close();
    }

    @Override
    public String toString() {
        return "private key of " + sealingKey;
    }
}
