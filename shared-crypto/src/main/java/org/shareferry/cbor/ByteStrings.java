// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cbor;

import java.nio.charset.StandardCharsets;
import org.shareferry.crypto.Bytes;

/// Parser for maps and arrays of byte strings in deterministic CBOR (RFC 8949 §4.2.1). It refuses any other
/// encoding while it reads, so nothing has to be encoded again for comparison, and each byte string is copied only
/// once. It is meant for envelopes and bundles, which are large; use [CborReader] for everything else.
public final class ByteStrings {
    private static final int BYTE_STRING = 2;
    private static final int TEXT_STRING = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;

    private final String what;
    private final Bytes source;
    private int at;

    /// @param what the format's name with its article, for messages: `an envelope`
    public ByteStrings(String what, Bytes source) {
        this.what = what;
        this.source = source;
    }

    /// Enters a map with this number of entries.
    public ByteStrings map(int entries) throws MalformedException {
        if (head(MAP, "a map") != entries) {
            throw malformed("a map of " + entries + " entries");
        }
        return this;
    }

    /// Enters an array.
    /// @param limit the maximum number of items
    /// @return the number of items
    public int array(int limit) throws MalformedException {
        long items = head(ARRAY, "an array");
        if (items > limit) {
            throw malformed("an array of at most " + limit + " items");
        }
        return (int) items;
    }

    /// Reads the required next key.
    public ByteStrings key(String key) throws MalformedException {
        long length = head(TEXT_STRING, "the key " + key);
        if (!take(length, "the key " + key).equals(Bytes.of(key.getBytes(StandardCharsets.US_ASCII)))) {
            throw malformed("the key " + key);
        }
        return this;
    }

    /// Reads a byte string.
    public Bytes bytes() throws MalformedException {
        return take(head(BYTE_STRING, "a byte string"), "a byte string");
    }

    /// @return the number of bytes read
    public int position() {
        return at;
    }

    /// @param from a position before this one
    /// @return the bytes read since then
    public Bytes since(int from) {
        return source.range(from, at);
    }

    /// @throws MalformedException when data follows
    public void end() throws MalformedException {
        if (at != source.size()) {
            throw malformed("the end");
        }
    }

    /// @return the length or count of an item of this major type, in its shortest form
    private long head(int majorType, String wanted) throws MalformedException {
        int initial = next(wanted);
        int additional = initial & 0x1f;
        if (initial >> 5 != majorType || additional > 26) {
            throw malformed(wanted);
        }
        if (additional < 24) {
            return additional;
        }
        long value = 0;
        for (int left = 1 << (additional - 24); left > 0; left--) {
            value = value << 8 | next(wanted);
        }
        long shorter = additional == 24 ? 24 : 1L << (8 << (additional - 25));
        if (value < shorter) {
            throw malformed("the shortest form of a length");
        }
        return value;
    }

    private int next(String wanted) throws MalformedException {
        if (at == source.size()) {
            throw malformed(wanted);
        }
        return source.at(at++);
    }

    private Bytes take(long length, String wanted) throws MalformedException {
        if (length > source.size() - at) {
            throw malformed(wanted);
        }
        at += (int) length;
        return source.range(at - (int) length, at);
    }

    private MalformedException malformed(String wanted) {
        return new MalformedException("This is not " + what + ": " + wanted + " was expected near byte " + at + ".");
    }
}
