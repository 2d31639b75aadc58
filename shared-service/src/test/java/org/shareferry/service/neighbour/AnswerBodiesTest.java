// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Envelope;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.json.ShareferryModule;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Members are upgraded one by one: a neighbour may answer with more than we know.
class AnswerBodiesTest {
    private static final CBORMapper CBOR =
            CBORMapper.builder().addModule(new ShareferryModule()).build();
    private static final AnswerBodies BODIES = new AnswerBodies(CBOR);
    private static final byte[] BYTES = {1, 2};

    private record Pulled(List<Envelope> envelopes) {}

    private static Bytes cbor(Object content) {
        return Bytes.of(CBOR.writeValueAsBytes(content));
    }

    @Test
    void unknown_properties_of_an_answer_are_ignored() {
        var answer = cbor(Map.of("receipt", BYTES, "signature", BYTES, "new", Map.of("a", List.of(1))));

        assertThat(BODIES.read(answer, SignedReceipt.class))
                .contains(new SignedReceipt(Bytes.of(BYTES), Bytes.of(BYTES)));
    }

    @Test
    void an_answer_with_missing_or_malformed_properties_is_refused() {
        assertThat(BODIES.read(cbor(Map.of("receipt", BYTES)), SignedReceipt.class))
                .isEmpty();
        assertThat(BODIES.read(cbor(Map.of("receipt", 1, "signature", BYTES)), SignedReceipt.class))
                .isEmpty();
        assertThat(BODIES.read(Bytes.fromHex("ff"), SignedReceipt.class)).isEmpty();
        assertThat(BODIES.read(Bytes.empty(), SignedReceipt.class)).isEmpty();
    }

    @Test
    void an_envelope_in_an_answer_has_its_four_parts_and_no_other() {
        var envelope = Map.of("enc", BYTES, "header", BYTES, "signature", BYTES, "ciphertext", BYTES, "new", 1);

        assertThat(BODIES.read(cbor(Map.of("envelopes", List.of(), "new", 1)), Pulled.class))
                .contains(new Pulled(List.of()));
        assertThat(BODIES.read(cbor(Map.of("envelopes", List.of(envelope))), Pulled.class))
                .isEmpty();
    }
}
