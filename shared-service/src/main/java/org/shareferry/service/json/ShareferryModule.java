// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.json;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.function.Function;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.json.JsonFault;
import org.shareferry.member.MemberName;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// Serialization of the project's types. Bytes are base64url without padding in JSON and raw in CBOR; names and ids
/// are text. Malformed input is answered with a problem and never with the parser's message.
public final class ShareferryModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /// Registers all types.
    public ShareferryModule() {
        super("shareferry");
        addSerializer(new BytesWriter());
        addDeserializer(Bytes.class, new BytesReader());
        addSerializer(new EnvelopeWriter());
        addDeserializer(Envelope.class, new EnvelopeReader());
        text(DeliveryId.class, DeliveryId::toString, DeliveryId::parse, "a delivery id");
        text(RunId.class, RunId::toString, RunId::parse, "32 lower-case hex digits");
        text(MemberName.class, MemberName::toString, MemberName::parse, "a member's name such as P0, R0 or C0");
        text(EnvelopeId.class, EnvelopeId::toString, hex -> new EnvelopeId(Bytes.fromHex(hex)), "64 hex digits");
        text(KeyId.class, KeyId::toString, hex -> new KeyId(Bytes.fromHex(hex)), "64 hex digits");
        text(Kind.class, Kind::text, Kind::parse, "values or closing");
        text(Scheme.class, Scheme::text, Scheme::parse, "additive, triple, quintuple, batched, committed or input");
    }

    private <T> void text(Class<T> type, Function<T, String> write, Function<String, T> read, String form) {
        addSerializer(new TextWriter<>(type, write));
        addDeserializer(type, new TextReader<>(type, read, form));
    }

    private static ProblemException malformed(JsonParser parser, String form) {
        var name = parser.currentName();
        var where = name == null
                ? "An item"
                : "The property \"" + JsonFault.printable(name) + "\" near byte "
                        + parser.currentLocation().getByteOffset();
        return new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, where + " must be " + form + "."));
    }

    private static final class TextWriter<T> extends StdSerializer<T> {
        private final transient Function<T, String> write;

        TextWriter(Class<T> type, Function<T, String> write) {
            super(type);
            this.write = write;
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializationContext context) {
            out.writeString(write.apply(value));
        }
    }

    private static final class TextReader<T> extends StdDeserializer<T> {
        private final transient Function<String, T> read;
        private final String form;

        TextReader(Class<T> type, Function<String, T> read, String form) {
            super(type);
            this.read = read;
            this.form = form;
        }

        @Override
        public T deserialize(JsonParser in, DeserializationContext context) {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                throw malformed(in, form);
            }
            try {
                return read.apply(in.getString());
            } catch (IllegalArgumentException e) {
                throw malformed(in, form);
            }
        }
    }

    private static final class BytesWriter extends StdSerializer<Bytes> {
        BytesWriter() {
            super(Bytes.class);
        }

        @Override
        public void serialize(Bytes value, JsonGenerator out, SerializationContext context) {
            out.writeBinary(Base64Variants.MODIFIED_FOR_URL, value.toArray(), 0, value.size());
        }
    }

    private static final class BytesReader extends StdDeserializer<Bytes> {
        BytesReader() {
            super(Bytes.class);
        }

        @Override
        public Bytes deserialize(JsonParser in, DeserializationContext context) {
            return readBytes(in);
        }
    }

    private static Bytes readBytes(JsonParser in) {
        if (in.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
            return Bytes.of(in.getBinaryValue());
        }
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw malformed(in, "base64url without padding");
        }
        try {
            return Bytes.fromBase64Url(in.getString());
        } catch (IllegalArgumentException e) {
            throw malformed(in, "base64url without padding");
        }
    }

    private static final class EnvelopeWriter extends StdSerializer<Envelope> {
        EnvelopeWriter() {
            super(Envelope.class);
        }

        @Override
        public void serialize(Envelope envelope, JsonGenerator out, SerializationContext context) {
            out.writeStartObject(envelope, 4);
            write(out, "enc", envelope.enc());
            write(out, "header", envelope.headerBytes());
            write(out, "signature", envelope.signature());
            write(out, "ciphertext", envelope.ciphertext());
            out.writeEndObject();
        }

        private static void write(JsonGenerator out, String name, Bytes value) {
            out.writeName(name);
            out.writeBinary(Base64Variants.MODIFIED_FOR_URL, value.toArray(), 0, value.size());
        }
    }

    private static final class EnvelopeReader extends StdDeserializer<Envelope> {
        EnvelopeReader() {
            super(Envelope.class);
        }

        private record Parts(Bytes enc, Bytes header, Bytes signature, Bytes ciphertext) {
            /// An envelope is signed and has exactly these parts, even in an answer that may have unknown
            /// properties.
            @JsonAnySetter
            void unknown(String name, Object value) {
                throw new ProblemException(Problem.of(
                        ProblemType.REQUEST_MALFORMED,
                        "An envelope has no property \"" + JsonFault.printable(name) + "\"."));
            }
        }

        @Override
        public Envelope deserialize(JsonParser in, DeserializationContext context) {
            var parts = context.readValue(in, Parts.class);
            if (parts.enc() == null
                    || parts.header() == null
                    || parts.signature() == null
                    || parts.ciphertext() == null) {
                throw new ProblemException(Problem.of(
                        ProblemType.REQUEST_MALFORMED, "An envelope needs header, enc, ciphertext and signature."));
            }
            try {
                return Envelope.of(parts.header(), parts.enc(), parts.ciphertext(), parts.signature());
            } catch (MalformedException e) {
                throw new ProblemException(Problem.of(ProblemType.ENVELOPE_MALFORMED, e.reason()));
            }
        }
    }
}
