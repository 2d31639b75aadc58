// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.SampleHeader;
import org.shareferry.seal.Opening.Opened;
import org.shareferry.seal.Opening.Reason;
import org.shareferry.seal.Opening.Refused;

/// Key agreements are kept for the envelopes that follow, within bounds, and what is kept never makes an
/// envelope open that would not open without.
class EnvelopeOpenerTest {
    private static final IdentityKey P0 = IdentityKey.generate();
    private static final IdentityKey P1 = IdentityKey.generate();
    private static final OpeningKey RECIPIENT = OpeningKey.generate();
    private static final OpeningKey OTHER_RECIPIENT = OpeningKey.generate();
    private static final SampleHeader START = SampleHeader.start().shape(new Shape(640, 64));

    private final EnvelopeOpener opener = new EnvelopeOpener(3);

    @AfterEach
    void close() {
        opener.close();
    }

    /// What one party hands over as this delivery: the chunks up to this one.
    private static Envelope[] sealed(SampleHeader sample, IdentityKey identity, OpeningKey recipient, int chunks)
            throws Exception {
        try (var handOver = new EnvelopeSealer(sample.sender(), identity)
                .begin(sample.facts(), recipient.sealingKey(), sample.created())) {
            var envelopes = new Envelope[chunks];
            for (int index = 0; index < chunks; index++) {
                var place = new Place(Kind.VALUES, index);
                envelopes[index] = handOver.seal(
                        place, SecretBytes.random(sample.place(place).header().bodySize()));
            }
            return envelopes;
        }
    }

    private static Envelope first(long sequence) throws Exception {
        return sealed(START.id(new DeliveryId(SampleHeader.RUN, sequence)), P0, RECIPIENT, 1)[0];
    }

    private Opening open(Envelope envelope) {
        return opener.open(envelope, P0.publicKey(), RECIPIENT);
    }

    @Test
    void the_envelopes_of_one_hand_over_need_one_key_agreement() throws Exception {
        for (var envelope : sealed(START, P0, RECIPIENT, 10)) {
            assertThat(open(envelope)).isInstanceOf(Opened.class);
        }

        assertThat(opener.kept()).isEqualTo(1);
    }

    @Test
    void the_agreement_of_a_delivery_of_one_envelope_is_not_kept() throws Exception {
        var one = START.scheme(Scheme.BATCHED).shape(new Shape(64, 64));

        assertThat(open(sealed(one, P0, RECIPIENT, 1)[0])).isInstanceOf(Opened.class);
        assertThat(opener.kept()).isZero();
    }

    @Test
    void a_senders_cache_is_bounded_and_keeps_the_last_used() throws Exception {
        var two = sealed(START, P0, RECIPIENT, 2);
        open(two[0]);
        for (int sequence = 10; sequence < 20; sequence++) {
            open(first(sequence));
            open(two[0]);
        }

        assertThat(opener.kept()).isEqualTo(3);
        assertThat(open(two[1])).isInstanceOf(Opened.class);
        assertThat(open(first(10))).isInstanceOf(Opened.class);
    }

    @Test
    void one_sender_displaces_nothing_of_another() throws Exception {
        var ofP1 = sealed(START.sender(SampleHeader.P1), P1, RECIPIENT, 2);
        opener.open(ofP1[0], P1.publicKey(), RECIPIENT);
        for (int sequence = 10; sequence < 20; sequence++) {
            open(first(sequence));
        }

        assertThat(opener.kept()).isEqualTo(3 + 1);
        assertThat(opener.open(ofP1[1], P1.publicKey(), RECIPIENT)).isInstanceOf(Opened.class);
    }

    @Test
    void an_envelope_with_an_invalid_signature_is_not_cached() throws Exception {
        var forged = sealed(START, P1, RECIPIENT, 1)[0];

        assertThat(open(forged)).isEqualTo(new Refused(Reason.SIGNATURE));
        assertThat(opener.kept()).isZero();
    }

