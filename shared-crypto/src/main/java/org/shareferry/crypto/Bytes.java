// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// Public bytes, immutable and compared by value: header bytes, ciphertexts, public keys, digests. Secrets are
/// [SecretBytes].
public final class Bytes {
    private static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /// @return no bytes
    public static Bytes empty() {
        return EMPTY;
    }

    /// @return the number as 8 bytes, little-endian
    public static Bytes ofWord(long value) {
        return new Bytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    /// @param content any bytes; copied
    public static Bytes of(byte... content) {
        return new Bytes(content.clone());
    }

    /// @param content used without a copy; for this package's primitives, which do not use it again
    static Bytes takeOver(byte[] content) {
        return new Bytes(content);
    }

    /// @return bytes `from` (inclusive) to `to` (exclusive) of `content`, copied
    public static Bytes ofRange(byte[] content, int from, int to) {
        return new Bytes(Arrays.copyOfRange(content, from, to));
    }

    /// @param text characters of US-ASCII only, as in all labels
    public static Bytes ascii(String text) {
        return new Bytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// @param hex an even number of hex digits, either case, no separators
    /// @throws IllegalArgumentException for anything else
    public static Bytes fromHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    /// @param text base64url without padding (RFC 4648 §5), with zero padding bits (§3.5), so that each value has
    ///     exactly one encoding
    /// @throws IllegalArgumentException for anything else
    public static Bytes fromBase64Url(String text) {
        var bytes = new Bytes(Base64.getUrlDecoder().decode(text));
        if (!bytes.toBase64Url().equals(text)) {
            throw new IllegalArgumentException("Not base64url without padding.");
        }
        return bytes;
    }

    /// @return a copy of the content
    public byte[] toArray() {
        return content.clone();
    }

    /// @return a stream of the content, without a copy
    public InputStream stream() {
        return new ByteArrayInputStream(content);
    }

    /// @return byte `index`, as 0 … 255
    public int at(int index) {
        return content[index] & 0xff;
    }

    /// @return bytes `from` (inclusive) to `to` (exclusive): a copy, or this object for the whole range
    public Bytes range(int from, int to) {
        return from == 0 && to == content.length ? this : ofRange(content, from, to);
    }

    /// @return the number of bytes
    public int size() {
        return content.length;
    }

    /// @return lower-case hex digits
    public String toHex() {
        return HexFormat.of().formatHex(content);
    }

    /// @return base64url without padding (RFC 4648 §5)
    public String toBase64Url() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    /// The internal array, for this package's primitives, which do not change it.
    byte[] shared() {
        return content;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    /// The content in hex if it has up to 32 bytes, otherwise the size.
    @Override
    public String toString() {
        return content.length <= 32 ? toHex() : content.length + " bytes";
    }
}
