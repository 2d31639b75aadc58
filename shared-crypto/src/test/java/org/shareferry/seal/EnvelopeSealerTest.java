// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.SampleHeader;
import org.shareferry.member.MemberName;

/// A hand-over seals each of its places once, under one key agreement, and nothing after its end.
class EnvelopeSealerTest {
    private static final IdentityKey IDENTITY = IdentityKey.generate();
    private static final OpeningKey RECIPIENT = OpeningKey.generate();
    private static final SampleHeader START = SampleHeader.start()
            .shape(new Shape(192, 64))
            .senderKey(IDENTITY.publicKey().id())
            .recipientKey(RECIPIENT.sealingKey().id());
    private static final Place FIRST = new Place(Kind.VALUES, 0);
    private static final Place SECOND = new Place(Kind.VALUES, 1);
    private static final Place LAST = new Place(Kind.VALUES, 2);
    private static final Place CLOSING = new Place(Kind.CLOSING, 0);

    private final EnvelopeSealer sealer = new EnvelopeSealer(SampleHeader.P0, IDENTITY);

    private HandOverSealing handOver() throws Exception {
        return sealer.begin(START.facts(), RECIPIENT.sealingKey(), START.created());
    }

    private static SecretBytes body(Place place) {
        return SecretBytes.takeOver(new byte[START.place(place).header().bodySize()]);
    }

    @Test
    void all_envelopes_of_a_hand_over_have_enc_keys_and_time_in_common() throws Exception {
        try (var handOver = handOver();
                var another = handOver()) {
            var first = handOver.seal(FIRST, body(FIRST));
            var last = handOver.seal(LAST, body(LAST));
            var closing = handOver.seal(CLOSING, body(CLOSING));

            assertThat(first.header()).isEqualTo(START.header());
            assertThat(last.header()).isEqualTo(START.place(LAST).header());
            assertThat(first.handOver()).isEqualTo(last.handOver()).isEqualTo(closing.handOver());
            assertThat(another.seal(FIRST, body(FIRST)).handOver()).isNotEqualTo(first.handOver());
        }
    }

    @Test
    void a_place_is_sealed_once_also_if_its_envelope_was_never_stored() throws Exception {
        try (var handOver = handOver()) {
            handOver.seal(FIRST, body(FIRST));
            handOver.seal(LAST, body(LAST));

            assertThatThrownBy(() -> handOver.seal(FIRST, body(FIRST))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> handOver.seal(SECOND, body(SECOND))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> handOver.seal(LAST, body(LAST))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void nothing_is_sealed_after_the_end() throws Exception {
        var handOver = handOver();
        handOver.close();

        assertThatThrownBy(() -> handOver.seal(FIRST, body(FIRST))).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void a_body_of_another_size_is_not_sealed(int difference) throws Exception {
        try (var handOver = handOver();
                var body = SecretBytes.takeOver(new byte[START.header().bodySize() + difference])) {
            assertThatThrownBy(() -> handOver.seal(FIRST, body))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("size");
        }
    }

    @Test
    void a_prepared_agreement_serves_one_hand_over() throws Exception {
        try (var prepared = sealer.prepare(START.id(), SampleHeader.C0, RECIPIENT.sealingKey());
                var handOver = prepared.begin(START.facts(), START.created())) {
            prepared.close();

            assertThat(handOver.seal(FIRST, body(FIRST)).isSignedBy(IDENTITY.publicKey()))
                    .isTrue();
            assertThatThrownBy(() -> prepared.begin(START.facts(), START.created()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_prepared_agreement_that_was_closed_seals_nothing() throws Exception {
        var prepared = sealer.prepare(START.id(), SampleHeader.C0, RECIPIENT.sealingKey());
        prepared.close();

        try (var handOver = prepared.begin(START.facts(), START.created())) {
            assertThatThrownBy(() -> handOver.seal(FIRST, body(FIRST))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_prepared_agreement_is_for_its_delivery_recipient_and_key_alone() throws Exception {
        var other = new DeliveryId(SampleHeader.RUN, 4);
        try (var prepared = sealer.prepare(START.id(), SampleHeader.C0, RECIPIENT.sealingKey());
                var otherKey = OpeningKey.generate()) {
            var key = RECIPIENT.sealingKey().id();

            assertThat(prepared.isFor(START.id(), SampleHeader.C0, key)).isTrue();
            assertThat(prepared.isFor(other, SampleHeader.C0, key)).isFalse();
            assertThat(prepared.isFor(START.id(), MemberName.client(1), key)).isFalse();
            assertThat(prepared.isFor(
                            START.id(), SampleHeader.C0, otherKey.sealingKey().id()))
                    .isFalse();
            assertThatThrownBy(() -> prepared.begin(START.id(other).facts(), START.created()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() ->
                            prepared.begin(START.recipient(MemberName.client(1)).facts(), START.created()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_delivery_without_this_party_is_not_begun() {
        var stranger = new EnvelopeSealer(MemberName.party(2), IDENTITY);

        assertThatThrownBy(() -> stranger.begin(START.facts(), RECIPIENT.sealingKey(), START.created()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sealing_leaves_the_body_open_and_as_it_was() throws Exception {
        var body = SecretBytes.random(START.header().bodySize());
        var before = SecretBytes.copyOf(body.reveal());

        try (var handOver = handOver()) {
            handOver.seal(FIRST, body);
        }

        assertThat(body).isEqualTo(before);
    }

    @Test
    void nothing_of_an_opening_prints_the_body() throws Exception {
        try (var handOver = handOver();
                var opener = new EnvelopeOpener(1)) {
            var envelope = handOver.seal(FIRST, body(FIRST));

            assertThat(opener.open(envelope, IDENTITY.publicKey(), RECIPIENT)).hasToString("Opened[body=[redacted]]");
            assertThat(envelope.toString())
                    .isEqualTo("envelope " + envelope.id() + " of P0 for 53b9abd5dfc3b9ff2723a929934da8c3-3 values 0");
        }
    }
}
