// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.List;

/// A member's long-lived Ed25519 public key (RFC 8032), as the roster pins it.
public final class IdentityPublicKey {
    /// Bytes of the raw key.
    public static final int SIZE = 32;

    /// SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 §4).
    private static final Bytes SPKI_PREFIX = Bytes.fromHex("302a300506032b6570032100");

    private final Bytes raw;
    private final KeyId id;

    private IdentityPublicKey(Bytes raw) {
        this.raw = raw;
        this.id = KeyId.ofSubjectPublicKeyInfo(FixedLengthKeys.join(SPKI_PREFIX, raw));
    }

    /// @param raw 32 bytes as RFC 8032 §5.1.2 encodes a point
    /// @throws CryptoException when they do not encode a point, or one of small order
    public static IdentityPublicKey of(Bytes raw) throws CryptoException {
        if (!BouncyCastle.isEd25519PublicKey(raw)) {
            throw new CryptoException("Invalid Ed25519 public key.");
        }
        return new IdentityPublicKey(raw);
    }

    static IdentityPublicKey ofOwn(Bytes raw) {
        return new IdentityPublicKey(raw);
    }

    /// @return 32 bytes
    public Bytes raw() {
        return raw;
    }

    /// @return the id computed from this key
    public KeyId id() {
        return id;
    }

    /// @param context the required purpose of the signature
    /// @param parts the signed parts, in order
    /// @return whether the holder of this key signed exactly these parts for this purpose
    public boolean verifies(SigningContext context, List<Bytes> parts, Bytes signature) {
        return BouncyCastle.ed25519Verify(raw, context.message(parts), signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityPublicKey that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return "identity key " + id;
    }
}
