// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.crypto.SigningContext;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.envelope.SampleHeader;
import org.shareferry.member.MemberName;
import org.shareferry.seal.Opening.Opened;
import org.shareferry.seal.Opening.Reason;
import org.shareferry.seal.Opening.Refused;

/// One test for each thing that signature and ciphertext of an envelope are bound to.
class EnvelopeBindingTest {
    private static final IdentityKey SENDER = IdentityKey.generate();
    private static final IdentityKey OTHER_SENDER = IdentityKey.generate();
    private static final OpeningKey RECIPIENT = OpeningKey.generate();
    private static final OpeningKey OTHER_RECIPIENT = OpeningKey.generate();
    private static final SampleHeader START = SampleHeader.start()
            .senderKey(SENDER.publicKey().id())
            .recipientKey(RECIPIENT.sealingKey().id());
    private static final Shape THREE_CHUNKS = new Shape(192, 64);
    private static final RunId OTHER_RUN = RunId.parse("00000000000000010000000000000002");

    /// Each field of the header (its number in the encoding first) in a change that leaves the body's size as
    /// it is: where another size were called for, the envelope would not even be one.
    static Stream<Arguments> changes() {
        return Stream.of(
                change("2 run", h -> h.id(new DeliveryId(OTHER_RUN, 3))),
                change("3 sequence", h -> h.id(new DeliveryId(SampleHeader.RUN, 4))),
                // 141 elements of one byte and 64 masks are as long as closing words over such elements.
                change(
                        "4 kind",
                        START.domain(new Domain.Ring(72, 8)).shape(new Shape(141, 141)),
                        h -> h.place(new Place(Kind.CLOSING, 0))),
                change("5 index", START.shape(THREE_CHUNKS), h -> h.place(new Place(Kind.VALUES, 1))),
                change("6 count", h -> h.shape(new Shape(192, 64))),
                change("7 values per chunk", START.shape(new Shape(64, 64)), h -> h.shape(new Shape(64, 65))),
                change("8 domain", h -> h.domain(new Domain.Ring(136, 64))),
                change("9 scheme", START.domain(SampleHeader.PRIME).protocol("mascot"), h -> h.scheme(Scheme.ADDITIVE)),
                change("10 precision", h -> h.precision(17)),
                change("11 label", h -> h.label(8)),
                change("12 sender", h -> h.sender(SampleHeader.P1)),
                change("13 recipient", h -> h.recipient(MemberName.client(1))),
                change("14 parties", h -> h.parties(List.of(SampleHeader.P0, SampleHeader.P1, MemberName.party(2)))),
                change("15 protocol", h -> h.protocol("spdz2l")),
                change("16 MACs checked", h -> h.macsChecked(false)),
                change("18 created", h -> h.created(h.created().plus(Duration.ofMillis(1)))),
                change("19 re-randomised", h -> h.rerandomised(false)),
                change("20 threshold", h -> h.threshold(0)),
                change("21 bits", START.scheme(Scheme.INPUT).bits(64), h -> h.bits(65)),
                change("22 program", h -> h.program(Bytes.of(new byte[32]))),
                change("22 program", START.program(Bytes.of(new byte[32])), h -> h.program(Bytes.empty())),
                change(
                        "9 scheme and 21 bits: a delivery as a request",
                        h -> h.scheme(Scheme.INPUT).bits(64)),
                change(
                        "9 scheme and 21 bits: a request as a delivery",
                        START.scheme(Scheme.INPUT).bits(64),
                        h -> h.scheme(Scheme.COMMITTED).bits(0)));
    }

    private static Arguments change(String field, UnaryOperator<SampleHeader> change) {
        return change(field, START, change);
    }

    private static Arguments change(String field, SampleHeader from, UnaryOperator<SampleHeader> change) {
        return Arguments.of(Named.of(field, from), change.apply(from));
    }

    @Test
    void an_envelope_opens_to_what_was_sealed() throws Exception {
        var header = START.header();
        var body = body(header, 1);

        var opening = open(sealed(header, body), SENDER.publicKey(), RECIPIENT);

        assertThat(opening).isInstanceOfSatisfying(Opened.class, opened -> {
            assertThat(opened.body()).isEqualTo(body);
        });
    }

