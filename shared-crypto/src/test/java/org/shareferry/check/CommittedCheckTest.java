// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;

/// A committed delivery of 600 values in chunks that do not end where rows do: the honest one passes, and a
/// party that shifts a value, a mask, or any closing word is caught, as is one that changes its envelopes
/// after the coin.
class CommittedCheckTest {
    private static final int COUNT = 600;
    private static final int CHUNK = 77;
    private static final DeliveryId DELIVERY = new DeliveryId(new RunId(5, 6), 0);

    static Stream<Domain> domains() {
        return Stream.of(
                new Domain.Ring(64, 64), new Domain.Ring(72, 72), Domains.FIELDS.get(1), Domains.FIELDS.get(3));
    }

    /// What a client holds once everything is reconstructed.
    static final class Run {
        final Domain domain;
        final BigInteger[] x = new BigInteger[COUNT];
        final BigInteger[] masks = new BigInteger[Scheme.MASKS];
        List<Bytes> digests = List.of(digest(0, 1), digest(1, 1));
        List<Bytes> shares = List.of(Sha256.of(Bytes.ascii("r0")), Sha256.of(Bytes.ascii("r1")));
        Bytes combinations;

        Run(Domain domain) {
            this.domain = domain;
            var random = new Random(7);
            for (int i = 0; i < COUNT; i++) {
                x[i] = new BigInteger(300, random).mod(Domains.order(domain));
            }
            for (int j = 0; j < Scheme.MASKS; j++) {
                masks[j] = new BigInteger(300, random).mod(Domains.order(domain));
            }
            combinations = open();
        }

        static Bytes digest(int party, int version) {
            var digest = new EnvelopesDigest(DELIVERY, party, 1);
            digest.add(new EnvelopeId(Sha256.of(Bytes.of((byte) party, (byte) version))));
            return digest.digest();
        }

        /// What the computation opens, on the true values, under the coin that the words give.
        Bytes open() {
            var sum = new Combinations(domain, Coin.toss(DELIVERY, digests, shares), COUNT);
            sum.add(Domains.of(domain, x), COUNT);
            try (var encoded = sum.with(Domains.of(domain, masks)).encode()) {
                return Bytes.of(encoded.reveal());
            }
        }

        ClosingWords words() {
            return new ClosingWords(digests, shares, combinations);
        }

        boolean accepted() {
            return accepted(digests, List.of(words(), words()));
        }

