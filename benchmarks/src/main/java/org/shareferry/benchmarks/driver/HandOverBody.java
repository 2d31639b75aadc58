// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.member.MemberName;
import tools.jackson.core.JsonGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

/// One party's hand-overs as `POST /v1/deliveries` takes them in CBOR. All chunks hold the same shares, so that a
/// hand-over of any length takes no memory, and making it hardly any of the time that is measured.
final class HandOverBody {
    static final String TYPE = "application/cbor";

    private static final CBORMapper CBOR = new CBORMapper();
    private static final byte[] BEGIN_ARRAY = {(byte) 0x9F};
    private static final byte[] END_ARRAY_AND_OBJECT = {(byte) 0xFF, (byte) 0xFF};
    private static final byte[] PAIRWISE_KEY = new byte[16];

    private final byte[] head;
    private final int idAt;
    private final byte[] chunk;
    private final int chunks;

    /// @param form an id that is as long as all those that will be handed over
    /// @param parties all
    /// @param party whose number it is in them
    /// @param values in each chunk
    HandOverBody(DeliveryId form, List<MemberName> parties, int party, BatchedShares dealt, int values, int chunks) {
        this.chunks = chunks;
        head = head(form, parties, party, values);
        idAt = new String(head, StandardCharsets.ISO_8859_1).indexOf(form.toString());
        chunk = chunk(
                dealt.elements().get(party).reveal(), dealt.tail().get(party).reveal());
    }

    private byte[] head(DeliveryId form, List<MemberName> parties, int party, int values) {
        var content = new ByteArrayOutputStream();
        var out = CBOR.createGenerator(content);
        out.writeStartObject();
        out.writeStringProperty("id", form.toString());
        out.writeStringProperty("recipient", BenchSite.CLIENT.toString());
        out.writeObjectPropertyStart("domain");
        out.writeStringProperty("type", "ring");
        out.writeNumberProperty("shareBits", 128);
        out.writeNumberProperty("clearBits", 64);
        out.writeEndObject();
        out.writeStringProperty("scheme", "batched");
        out.writeNumberProperty("count", (long) values * chunks);
        out.writeNumberProperty("valuesPerChunk", values);
        out.writeBooleanProperty("macsChecked", true);
        out.writeArrayPropertyStart("pairwiseKeys");
        IntStream.range(0, parties.size())
                .filter(other -> other != party)
                .forEach(other -> writeKeys(out, parties.get(other)));
        out.writeEndArray();
        out.writeName("chunks");
        out.flush();
        content.writeBytes(BEGIN_ARRAY);
        return content.toByteArray();
    }

    /// Real ones are random and differ from run to run; what they are takes no more or less time.
    private static void writeKeys(JsonGenerator out, MemberName other) {
        out.writeStartObject();
        out.writeStringProperty("party", other.toString());
        out.writeBinaryProperty("made", PAIRWISE_KEY);
        out.writeBinaryProperty("received", PAIRWISE_KEY);
        out.writeEndObject();
    }

    private static byte[] chunk(byte[] elements, byte[] tail) {
        var content = new ByteArrayOutputStream();
        try (var out = CBOR.createGenerator(content)) {
            out.writeStartObject();
            out.writeBinaryProperty("elements", elements);
            out.writeBinaryProperty("tail", tail);
            out.writeEndObject();
        }
        return content.toByteArray();
    }

    /// @return what can be sent several times
    BodyPublisher of(DeliveryId delivery) {
        var begin = head.clone();
        var id = delivery.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(id, 0, begin, idAt, id.length);
        if (chunks == 1) {
            return BodyPublishers.concat(
                    BodyPublishers.ofByteArray(begin),
                    BodyPublishers.ofByteArray(chunk),
                    BodyPublishers.ofByteArray(END_ARRAY_AND_OBJECT));
        }
        return BodyPublishers.ofInputStream(() -> stream(begin));
    }

    /// All parts share one array of the chunk.
    private InputStream stream(byte[] begin) {
        var parts = new ArrayList<InputStream>();
        parts.add(new ByteArrayInputStream(begin));
        for (int i = 0; i < chunks; i++) {
            parts.add(new ByteArrayInputStream(chunk));
        }
        parts.add(new ByteArrayInputStream(END_ARRAY_AND_OBJECT));
        return new SequenceInputStream(Collections.enumeration(parts));
    }
}
