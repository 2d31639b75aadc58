// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cbor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.cbor.CBORFactory;

/// Parser for the output of [CborWriter]. [#decode] encodes the result again and refuses input with different
/// bytes, so that every value has exactly one encoding.
public final class CborReader {
    private static final CBORFactory FACTORY = new CBORFactory();

    private final JsonParser parser;
    private final String what;
    private String lastKey = "(none)";
    private boolean pushedBack;

    /// The parser of one format.
    ///
    /// @param <T> the parsed type
    public interface Format<T> {
        /// @throws MalformedException when the next item does not match the format
        T read(CborReader reader) throws MalformedException;
    }

    private CborReader(JsonParser parser, String what) {
        this.parser = parser;
        this.what = what;
    }

    /// @param what the format's name with its article, for messages: `an envelope`
    /// @param encoding encodes the result; must return exactly the bytes
    /// @throws MalformedException when the bytes are not a deterministic encoding of the format
    public static <T> T decode(String what, Bytes bytes, Format<T> format, Function<T, Bytes> encoding)
            throws MalformedException {
        T value;
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), bytes.toArray())) {
            var reader = new CborReader(parser, what);
            value = reader.read(format);
        } catch (JacksonException e) {
            throw new MalformedException("This is not " + what + ": it is not well-formed CBOR.");
        }
        if (!encoding.apply(value).equals(bytes)) {
            throw new MalformedException(
                    "This is not " + what + ": its CBOR is not the deterministic encoding (RFC 8949 §4.2.1).");
        }
        return value;
    }

    private <T> T read(Format<T> format) throws MalformedException {
        try {
            return format.read(this);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("This is not " + what + ": field " + lastKey
                    + " is out of range, or contradicts the fields before it.");
        }
    }

    /// Enters a map.
    public CborReader map() throws MalformedException {
        expect(JsonToken.START_OBJECT, "a map");
        return this;
    }

    /// Leaves a map.
    public void endMap() throws MalformedException {
        expect(JsonToken.END_OBJECT, "the end of a map");
    }

    /// Reads the required next key.
    public CborReader key(int key) throws MalformedException {
        return key(Integer.toString(key));
    }

    /// Reads the required next key.
    public CborReader key(String key) throws MalformedException {
        expect(JsonToken.PROPERTY_NAME, "the key " + key);
        if (!key.equals(parser.currentName())) {
            throw malformed("the key " + key);
        }
        lastKey = key;
        return this;
    }

    /// Looks ahead, for fields with two alternative types.
    ///
    /// @return whether the next item is an array
    public boolean startsArray() {
        var token = next();
        pushedBack = true;
        return token == JsonToken.START_ARRAY;
    }

    /// Enters an array.
    public CborReader array() throws MalformedException {
        expect(JsonToken.START_ARRAY, "an array");
        return this;
    }

    /// Leaves an array.
    public void endArray() throws MalformedException {
        expect(JsonToken.END_ARRAY, "the end of an array");
    }

    /// Reads an array of items of one format.
    ///
    /// @param limit the maximum number of items
    public <T> List<T> list(int limit, Format<T> item) throws MalformedException {
        array();
        var items = new ArrayList<T>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (items.size() == limit || parser.currentToken() == null) {
                throw malformed("an array of at most " + limit + " items");
            }
            pushedBack = true;
            items.add(item.read(this));
        }
        return List.copyOf(items);
    }

    /// Reads an integer of 64 bits, signed.
    public long integer() throws MalformedException {
        expect(JsonToken.VALUE_NUMBER_INT, "an integer");
        return parser.getLongValue();
    }

    /// Reads an integer from 0 up to 2^31 - 1.
    public int size() throws MalformedException {
        var value = integer();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw malformed("an integer from 0 to 2^31 - 1");
        }
        return (int) value;
    }

    /// Reads a byte string.
    public Bytes bytes() throws MalformedException {
        expect(JsonToken.VALUE_EMBEDDED_OBJECT, "a byte string");
        // CBOR's undefined is an embedded object too, but without bytes.
        byte @Nullable [] content = parser.getBinaryValue();
        if (content == null) {
            throw malformed("a byte string");
        }
        return Bytes.of(content);
    }

    /// Reads a text string.
    public String text() throws MalformedException {
        expect(JsonToken.VALUE_STRING, "a text string");
        return parser.getString();
    }

    /// Reads true or false.
    public boolean bool() throws MalformedException {
        var token = next();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw malformed("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private @Nullable JsonToken next() {
        if (pushedBack) {
            pushedBack = false;
            return parser.currentToken();
        }
        return parser.nextToken();
    }

    private void expect(JsonToken token, String wanted) throws MalformedException {
        if (next() != token) {
            throw malformed(wanted);
        }
    }

    private MalformedException malformed(String wanted) {
        return new MalformedException("This is not " + what + ": " + wanted + " was expected near byte "
                + Math.max(0, parser.currentLocation().getByteOffset()) + ".");
    }
}
