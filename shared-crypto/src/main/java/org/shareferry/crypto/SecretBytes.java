// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// Secret bytes: keys, coin shares before their release, plaintext of shares. It prints as `[redacted]`, is
/// compared in constant time, and is wiped by [#close()]. Its content is accessible only through [#reveal()], so
/// that one search finds every place that reads a secret.
public final class SecretBytes implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] content;
    private boolean closed;

    private SecretBytes(byte[] content) {
        this.content = content;
    }

    /// @param content copied; the caller must wipe its own array
    public static SecretBytes copyOf(byte[] content) {
        return new SecretBytes(content.clone());
    }

    /// @param content used without a copy; the caller must not use the array again
    public static SecretBytes takeOver(byte[] content) {
        return new SecretBytes(content);
    }

    /// @param one closed by the caller
    /// @param other closed by the caller
    /// @return the concatenated bytes; the caller closes them
    public static SecretBytes join(SecretBytes one, SecretBytes other) {
        var joined = Arrays.copyOf(one.reveal(), Math.addExact(one.size(), other.size()));
        System.arraycopy(other.reveal(), 0, joined, one.size(), other.size());
        return new SecretBytes(joined);
    }

    /// @return `size` fresh bytes of the platform's cryptographic random number generator
    public static SecretBytes random(int size) {
        var content = new byte[size];
        RANDOM.nextBytes(content);
        return new SecretBytes(content);
    }

    /// Returns the internal array instead of a copy, so that only one array must be wiped. Do not change or keep
    /// it.
    ///
    /// @throws IllegalStateException when already closed
    public byte[] reveal() {
        if (closed) {
            throw new IllegalStateException("These secret bytes are closed.");
        }
        return content;
    }

    /// @return the number of bytes
    public int size() {
        return content.length;
    }

    /// Overwrites the content with zeros. May be called more than once.
    @Override
    public void close() {
        closed = true;
        Arrays.fill(content, (byte) 0);
    }

    /// Compares in constant time for a given size.
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(content, that.content);
    }

    /// Depends only on the size, because a hash of the content would leak information.
    @Override
    public int hashCode() {
        return content.length;
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
