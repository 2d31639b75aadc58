// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

/// BLAKE2b with 16 bytes of output (RFC 7693). Used only for fingerprints that MP-SPDZ prints and people compare;
/// this project's own digests are SHA-256.
public final class Blake2b128 {
    private static final int SIZE = 16;

    private Blake2b128() {}

    /// @return 16 bytes, the digest of exactly these bytes
    public static Bytes of(Bytes message) {
        return BouncyCastle.blake2b(message, SIZE);
    }
}
