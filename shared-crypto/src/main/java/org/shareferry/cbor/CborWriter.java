// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cbor;

import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORGenerator;

/// Writes deterministic CBOR (RFC 8949 §4.2.1): shortest integers, definite lengths. The caller writes the
/// keys of a map in ascending order.
public final class CborWriter {
    private static final CBORFactory FACTORY = new CBORFactory();
    private static final int SMALL = 512;

    private final BytesOutput out;
    private final CBORGenerator generator;

    /// Writes some items.
    public interface Content {
        /// @throws JacksonException never in practice: everything goes to memory
        void writeTo(CborWriter writer);
    }

    private CborWriter(int expected) {
        out = new BytesOutput(expected);
        generator = (CBORGenerator) FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /// @return the bytes that `content` writes
    public static Bytes encode(Content content) {
        return encode(SMALL, content);
    }

    /// @param expected the expected number of bytes, or slightly more; for large content
    /// @return the bytes that `content` writes
    public static Bytes encode(int expected, Content content) {
        var writer = new CborWriter(expected);
        content.writeTo(writer);
        writer.generator.close();
        return writer.out.written();
    }

    /// Begins a map with unsigned integers as keys.
    public CborWriter map(int size) {
        generator.writeStartObject(null, size);
        return this;
    }

    /// Ends the innermost map.
    public CborWriter endMap() {
        generator.writeEndObject();
        return this;
    }

    /// Writes a map's integer key.
    public CborWriter key(int key) {
        generator.writePropertyId(key);
        return this;
    }

    /// Writes a map's text key.
    public CborWriter key(String key) {
        generator.writeName(key);
        return this;
    }

    /// Begins an array.
    public CborWriter array(int size) {
        generator.writeStartArray(null, size);
        return this;
    }

    /// Ends the innermost array.
    public CborWriter endArray() {
        generator.writeEndArray();
        return this;
    }

    /// Writes an integer in its shortest form.
    public CborWriter integer(long value) {
        generator.writeNumber(value);
        return this;
    }

    /// Writes a byte string.
    public CborWriter bytes(Bytes value) {
        generator.writeBinary(value.stream(), value.size());
        return this;
    }

    /// Writes a text string.
    public CborWriter text(String value) {
        generator.writeString(value);
        return this;
    }

    /// Writes true or false.
    public CborWriter bool(boolean value) {
        generator.writeBoolean(value);
        return this;
    }
}
