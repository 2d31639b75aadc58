// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;

/// The form of envelopes and bundles; what they are bound to is tested where they are sealed.
class EnvelopeTest {
    private static final Header HEADER = SampleHeader.start().header();
    /// 64 values of 8 bytes, and the tag.
    private static final int CIPHERTEXT_SIZE = 64 * 8 + 16;

    @Test
    void an_envelope_is_a_map_with_its_keys_in_the_order_of_their_encodings() throws Exception {
        var header = HEADER.encode().toHex();

        var encoded = envelope(1120, CIPHERTEXT_SIZE, 64).encode();

        assertThat(encoded.toHex())
                .isEqualTo(
                        "a4" // map of 4
                                + "63656e63" + "590460" + "00".repeat(1120) // enc
                                + "66686561646572" + "589f" + header // header, of 159 bytes
                                + "697369676e6174757265" + "5840" + "00".repeat(64) // signature
                                + "6a63697068657274657874" + "590210" + "00".repeat(528)); // ciphertext
    }

    /// Label, header, enc, the ciphertext's digest and signature, each after its length in 8 bytes, little-endian.
    @Test
    void an_id_is_over_the_parts_with_the_ciphertext_s_digest_in_place_of_the_ciphertext() throws Exception {
        var envelope = envelope(1120, CIPHERTEXT_SIZE, 64);
        var parts = "1900000000000000"
                + Bytes.ascii("shareferry envelope id v1").toHex()
                + "9f00000000000000" + HEADER.encode().toHex()
                + "6004000000000000" + "00".repeat(1120)
                + "2000000000000000" + Sha256.of(Bytes.of(new byte[528])).toHex()
                + "4000000000000000" + "00".repeat(64);

        assertThat(envelope.id()).isEqualTo(new EnvelopeId(Sha256.of(Bytes.fromHex(parts))));
        assertThat(Envelope.decode(envelope.encode()).id()).isEqualTo(envelope.id());
    }

    /// What a recipient compares between the envelopes of a sender: each of these alone makes another hand-over.
    @Test
    void enc_keys_and_time_identify_a_hand_over() throws Exception {
        var start = SampleHeader.start();
        var other = new KeyId(Sha256.of(Bytes.empty()));
        var enc = Bytes.fromHex("00".repeat(1119) + "01");
        var handOver = envelope(start).handOver();

        assertThat(envelope(start.place(new Place(Kind.VALUES, 1))).handOver()).isEqualTo(handOver);
        assertThat(envelope(start.place(new Place(Kind.CLOSING, 0))).handOver()).isEqualTo(handOver);
        assertThat(List.of(
                        envelope(start.senderKey(other)).handOver(),
                        envelope(start.recipientKey(other)).handOver(),
                        envelope(start.created(start.created().plusMillis(1))).handOver(),
                        withEnc(start.header(), enc).handOver()))
                .doesNotContain(handOver)
                .doesNotHaveDuplicates();
    }

    private static Envelope withEnc(Header header, Bytes enc) throws MalformedException {
        return Envelope.of(header.encode(), enc, Bytes.of(new byte[header.bodySize() + 16]), Bytes.of(new byte[64]));
    }

    @Test
    void envelopes_are_read_back_as_they_were_written() throws Exception {
        var envelope = envelope(1120, CIPHERTEXT_SIZE, 64);

        assertThat(Envelope.decode(envelope.encode()).encode()).isEqualTo(envelope.encode());
    }

