// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// The name of a public key: SHA-256 over its SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7). Always
/// computed from the key, never believed; what arrives in a message is only compared with it.
/// `openssl pkey -pubin -in key.pub -outform DER | sha256sum` prints the same for an identity key.
///
/// @param digest 32 bytes
public record KeyId(Bytes digest) {
    public KeyId {
        if (digest.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A key id has 32 bytes, not " + digest.size() + ".");
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
