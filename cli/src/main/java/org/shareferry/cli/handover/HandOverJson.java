// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.json.JsonFault;
import org.shareferry.member.MemberName;
import org.shareferry.share.PairwiseKeys;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Hand-overs as JSON, in the form that `POST /v1/deliveries` takes: bytes in base64url without padding, the
/// chunks last.
public final class HandOverJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private HandOverJson() {}

    /// @return the bytes to send, or to keep in a file for their owner only
    public static byte[] write(HandOver handOver) {
        var content = new ByteArrayOutputStream();
        try (var out = JSON.createGenerator(content)) {
            out.writeStartObject();
            writeFacts(out, handOver.facts());
            if (!handOver.pairwiseKeys().isEmpty()) {
                writeKeys(out, handOver.pairwiseKeys());
            }
            out.writeArrayPropertyStart("chunks");
            for (var chunk : handOver.chunks()) {
                out.writeStartObject();
                write(out, "elements", chunk.elements());
                chunk.tail().ifPresent(tail -> write(out, "tail", tail));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return content.toByteArray();
    }

    private static void writeFacts(JsonGenerator out, HandOver.Facts facts) {
        out.writeStringProperty("id", facts.id().toString());
        out.writeStringProperty("recipient", facts.recipient().toString());
        out.writeObjectPropertyStart("domain");
        switch (facts.domain()) {
            case Domain.Ring ring -> {
                out.writeStringProperty("type", "ring");
                out.writeNumberProperty("shareBits", ring.shareBits());
                out.writeNumberProperty("clearBits", ring.clearBits());
            }
            case Domain.PrimeField field -> {
                out.writeStringProperty("type", "prime");
                out.writeStringProperty("modulus", field.modulus().toString());
            }
        }
        out.writeEndObject();
        out.writeStringProperty("scheme", facts.scheme().text());
        out.writeNumberProperty("precision", facts.precision());
        out.writeNumberProperty("label", facts.label());
        out.writeNumberProperty("count", facts.shape().count());
        out.writeNumberProperty("valuesPerChunk", facts.shape().valuesPerChunk());
        out.writeBooleanProperty("macsChecked", facts.macsChecked());
        facts.threshold().ifPresent(threshold -> out.writeNumberProperty("threshold", threshold));
        facts.program().ifPresent(program -> out.writeStringProperty("program", program));
        out.writeArrayPropertyStart("parties");
        facts.parties().forEach(party -> out.writeString(party.toString()));
        out.writeEndArray();
    }

    private static void writeKeys(JsonGenerator out, Map<MemberName, PairwiseKeys.Pair> keys) {
        out.writeArrayPropertyStart("pairwiseKeys");
        keys.forEach((party, pair) -> {
            out.writeStartObject();
            out.writeStringProperty("party", party.toString());
            write(out, "made", pair.made());
            write(out, "received", pair.received());
            out.writeEndObject();
        });
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, String name, SecretBytes bytes) {
        out.writeName(name);
        out.writeBinary(Base64Variants.MODIFIED_FOR_URL, bytes.reveal(), 0, bytes.size());
    }

    /// @param file the output of [#write]
    /// @throws CommandException when it cannot be read
    /// @throws MalformedException when it is not a hand-over
    static HandOver read(Path file) throws CommandException, MalformedException {
        var text = NewFiles.read(file);
        try {
            var root = JSON.readTree(text);
            var keys = new HashMap<MemberName, PairwiseKeys.Pair>();
            for (var node : root.path("pairwiseKeys")) {
                keys.put(
                        MemberName.parse(string(node, "party")),
                        new PairwiseKeys.Pair(bytes(node, "made"), bytes(node, "received")));
            }
            var chunks = new ArrayList<HandOver.Chunk>();
            for (var node : root.path("chunks")) {
                chunks.add(new HandOver.Chunk(
                        bytes(node, "elements"),
                        node.has("tail") ? Optional.of(bytes(node, "tail")) : Optional.empty()));
            }
            return new HandOver(facts(root), keys, chunks);
        } catch (JacksonException e) {
            throw new MalformedException(file + " " + JsonFault.of(e) + "; it should be what shareferry split wrote.");
        } catch (UnfitException e) {
            throw new MalformedException(file + " is not a hand-over: " + e.what + "; compare it with the API.");
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedException(file + " is not a hand-over: id, recipient, domain, scheme, count,"
                    + " valuesPerChunk, a party's name or a key does not have the form that the API takes.");
        }
    }

    private static HandOver.Facts facts(JsonNode root) {
        var parties = new ArrayList<MemberName>();
        for (var party : root.path("parties")) {
            parties.add(MemberName.parse(party.asString("")));
        }
        return new HandOver.Facts(
                DeliveryId.parse(string(root, "id")),
                MemberName.parse(string(root, "recipient")),
                domain(root.path("domain")),
                Scheme.parse(string(root, "scheme")),
                (int) number(root, "precision"),
                number(root, "label"),
                new Shape(number(root, "count"), Math.toIntExact(number(root, "valuesPerChunk"))),
                root.path("macsChecked").asBoolean(false),
                root.has("threshold") ? Optional.of((int) number(root, "threshold")) : Optional.empty(),
                root.has("program") ? Optional.of(string(root, "program")) : Optional.empty(),
                parties);
    }

    private static Domain domain(JsonNode node) {
        return "prime".equals(string(node, "type"))
                ? new Domain.PrimeField(new BigInteger(string(node, "modulus")))
                : new Domain.Ring((int) number(node, "shareBits"), (int) number(node, "clearBits"));
    }

    private static String string(JsonNode node, String name) {
        return node.path(name).asString("");
    }

    private static long number(JsonNode node, String name) {
        if (!node.path(name).isIntegralNumber()) {
            throw new UnfitException("\"" + name + "\" is missing or not an integer");
        }
        if (!node.path(name).canConvertToLong()) {
            throw new UnfitException("\"" + name + "\" is out of range, it has 64 bits");
        }
        return node.path(name).asLong();
    }

    private static SecretBytes bytes(JsonNode node, String name) {
        if (!node.has(name)) {
            throw new UnfitException("\"" + name + "\" is missing");
        }
        var text = string(node, name);
        try {
            if (!text.endsWith("=")) {
                return SecretBytes.takeOver(Base64.getUrlDecoder().decode(text));
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        throw new UnfitException("\"" + name + "\" is not base64url without padding");
    }

    /// Leads out of the depth of a file that is no hand-over.
    private static final class UnfitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String what;

        UnfitException(String what) {
            super(what);
            this.what = what;
        }
    }
}
