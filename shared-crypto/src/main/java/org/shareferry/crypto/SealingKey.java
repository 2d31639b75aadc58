// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// A client's public X-Wing key (X25519 + ML-KEM-768, draft-connolly-cfrg-xwing-kem), to which shares are
/// sealed.
public final class SealingKey {
    /// Bytes of the raw key.
    public static final int SIZE = 1216;

    /// SubjectPublicKeyInfo of an X-Wing key up to the key itself: id-XWing is 1.3.6.1.4.1.62253.25722.
    private static final Bytes SPKI_PREFIX = Bytes.fromHex("308204d4300d060b2b0601040183e62d81c87a038204c100");

    private final Bytes raw;
    private final KeyId id;

    private SealingKey(Bytes raw) {
        this.raw = raw;
        this.id = KeyId.ofSubjectPublicKeyInfo(FixedLengthKeys.join(SPKI_PREFIX, raw));
    }

    /// @param raw 1216 bytes: the ML-KEM-768 encapsulation key, then the X25519 public key
    /// @throws CryptoException when they do not encode such keys
    public static SealingKey of(Bytes raw) throws CryptoException {
        if (raw.size() != SIZE || !BouncyCastle.isXwingPublicKey(raw)) {
            throw new CryptoException("Invalid X-Wing public key.");
        }
        return new SealingKey(raw);
    }

    static SealingKey ofOwn(Bytes raw) {
        return new SealingKey(raw);
    }

    /// @return 1216 bytes
    public Bytes raw() {
        return raw;
    }

    /// @return the id computed from this key
    public KeyId id() {
        return id;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealingKey that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return "sealing key " + id;
    }
}
