// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// Secret bytes: keys, coin shares before their release, plaintext of shares. Prints as `[redacted]`, is
/// compared in constant time, is wiped on [#close()], and its content leaves only through [#reveal()], so
/// that one search finds every place where a secret is read.
public final class SecretBytes implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] content;
    private boolean closed;

    private SecretBytes(byte[] content) {
        this.content = content;
    }

    /// @param content copied; the caller stays responsible for wiping its own array
    public static SecretBytes copyOf(byte[] content) {
        return new SecretBytes(content.clone());
    }

    /// @param content taken over without a copy: the caller must not use the array again
    public static SecretBytes takeOver(byte[] content) {
        return new SecretBytes(content);
    }

    /// @param one stays the caller's to close
    /// @param other stays the caller's to close
    /// @return the bytes of both, one after the other; the caller closes them
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

    /// The content itself, not a copy, so that there is one place to wipe. Do not change or keep it.
    ///
    /// @throws IllegalStateException when already closed
    public byte[] reveal() {
        if (closed) {
            throw new IllegalStateException("These secret bytes were closed and wiped.");
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

    /// Compares in time that depends on the sizes only.
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(content, that.content);
    }

    /// Depends on the size only: a hash code of the content would give it away.
    @Override
    public int hashCode() {
        return content.length;
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