    @Test
    void an_envelope_opens_after_it_travelled_as_bytes() throws Exception {
        var envelope = sealed(START.header());

        var arrived = Envelope.decode(envelope.encode());

        assertThat(arrived).isEqualTo(envelope).hasSameHashCodeAs(envelope);
        assertThat(arrived.header()).isEqualTo(START.header());
        assertThat(open(arrived, SENDER.publicKey(), RECIPIENT)).isInstanceOf(Opened.class);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_changed_header_field_breaks_the_signature(SampleHeader from, SampleHeader to) throws Exception {
        var envelope = sealed(from.header());

        var changed = Envelope.of(to.header().encode(), envelope.enc(), envelope.ciphertext(), envelope.signature());

        assertThat(to.header()).isNotEqualTo(from.header());
        assertThat(changed.isSignedBy(SENDER.publicKey())).isFalse();
        assertThat(open(changed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.SIGNATURE));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_changed_header_field_does_not_open_although_the_sender_signs_it(SampleHeader from, SampleHeader to)
            throws Exception {
        var envelope = sealed(from.header());

        var changed = signed(SENDER, to.header(), envelope.enc(), envelope.ciphertext());

        assertThat(changed.isSignedBy(SENDER.publicKey())).isTrue();
        assertThat(open(changed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void a_changed_version_is_no_envelope() throws Exception {
        var envelope = sealed(START.header());
        // b6: a map of 22, 01: key 1, 02: version 2
        assertThat(envelope.headerBytes().toHex()).startsWith("b60102");
        var header = Bytes.fromHex("b60101" + envelope.headerBytes().toHex().substring(6));

        assertThatThrownBy(() -> Envelope.of(header, envelope.enc(), envelope.ciphertext(), envelope.signature()))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).contains("version"));
    }

    @Test
    void a_changed_sender_key_breaks_the_signature_for_either_key() throws Exception {
        var envelope = sealed(START.header());
        var header = START.senderKey(OTHER_SENDER.publicKey().id()).header();

        var changed = Envelope.of(header.encode(), envelope.enc(), envelope.ciphertext(), envelope.signature());

        assertThat(changed.isSignedBy(SENDER.publicKey())).isFalse();
        assertThat(changed.isSignedBy(OTHER_SENDER.publicKey())).isFalse();
    }

    @Test
    void a_ciphertext_stolen_from_another_party_does_not_open_as_the_thief_s() throws Exception {
        var envelope = sealed(START.header());
        var header = START.sender(SampleHeader.P1)
                .senderKey(OTHER_SENDER.publicKey().id())
                .header();

        var stolen = signed(OTHER_SENDER, header, envelope.enc(), envelope.ciphertext());

        assertThat(open(stolen, OTHER_SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void a_ciphertext_does_not_open_under_another_key_of_its_own_sender() throws Exception {
        var envelope = sealed(START.header());
        var header = START.senderKey(OTHER_SENDER.publicKey().id()).header();

        var changed = signed(OTHER_SENDER, header, envelope.enc(), envelope.ciphertext());

        assertThat(open(changed, OTHER_SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void an_envelope_signed_by_another_than_its_header_names_is_refused() throws Exception {
        var envelope = sealed(START.header());

        var changed = signed(OTHER_SENDER, START.header(), envelope.enc(), envelope.ciphertext());

        assertThat(open(changed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.SIGNATURE));
        assertThat(open(changed, OTHER_SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.SIGNATURE));
    }

    @Test
    void an_envelope_is_not_opened_with_another_recipient_s_key() throws Exception {
        assertThat(open(sealed(START.header()), SENDER.publicKey(), OTHER_RECIPIENT))
                .isEqualTo(new Refused(Reason.RECIPIENT_KEY));
    }

    @Test
    void a_changed_recipient_key_opens_for_neither_recipient() throws Exception {
        var envelope = sealed(START.header());
        var header = START.recipientKey(OTHER_RECIPIENT.sealingKey().id()).header();

        var changed = signed(SENDER, header, envelope.enc(), envelope.ciphertext());

        assertThat(open(changed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.RECIPIENT_KEY));
        assertThat(open(changed, SENDER.publicKey(), OTHER_RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    /// enc is an ML-KEM-768 ciphertext of 1088 bytes and an X25519 public key of 32.
    @ParameterizedTest
    @ValueSource(ints = {0, 1087, 1088, 1118})
    void a_changed_enc_is_refused(int index) throws Exception {
        var envelope = sealed(START.header());
        var enc = flipped(envelope.enc(), index);

        var kept = Envelope.of(envelope.headerBytes(), enc, envelope.ciphertext(), envelope.signature());
        var signed = signed(SENDER, START.header(), enc, envelope.ciphertext());

        assertThat(open(kept, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.SIGNATURE));
        assertThat(open(signed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void an_enc_of_zeros_is_refused() throws Exception {
        var envelope = sealed(START.header());

        var zeros = signed(SENDER, START.header(), Bytes.of(new byte[Envelope.ENC_SIZE]), envelope.ciphertext());

        assertThat(open(zeros, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 511, 512, 527})
    void a_changed_ciphertext_or_tag_is_refused(int index) throws Exception {
        var envelope = sealed(START.header());
        var ciphertext = flipped(envelope.ciphertext(), index);

        var kept = Envelope.of(envelope.headerBytes(), envelope.enc(), ciphertext, envelope.signature());
        var signed = signed(SENDER, START.header(), envelope.enc(), ciphertext);

        assertThat(open(kept, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.SIGNATURE));
        assertThat(open(signed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 63})
    void a_changed_signature_is_refused(int index) throws Exception {
        var envelope = sealed(START.header());

        var changed = Envelope.of(
                envelope.headerBytes(), envelope.enc(), envelope.ciphertext(), flipped(envelope.signature(), index));

        assertThat(open(changed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.SIGNATURE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSING_ENVELOPE", "KEY_ANNOUNCEMENT", "RECEIPT"})
    void a_signature_made_for_another_purpose_does_not_pass_for_an_envelope_s(SigningContext purpose) throws Exception {
        var envelope = sealed(START.header());

        assertThat(signedFor(purpose, envelope).isSignedBy(SENDER.publicKey())).isFalse();
    }

    @Test
    void a_closing_envelope_is_signed_for_its_own_purpose() throws Exception {
        var envelope = sealed(START.place(new Place(Kind.CLOSING, 0)).header());

        assertThat(envelope.isSignedBy(SENDER.publicKey())).isTrue();
        assertThat(signedFor(SigningContext.CLOSING_ENVELOPE, envelope).isSignedBy(SENDER.publicKey()))
                .isTrue();
        assertThat(signedFor(SigningContext.ENVELOPE, envelope).isSignedBy(SENDER.publicKey()))
                .isFalse();
    }

    /// All chunks of a hand-over have one key agreement, so enc alone does not tell them apart.
    @Test
    void bodies_of_two_chunks_of_one_hand_over_cannot_be_exchanged() throws Exception {
        var facts = START.shape(THREE_CHUNKS).facts();
        try (var handOver =
                new EnvelopeSealer(SampleHeader.P0, SENDER).begin(facts, RECIPIENT.sealingKey(), START.created())) {
            var one = START.shape(THREE_CHUNKS).header();
            var first = handOver.seal(one.place(), body(one, 1));
            var second = handOver.seal(new Place(Kind.VALUES, 1), body(one, 2));

            var moved = signed(SENDER, second.header(), second.enc(), first.ciphertext());

            assertThat(first.enc()).isEqualTo(second.enc());
            assertThat(open(moved, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
            assertThat(open(second, SENDER.publicKey(), RECIPIENT)).isInstanceOf(Opened.class);
        }
    }

    @Test
    void equal_bodies_of_two_chunks_of_one_hand_over_look_different() throws Exception {
        var sample = START.shape(THREE_CHUNKS);
        try (var handOver = new EnvelopeSealer(SampleHeader.P0, SENDER)
                .begin(sample.facts(), RECIPIENT.sealingKey(), START.created())) {
            var first = handOver.seal(new Place(Kind.VALUES, 0), body(sample.header(), 1));
            var second = handOver.seal(new Place(Kind.VALUES, 1), body(sample.header(), 1));

            assertThat(first.ciphertext()).isNotEqualTo(second.ciphertext());
        }
    }

    @Test
    void a_ciphertext_moved_to_another_chunk_is_refused() throws Exception {
        var start = START.shape(THREE_CHUNKS);
        var envelope = sealed(start.place(new Place(Kind.VALUES, 1)).header());

        var moved = signed(SENDER, start.header(), envelope.enc(), envelope.ciphertext());

        assertThat(open(moved, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void a_ciphertext_of_another_run_is_refused() throws Exception {
        var envelope = sealed(START.id(new DeliveryId(OTHER_RUN, 3)).header());

        var mixed = signed(SENDER, START.header(), envelope.enc(), envelope.ciphertext());

        assertThat(open(mixed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void enc_of_one_envelope_and_ciphertext_of_another_with_the_same_header_are_refused() throws Exception {
        var one = sealed(START.header());
        var other = sealed(START.header());

        var mixed = signed(SENDER, START.header(), one.enc(), other.ciphertext());

        assertThat(one.enc()).isNotEqualTo(other.enc());
        assertThat(one.ciphertext()).isNotEqualTo(other.ciphertext());
        assertThat(open(mixed, SENDER.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    private static Envelope signedFor(SigningContext purpose, Envelope envelope) throws MalformedException {
        var parts = List.of(envelope.headerBytes(), envelope.enc(), Sha256.of(envelope.ciphertext()));
        return Envelope.of(envelope.headerBytes(), envelope.enc(), envelope.ciphertext(), SENDER.sign(purpose, parts));
    }

    private static Envelope signed(IdentityKey signer, Header header, Bytes enc, Bytes ciphertext)
            throws MalformedException {
        return Envelope.sign(header.encode(), enc, ciphertext, signer);
    }

    private static Opening open(Envelope envelope, IdentityPublicKey sender, OpeningKey recipient) {
        try (var opener = new EnvelopeOpener(EnvelopeOpener.DEFAULT_KEPT)) {
            return opener.open(envelope, sender, recipient);
        }
    }

    private static Envelope sealed(Header header) throws Exception {
        return sealed(header, body(header, 1));
    }

    private static Envelope sealed(Header header, SecretBytes body) throws Exception {
        try (var handOver = new EnvelopeSealer(header.sender(), SENDER)
                .begin(header.facts(), RECIPIENT.sealingKey(), header.created())) {
            return handOver.seal(header.place(), body);
        }
    }

    private static SecretBytes body(Header header, int seed) {
        var body = new byte[header.bodySize()];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (seed + i);
        }
        return SecretBytes.takeOver(body);
    }

    private static Bytes flipped(Bytes bytes, int index) {
        var changed = bytes.toArray();
        Objects.checkIndex(index, changed.length);
        changed[index] ^= 1;
        return Bytes.of(changed);
    }
}