        boolean accepted(List<Bytes> held, List<ClosingWords> closings) {
            var begun = CommittedCheck.begin(DELIVERY, domain, COUNT, held, closings);
            if (begun.isEmpty()) {
                return false;
            }
            try (var check = begun.get()) {
                int last = COUNT - COUNT % CHUNK;
                for (int i = 0; i < last; i += CHUNK) {
                    check.add(Domains.of(domain, Arrays.copyOfRange(x, i, i + CHUNK)), CHUNK);
                }
                var lastChunk = Domains.of(
                        domain,
                        Stream.concat(Stream.of(Arrays.copyOfRange(x, last, COUNT)), Stream.of(masks))
                                .toArray(BigInteger[]::new));
                check.add(lastChunk, COUNT - last);
                return check.holds(lastChunk);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("domains")
    void an_honest_delivery_passes(Domain domain) {
        assertThat(new Run(domain).accepted()).isTrue();
    }

    @Test
    void a_check_fails_after_all_values_were_added_even_if_all_are_zero() {
        var ring = new Domain.Ring(128, 128);
        try (var check = CommittedCheck.failing(ring, 3);
                var zeros = ElementVector.zeros(ring, 3 + Scheme.MASKS)) {
            check.add(zeros, 3);

            assertThat(check.holds(zeros)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("domains")
    void a_shift_of_any_value_is_caught(Domain domain) {
        for (int i : new int[] {0, 1, 76, 77, 255, 256, 511, 512, COUNT - 1}) {
            var run = new Run(domain);
            run.x[i] = run.x[i].add(BigInteger.ONE);
            assertThat(run.accepted()).isFalse();
        }
    }

    @Test
    void a_flipped_top_bit_is_caught() {
        for (int i = 0; i < COUNT; i += 13) {
            var run = new Run(new Domain.Ring(64, 64));
            run.x[i] = run.x[i].add(BigInteger.ONE.shiftLeft(63));
            assertThat(run.accepted()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("domains")
    void a_shift_of_any_mask_is_caught(Domain domain) {
        for (int j = 0; j < Scheme.MASKS; j++) {
            var run = new Run(domain);
            run.masks[j] = run.masks[j].add(BigInteger.TWO);
            assertThat(run.accepted()).isFalse();
        }
    }

    @Test
    void a_shift_of_any_opened_combination_is_caught_even_if_all_sign_it() {
        for (int j = 0; j < Scheme.MASKS; j++) {
            var run = new Run(new Domain.Ring(64, 64));
            var bytes = run.combinations.toArray();
            bytes[8 * j + 7] ^= (byte) 0x80;
            run.combinations = Bytes.of(bytes);
            assertThat(run.accepted()).isFalse();
        }
    }

    @Test
    void closing_words_that_disagree_in_anything_are_rejected() {
        var run = new Run(new Domain.Ring(64, 64));
        var words = run.words();
        var other = Sha256.of(Bytes.ascii("other"));
        var otherT = words.combinations().toArray();
        otherT[0] ^= 1;
        for (var lie : List.of(
                new ClosingWords(List.of(other, words.digests().get(1)), words.coinShares(), words.combinations()),
                new ClosingWords(words.digests(), List.of(words.coinShares().get(0), other), words.combinations()),
                new ClosingWords(words.digests(), words.coinShares(), Bytes.of(otherT)))) {
            assertThat(run.accepted(run.digests, List.of(words, lie))).isFalse();
            assertThat(run.accepted(run.digests, List.of(lie, words))).isFalse();
        }
        assertThat(run.accepted(run.digests, List.of(words))).isFalse();
    }

    @Test
    void envelopes_changed_after_the_coin_are_rejected() {
        var run = new Run(new Domain.Ring(64, 64));
        assertThat(run.accepted(List.of(Run.digest(0, 1), Run.digest(1, 2)), List.of(run.words(), run.words())))
                .isFalse();
    }

    @Test
    void a_coin_that_does_not_follow_from_digests_and_shares_is_rejected() {
        var run = new Run(new Domain.Ring(64, 64));
        run.shares = List.of(run.shares.get(1), run.shares.get(0));
        assertThat(run.accepted()).isFalse();
    }

    @Test
    void combinations_of_the_wrong_size_or_out_of_range_are_rejected() {
        var run = new Run(Domains.FIELDS.get(1));
        var full = run.combinations.toArray();
        Arrays.fill(full, 0, 8, (byte) 0xff);
        for (var bad : List.of(Bytes.ofRange(full, 8, full.length), Bytes.of(full), Bytes.ofRange(full, 0, 13))) {
            run.combinations = bad;
            assertThat(run.accepted()).isFalse();
        }
    }

    @Test
    void a_check_needs_exactly_all_values_and_masks() {
        var domain = new Domain.Ring(64, 64);
        var coin = Sha256.of(Bytes.empty());
        var combinations = new Combinations(domain, coin, 3);
        assertThatThrownBy(() -> combinations.add(ElementVector.zeros(domain, 4), 4))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> combinations.add(ElementVector.zeros(domain, 1), 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> combinations.with(ElementVector.zeros(domain, Scheme.MASKS)))
                .isInstanceOf(IllegalStateException.class);
        combinations.add(ElementVector.zeros(domain, 3), 3);
        assertThatThrownBy(() -> combinations.with(ElementVector.zeros(domain, Scheme.MASKS - 1)))
                .isInstanceOf(IllegalStateException.class);
        var stretch = new CoinStretch(coin, 1);
        assertThatThrownBy(stretch::bits).isInstanceOf(IllegalStateException.class);
        stretch.nextOffsets();
        assertThatThrownBy(stretch::nextOffsets).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_commitment_is_bound_to_delivery_party_digest_and_share() {
        var digest = Sha256.of(Bytes.ascii("d"));
        try (var share = SecretBytes.random(32);
                var otherShare = SecretBytes.random(32)) {
            var commitments = new ArrayList<Bytes>();
            commitments.add(Coin.commitment(DELIVERY, 0, digest, share));
            commitments.add(Coin.commitment(DELIVERY, 1, digest, share));
            commitments.add(Coin.commitment(new DeliveryId(DELIVERY.run(), 1), 0, digest, share));
            commitments.add(Coin.commitment(new DeliveryId(new RunId(5, 7), 0), 0, digest, share));
            commitments.add(Coin.commitment(DELIVERY, 0, Sha256.of(digest), share));
            commitments.add(Coin.commitment(DELIVERY, 0, digest, otherShare));
            assertThat(commitments).doesNotHaveDuplicates();
        }
        assertThatThrownBy(() -> Coin.commitment(DELIVERY, 0, digest, SecretBytes.random(31)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Coin.toss(DELIVERY, List.of(digest), List.of(digest)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Coin.toss(DELIVERY, List.of(digest, Bytes.empty()), List.of(digest, digest)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_digest_needs_exactly_the_announced_number_of_ids() {
        var digest = new EnvelopesDigest(DELIVERY, 0, 2);
        digest.add(new EnvelopeId(Sha256.of(Bytes.empty())));
        assertThatThrownBy(digest::digest).isInstanceOf(IllegalStateException.class);
        digest.add(new EnvelopeId(Sha256.of(Bytes.empty())));
        assertThat(digest.digest().size()).isEqualTo(Sha256.SIZE);
        var overfull = new EnvelopesDigest(DELIVERY, 0, 0);
        overfull.add(new EnvelopeId(Sha256.of(Bytes.empty())));
        assertThatThrownBy(overfull::digest).isInstanceOf(IllegalStateException.class);
    }
}