    /// The header and so the info differ, and enc is one that is kept already.
    @Test
    void a_kept_agreement_serves_no_other_delivery() throws Exception {
        var envelope = sealed(START, P0, RECIPIENT, 1)[0];
        open(envelope);
        var other = START.id(new DeliveryId(SampleHeader.RUN, 4))
                .senderKey(P0.publicKey().id())
                .recipientKey(RECIPIENT.sealingKey().id())
                .header();

        var moved = Envelope.sign(other.encode(), envelope.enc(), envelope.ciphertext(), P0);

        assertThat(open(moved)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void a_kept_agreement_serves_no_other_sender() throws Exception {
        var envelope = sealed(START, P0, RECIPIENT, 1)[0];
        open(envelope);
        var header = START.sender(SampleHeader.P1)
                .senderKey(P1.publicKey().id())
                .recipientKey(RECIPIENT.sealingKey().id())
                .header();

        var stolen = Envelope.sign(header.encode(), envelope.enc(), envelope.ciphertext(), P1);

        assertThat(opener.open(stolen, P1.publicKey(), RECIPIENT)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void a_kept_agreement_serves_no_other_enc() throws Exception {
        var envelopes = sealed(START, P0, RECIPIENT, 2);
        open(envelopes[0]);
        var enc = envelopes[1].enc().toArray();
        enc[0] ^= 1;

        var changed = Envelope.sign(envelopes[1].headerBytes(), Bytes.of(enc), envelopes[1].ciphertext(), P0);

        assertThat(open(changed)).isEqualTo(new Refused(Reason.CIPHERTEXT));
    }

    @Test
    void what_was_agreed_on_with_a_key_that_is_gone_is_forgotten_and_not_kept_again() throws Exception {
        var envelopes = sealed(START, P0, RECIPIENT, 2);
        var others = sealed(START.id(new DeliveryId(SampleHeader.RUN, 9)), P0, OTHER_RECIPIENT, 1);
        open(envelopes[0]);
        opener.open(others[0], P0.publicKey(), OTHER_RECIPIENT);

        opener.forget(RECIPIENT.sealingKey().id());

        assertThat(opener.kept()).isEqualTo(1);
        open(envelopes[1]);
        assertThat(opener.kept()).isEqualTo(1);
    }

    @Test
    void what_was_agreed_on_for_a_delivery_that_is_over_is_forgotten() throws Exception {
        var over = sealed(START, P0, RECIPIENT, 2);
        var ofP1 = sealed(START.sender(SampleHeader.P1), P1, RECIPIENT, 1)[0];
        open(over[0]);
        opener.open(ofP1, P1.publicKey(), RECIPIENT);
        open(first(9));

        opener.forget(START.facts().id());

        assertThat(opener.kept()).isEqualTo(1);
        assertThat(open(over[1])).as("opened anew").isInstanceOf(Opened.class);
    }

    @Test
    void a_closed_opener_keeps_nothing() throws Exception {
        var envelopes = sealed(START, P0, RECIPIENT, 2);
        open(envelopes[0]);
        opener.close();

        assertThat(opener.kept()).isZero();
        assertThat(open(envelopes[1])).isInstanceOf(Opened.class);
        assertThat(opener.kept()).isZero();
    }

    /// Agreements are displaced all the time here; none may be wiped while a key is taken of it.
    @Test
    void many_threads_open_at_once() throws Exception {
        var deliveries = new Envelope[12][];
        for (int i = 0; i < deliveries.length; i++) {
            deliveries[i] = sealed(START.id(new DeliveryId(SampleHeader.RUN, i)), P0, RECIPIENT, 10);
        }
        try (var threads = Executors.newFixedThreadPool(6)) {
            var openings = threads.invokeAll(IntStream.range(0, 240)
                    .<Callable<Opening>>mapToObj(i -> () -> open(deliveries[i % 12][i / 12 % 10]))
                    .toList());

            for (var opening : openings) {
                assertThat(opening.get()).isInstanceOf(Opened.class);
            }
        }
        assertThat(opener.kept()).isEqualTo(3);
    }

    @Test
    void a_cache_of_size_zero_keeps_nothing() throws Exception {
        try (var forgetful = new EnvelopeOpener(0)) {
            for (var envelope : sealed(START, P0, RECIPIENT, 2)) {
                assertThat(forgetful.open(envelope, P0.publicKey(), RECIPIENT)).isInstanceOf(Opened.class);
            }
            assertThat(forgetful.kept()).isZero();
        }
    }
}