    @ParameterizedTest
    @CsvSource({
        "1119, 528, 64, enc",
        "1121, 528, 64, enc",
        "0, 528, 64, enc",
        "1120, 527, 64, ciphertext",
        "1120, 529, 64, ciphertext",
        "1120, 0, 64, ciphertext",
        "1120, 528, 63, signature",
        "1120, 528, 65, signature"
    })
    void a_part_of_another_size_is_refused_by_its_name(int enc, int ciphertext, int signature, String part) {
        assertThatThrownBy(() -> envelope(enc, ciphertext, signature))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason()).startsWith("The " + part + " of an envelope has "));
    }

    @Test
    void a_bundle_is_read_as_it_was_written() throws Exception {
        var bundle = new Bundle(List.of(
                envelope(1120, CIPHERTEXT_SIZE, 64),
                envelope(SampleHeader.start().sender(SampleHeader.P1).header(), 1120, CIPHERTEXT_SIZE, 64)));

        var read = Bundle.decode(bundle.encode());

        assertThat(read).isEqualTo(bundle);
        assertThat(read.delivery()).isEqualTo(HEADER.facts().id());
        assertThat(read.place()).isEqualTo(new Place(Kind.VALUES, 0));
    }

    /// What would mean the same, in another encoding (RFC 8949 §4.2.1), and what is none.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a map of no stated length,      a4 63656e63,        bf 63656e63",
        "a map of a length in two bytes, a4 63656e63,        b804 63656e63",
        "another number of entries,      a4 63656e63,        a5 63656e63",
        "an array for the map,           a4 63656e63,        84 63656e63",
        "a key of a length in two bytes, 63656e63 590460,    7803656e63 590460",
        "another key,                    63656e63 590460,    63656e64 590460",
        "a key as bytes,                 63656e63 590460,    43656e63 590460",
        "a length in four bytes,         63656e63 590460,    63656e63 5a00000460",
        "a length in eight bytes,        63656e63 590460,    63656e63 5b0000000000000460",
        "a text for bytes,               63656e63 590460,    63656e63 790460",
        "bytes of no stated length,      63656e63 590460,    63656e63 5f590460",
        "a length beyond the end,        63656e63 590460,    63656e63 5a7fffffff",
        "a length that is none,          63656e63 590460,    63656e63 5c",
        "a length in more than it needs, 7265 5840,          7265 590040"
    })
    void another_encoding_is_refused(String what, String original, String replacement) throws Exception {
        var encoded = envelope(1120, CIPHERTEXT_SIZE, 64).encode().toHex();
        var part = original.replace(" ", "");
        assertThat(encoded).as(what).contains(part);
        var changed = encoded.replaceFirst(part, replacement.replace(" ", ""));

        assertThatThrownBy(() -> Envelope.decode(Bytes.fromHex(changed)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).startsWith("This is not an envelope: "));
    }

    @Test
    void truncated_and_extended_envelopes_are_refused() throws Exception {
        var encoded = envelope(1120, CIPHERTEXT_SIZE, 64).encode();

        for (int size = 0; size < encoded.size(); size++) {
            var cut = encoded.range(0, size);
            assertThatThrownBy(() -> Envelope.decode(cut)).isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> Envelope.decode(Bytes.fromHex(encoded.toHex() + "00")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void an_empty_bundle_is_refused() {
        // a1: map of 1, 69 "envelopes", 80: empty array
        assertThatThrownBy(() -> Bundle.decode(Bytes.fromHex("a1" + "69656e76656c6f706573" + "80")))
                .isInstanceOf(MalformedException.class);
        // 990101: array of 257
        assertThatThrownBy(() -> Bundle.decode(Bytes.fromHex("a1" + "69656e76656c6f706573" + "990101")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void envelopes_differ_by_every_part() throws Exception {
        var envelope = envelope(1120, CIPHERTEXT_SIZE, 64);
        var signature = new byte[64];
        signature[63] = 1;

        var other = Envelope.of(envelope.headerBytes(), envelope.enc(), envelope.ciphertext(), Bytes.of(signature));

        assertThat(other).isNotEqualTo(envelope);
        assertThat(envelope).isEqualTo(envelope(1120, CIPHERTEXT_SIZE, 64));
        assertThat(envelope.id().toString()).hasSize(64);
    }

    static Envelope envelope(SampleHeader sample) throws MalformedException {
        var header = sample.header();
        return envelope(header, Envelope.ENC_SIZE, header.bodySize() + 16, Envelope.SIGNATURE_SIZE);
    }

    private static Envelope envelope(int enc, int ciphertext, int signature) throws MalformedException {
        return envelope(HEADER, enc, ciphertext, signature);
    }

    private static Envelope envelope(Header header, int enc, int ciphertext, int signature) throws MalformedException {
        return Envelope.of(
                header.encode(),
                Bytes.of(new byte[enc]),
                Bytes.of(new byte[ciphertext]),
                Bytes.of(new byte[signature]));
    }
}
