// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Bytes;

class BundleTest {
    private static Envelope envelope() throws Exception {
        var header = SampleHeader.start().header();
        return Envelope.of(
                header.encode(),
                Bytes.of(new byte[Envelope.ENC_SIZE]),
                Bytes.of(new byte[header.bodySize() + BodyKey.TAG_SIZE]),
                Bytes.of(new byte[Envelope.SIGNATURE_SIZE]));
    }

    /// The sizes at which CBOR writes an array's length in another form, too.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 23, 24, 255, 256})
    void a_head_and_the_encodings_of_envelopes_are_the_encoding_of_their_bundle(int parties) throws Exception {
        List<Envelope> envelopes = new ArrayList<>(Collections.nCopies(parties, envelope()));
        var joined = new ByteArrayOutputStream();
        joined.writeBytes(Bundle.head(parties).toArray());
        envelopes.forEach(envelope -> joined.writeBytes(envelope.encode().toArray()));

        assertThat(Bytes.of(joined.toByteArray())).isEqualTo(new Bundle(envelopes).encode());
    }
}
