// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// The id of a public key: SHA-256 of its SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7). It is always computed
/// from the key; ids in messages are only compared with it. `openssl pkey -pubin -in key.pub -outform DER |
/// sha256sum` prints the same for an identity key.
///
/// @param digest 32 bytes
public record KeyId(Bytes digest) {
    public KeyId {
        if (digest.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A key id must have 32 bytes, not " + digest.size() + ".");
        }
    }

    static KeyId ofSubjectPublicKeyInfo(Bytes der) {
        return new KeyId(Sha256.of(der));
    }

    @Override
    public String toString() {
        return digest.toHex();
    }
}
