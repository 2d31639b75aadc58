// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.List;

/// A member's own Ed25519 private key (RFC 8032). Signs envelopes, key announcements and receipts.
public final class IdentityKey implements AutoCloseable {
    private static final int SEED_SIZE = 32;

    /// PrivateKeyInfo of an Ed25519 key up to the seed (RFC 8410 §7).
    private static final Bytes PKCS8_PREFIX = Bytes.fromHex("302e020100300506032b657004220420");

    private final SecretBytes seed;
    private final IdentityPublicKey publicKey;

    private IdentityKey(SecretBytes seed) {
        this.seed = seed;
        this.publicKey = IdentityPublicKey.ofOwn(BouncyCastle.ed25519PublicKey(seed));
    }

    /// @return a fresh key
    public static IdentityKey generate() {
        return new IdentityKey(SecretBytes.random(SEED_SIZE));
    }

    /// @param pkcs8 the DER of an unencrypted PrivateKeyInfo (RFC 8410 §7), as `openssl genpkey -algorithm
    ///     ed25519` writes it
    /// @throws CryptoException for anything else
    public static IdentityKey fromPkcs8(SecretBytes pkcs8) throws CryptoException {
        return new IdentityKey(FixedLengthKeys.seedOf(pkcs8, PKCS8_PREFIX, SEED_SIZE, "an Ed25519 private key"));
    }

    /// @return the DER of an unencrypted PrivateKeyInfo; the caller closes it
    public SecretBytes toPkcs8() {
        return FixedLengthKeys.withSeed(PKCS8_PREFIX, seed);
    }

    /// @return the public key
    public IdentityPublicKey publicKey() {
        return publicKey;
    }

    /// @param context the purpose of the signature
    /// @param parts to sign, in order; each is length-prefixed
    /// @return 64 bytes
    public Bytes sign(SigningContext context, List<Bytes> parts) {
        return BouncyCastle.ed25519Sign(seed, context.message(parts));
    }

    @Override
    public void close() {
        seed.close();
    }

    @Override
    public String toString() {
        return "private key of " + publicKey;
    }
}
