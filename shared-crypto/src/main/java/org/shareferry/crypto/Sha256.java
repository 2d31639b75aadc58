// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// SHA-256 (FIPS 180-4) of the JDK. One object hashes one message. Not thread-safe.
public final class Sha256 {
    /// Bytes in a digest.
    public static final int SIZE = 32;

    private final MessageDigest digest;

    private Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /// @return an empty hash
    public static Sha256 begin() {
        return new Sha256();
    }

    /// @return the digest of exactly these bytes
    public static Bytes of(Bytes message) {
        return begin().add(message).digest();
    }

    /// @return the digest of label and parts, each preceded by its length as 8 bytes, little-endian
    public static Bytes ofFramed(String label, List<Bytes> parts) {
        return of(Framing.lengthPrefixed(Bytes.ascii(label), parts));
    }

    /// Adds the bytes without their length.
    public Sha256 add(Bytes part) {
        digest.update(part.shared());
        return this;
    }

    /// Adds some bytes of a buffer without their length.
    public Sha256 add(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
        return this;
    }

    /// Adds secret bytes without their length.
    public Sha256 add(SecretBytes part) {
        digest.update(part.reveal());
        return this;
    }

    /// Adds the characters of an ASCII label, without terminator or length.
    public Sha256 addLabel(String label) {
        return add(Bytes.ascii(label));
    }

    /// Adds a number as 8 bytes, little-endian.
    public Sha256 addWord(long word) {
        return add(Bytes.ofWord(word));
    }

    /// Adds one byte.
    ///
    /// @throws IllegalArgumentException when it is not 0 … 255
    public Sha256 addByte(int value) {
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("Not a byte: " + value);
        }
        digest.update((byte) value);
        return this;
    }

    /// @return 32 bytes; the object is reset
    public Bytes digest() {
        return Bytes.of(digest.digest());
    }
}
