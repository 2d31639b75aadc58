// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// The body of a hand-over. It is valid by default.
public final class HandOverBody {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final CBORMapper CBOR = CBORMapper.builder().build();

    private final DeliveryId id;
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final List<Map<String, Object>> chunks = new ArrayList<>();

    private HandOverBody(DeliveryId id) {
        this.id = id;
    }

    public static DeliveryId freshId() {
        return new DeliveryId(new RunId(RANDOM.nextLong(), RANDOM.nextLong()), 0);
    }

    /// @return a hand-over in the ring 128/64 without chunks
    public static HandOverBody of(String scheme, long count, int valuesPerChunk) {
        return of(freshId(), scheme, count, valuesPerChunk);
    }

    public static HandOverBody of(DeliveryId id, String scheme, long count, int valuesPerChunk) {
        return new HandOverBody(id)
                .with("id", id.toString())
                .with("recipient", "C0")
                .with("domain", Map.of("type", "ring", "shareBits", 128, "clearBits", 64))
                .with("scheme", scheme)
                .with("precision", 0)
                .with("label", 7)
                .with("count", count)
                .with("valuesPerChunk", valuesPerChunk)
                .with("macsChecked", true);
    }

    /// @return one chunk of two random values
    public static HandOverBody small() {
        return of("additive", 2, 2).chunk(random(32));
    }

    public static byte[] random(int size) {
        var bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /// @return these integers as elements of 16 bytes
    public static byte[] elements(long... values) {
        var buffer = ByteBuffer.allocate(16 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value).putLong(value >> 63);
        }
        return buffer.array();
    }

    public DeliveryId id() {
        return id;
    }

    public HandOverBody with(String property, Object value) {
        properties.put(property, value);
        return this;
    }

    public HandOverBody without(String property) {
        properties.remove(property);
        return this;
    }

    public HandOverBody chunk(byte[] elements) {
        chunks.add(Map.of("elements", elements));
        return this;
    }

    public HandOverBody chunk(byte[] elements, byte[] tail) {
        var chunk = new LinkedHashMap<String, Object>();
        chunk.put("elements", elements);
        chunk.put("tail", tail);
        chunks.add(chunk);
        return this;
    }

    public HandOverBody pairwiseKey(String party, byte[] made, byte[] received) {
        return with("pairwiseKeys", List.of(Map.of("party", party, "made", made, "received", received)));
    }

    private Map<String, Object> all() {
        var all = new LinkedHashMap<>(properties);
        all.put("chunks", chunks);
        return all;
    }

    public byte[] cbor() {
        return CBOR.writeValueAsBytes(all());
    }

    /// @return the head in CBOR, followed by the raw shares
    public byte[] raw() {
        var raw = new ByteArrayOutputStream();
        raw.writeBytes(CBOR.writeValueAsBytes(properties));
        chunks.forEach(chunk -> chunk.values().forEach(shares -> raw.writeBytes((byte[]) shares)));
        return raw.toByteArray();
    }

    public String json() {
        return JSON.writeValueAsString(texts(all()));
    }

    public byte[] jsonBytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    private static Object texts(Object value) {
        return switch (value) {
            case byte[] bytes -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            case Map<?, ?> map -> {
                var texts = new LinkedHashMap<Object, Object>();
                map.forEach((name, item) -> texts.put(name, texts(item)));
                yield texts;
            }
            case List<?> list -> list.stream().map(HandOverBody::texts).toList();
            default -> value;
        };
    }
}
