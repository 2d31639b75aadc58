// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.json.JsonFault;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/// Strict reader for the tokens of a body, for JSON and CBOR alike. Its error messages name properties of the format
/// and positions, never values of the body.
final class BodyReader implements AutoCloseable {
    private final JsonParser parser;
    private final Form form;

    /// The encoding of bytes in the body.
    enum Form {
        /// Text in base64url without padding.
        JSON(JsonToken.VALUE_STRING, "base64url without padding"),
        /// A byte string.
        CBOR(JsonToken.VALUE_EMBEDDED_OBJECT, "a byte string");

        private final JsonToken token;
        private final String words;

        Form(JsonToken token, String words) {
            this.token = token;
            this.words = words;
        }
    }

    private BodyReader(JsonParser parser, Form form) {
        this.parser = parser;
        this.form = form;
    }

    /// @param parser creates the parser; it may read the body's first bytes
    static BodyReader open(Step<JsonParser> parser, Form form) throws InvalidHandOverException {
        try {
            return new BodyReader(parser.take(), form);
        } catch (JacksonException e) {
            throw InvalidHandOverException.malformed(
                    "The body ended at its beginning, or does not begin like " + form + ".");
        }
    }

    /// A step that may fail on malformed input.
    interface Step<T> {
        T take();
    }

    private <T> T step(Step<T> step) throws InvalidHandOverException {
        try {
            return step.take();
        } catch (JacksonException e) {
            throw InvalidHandOverException.malformed("The " + form + " body " + JsonFault.of(e) + ".");
        }
    }

    private long position() {
        return Math.max(0, parser.currentLocation().getByteOffset());
    }

    private JsonToken next() throws InvalidHandOverException {
        var token = step(parser::nextToken);
        if (token == null) {
            throw InvalidHandOverException.malformed("The body ends before it is complete.");
        }
        return token;
    }

    private void expect(JsonToken token, String what) throws InvalidHandOverException {
        if (next() != token) {
            throw InvalidHandOverException.malformed("Expected " + what + " near byte " + position() + ".");
        }
    }

    /// Enters an object.
    /// @param what its name for messages, with an article
    void object(String what) throws InvalidHandOverException {
        expect(JsonToken.START_OBJECT, what + ", an object,");
    }

    /// Enters an array.
    void array(String what) throws InvalidHandOverException {
        expect(JsonToken.START_ARRAY, what + ", an array,");
    }

    /// @return whether the array has another object; if so, it is entered
    boolean nextObject(String what) throws InvalidHandOverException {
        return switch (next()) {
            case START_OBJECT -> true;
            case END_ARRAY -> false;
            default ->
                throw InvalidHandOverException.malformed(what + " must be objects, near byte " + position() + ".");
        };
    }

    /// @return whether the array has another string; if so, [#currentText] returns it
    boolean nextText(String what) throws InvalidHandOverException {
        return switch (next()) {
            case VALUE_STRING -> true;
            case END_ARRAY -> false;
            default ->
                throw InvalidHandOverException.malformed(what + " must be strings, near byte " + position() + ".");
        };
    }

    String currentText() throws InvalidHandOverException {
        return step(parser::getString);
    }

    /// @return the name of an object's next property, or nothing at its end
    Optional<String> nextName() throws InvalidHandOverException {
        return switch (next()) {
            case PROPERTY_NAME -> Optional.of(step(parser::currentName));
            case END_OBJECT -> Optional.empty();
            default ->
                throw InvalidHandOverException.malformed("A property was expected near byte " + position() + ".");
        };
    }

    String text(String property) throws InvalidHandOverException {
        expect(JsonToken.VALUE_STRING, "a string for \"" + property + "\"");
        return step(parser::getString);
    }

    long integer(String property) throws InvalidHandOverException {
        expect(JsonToken.VALUE_NUMBER_INT, "an integer for \"" + property + "\"");
        try {
            return parser.getLongValue();
        } catch (InputCoercionException e) {
            throw InvalidHandOverException.malformed("The number of \"" + property + "\" near byte " + position()
                    + " is out of range: integers have 64 bits.");
        }
    }

    boolean bool(String property) throws InvalidHandOverException {
        return switch (next()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default ->
                throw InvalidHandOverException.malformed(
                        "Expected true or false for \"" + property + "\" near byte " + position() + ".");
        };
    }

    /// Reads bytes without creating a String.
    /// @param what the name of the content, for messages
    /// @param size the required number of bytes
    /// @return the bytes; the caller closes them
    SecretBytes bytes(String what, int size) throws InvalidHandOverException {
        expect(form.token, form.words + " for " + what);
        try (var sink = new ShareSink(size)) {
            readBinary(what, sink);
            if (!sink.isFull()) {
                throw InvalidHandOverException.unfit(
                        "Expected " + size + " bytes of " + what + ", not " + sink.size() + ".");
            }
            return sink.take();
        }
    }

    private void readBinary(String what, ShareSink sink) throws InvalidHandOverException {
        try {
            parser.readBinaryValue(Base64Variants.MODIFIED_FOR_URL, sink);
        } catch (UnexpectedEndOfInputException | JacksonIOException e) {
            throw InvalidHandOverException.malformed("The " + form + " body " + JsonFault.of(e) + ".");
        } catch (JacksonException e) {
            throw InvalidHandOverException.malformed(
                    "Expected " + form.words + " for " + what + ", near byte " + position() + ".");
        }
    }

    /// Checks that nothing follows.
    void end() throws InvalidHandOverException {
        if (step(parser::nextToken) != null) {
            throw InvalidHandOverException.malformed(
                    "Unexpected data after the hand-over, near byte " + position() + ".");
        }
    }

    /// Returns the stream after the value that was read last.
    /// @param body the stream that the parser reads
    InputStream rest(InputStream body) {
        var buffered = new ByteArrayOutputStream();
        parser.releaseBuffered(buffered);
        return new SequenceInputStream(new ByteArrayInputStream(buffered.toByteArray()), body);
    }

    /// @param name as received; only printable characters of it are returned
    static InvalidHandOverException unknown(String what, String name) {
        return InvalidHandOverException.malformed(what + " has no property \"" + JsonFault.printable(name) + "\".");
    }

    @Override
    public void close() {
        parser.close();
    }
}
