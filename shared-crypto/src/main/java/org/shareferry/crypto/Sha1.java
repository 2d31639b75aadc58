// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-1 (FIPS 180-4). Used only for the names of OpenSSL's links to certificates; it protects nothing.
public final class Sha1 {
    private Sha1() {}

    /// @return 20 bytes, the digest of exactly these bytes
    public static Bytes of(Bytes message) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-1").digest(message.shared()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1.", e);
        }
    }
}
