// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.shareferry.party.HandOverBody;
import org.shareferry.party.handover.rest.BodyReader.Form;
import org.shareferry.party.handover.rest.BodyReader.Step;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Damaged bodies are read or rejected with a problem; no other exception is thrown.
class HandOverFuzz {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final CBORMapper CBOR = CBORMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @RepeatedTest(40)
    void damaged_hand_overs_are_read_or_rejected(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var right = HandOverBody.of("batched", 2, 2)
                .with("parties", List.of("P0", "P1"))
                .pairwiseKey("P0", HandOverBody.random(16), HandOverBody.random(16))
                .chunk(HandOverBody.random(64), HandOverBody.random(48));
        for (int i = 0; i < 250; i++) {
            var json = damaged(right.jsonBytes(), random);
            var cbor = damaged(right.cbor(), random);
            read(() -> JSON.createParser(new ByteArrayInputStream(json)), Form.JSON);
            read(() -> CBOR.createParser(new ByteArrayInputStream(cbor)), Form.CBOR);
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
    }

    private static void read(Step<JsonParser> parser, Form form) {
        try (var in = BodyReader.open(parser, form);
                var head = HeadReader.read(in)) {
            assertThat(head.shape().count()).isPositive();
            while (in.nextObject("Chunks")) {
                for (var name = in.nextName(); name.isPresent(); name = in.nextName()) {
                    in.bytes(name.get(), "elements".equals(name.get()) ? 64 : 48)
                            .close();
                }
            }
        } catch (InvalidHandOverException e) {
            assertThat(e.problem().detail()).isNotBlank();
        }
    }
}
