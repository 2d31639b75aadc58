// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.ZeroShares;

/// The worked example of docs/output-delivery.md is what the code does. Its numbers were made by a second
/// implementation, written from that page alone.
class WorkedDeliveryTest {
    private static final MemberName P0 = MemberName.party(0);
    private static final MemberName P1 = MemberName.party(1);
    private static final Place CHUNK_1 = new Place(Kind.VALUES, 1);
    private static String document = "";

    @BeforeAll
    static void read() throws IOException {
        document = Files.readString(Path.of("..", "docs", "output-delivery.md"));
    }

    private static Bytes block(String name) {
        var matcher =
                Pattern.compile("```hex " + name + "\n(.*?)```", Pattern.DOTALL).matcher(document);
        assertThat(matcher.find()).as("the block " + name).isTrue();
        return Bytes.fromHex(matcher.group(1).replaceAll("#.*", "").replaceAll("\\s", ""));
    }

    private static Bytes part(String name, int index) {
        return Bytes.ofRange(block(name).toArray(), 32 * index, 32 * (index + 1));
    }

    private static SecretBytes secret(String name) {
        return SecretBytes.takeOver(block(name).toArray());
    }

    private static DeliveryId delivery() {
        return new DeliveryId(RunId.fromBytes(block("run-id")), 0);
    }

    private static Bytes encoded(ElementVector vector) {
        try (var bytes = vector.encode()) {
            return Bytes.of(bytes.reveal());
        }
    }

    private static Bytes zeroShare(MemberName own, Domain domain) {
        boolean isLower = own.equals(P0);
        var pair = new PairwiseKeys.Pair(
                secret(isLower ? "made-by-P0" : "made-by-P1"), secret(isLower ? "made-by-P1" : "made-by-P0"));
        var shares = ElementVector.zeros(domain, 3);
        new ZeroShares(PairwiseKeys.of(own, Map.of(isLower ? P1 : P0, pair)), delivery(), MemberName.client(0))
                .addTo(shares, CHUNK_1);
        return encoded(shares);
    }

    @Test
    void the_lower_party_adds_the_stream_in_every_domain() {
        assertThat(zeroShare(P0, new Domain.Ring(128, 64))).isEqualTo(block("z-ring-128"));
        assertThat(zeroShare(P0, new Domain.Ring(72, 72))).isEqualTo(block("z-ring-72"));
        var field = new Domain.PrimeField(new BigInteger("170141183460469231731687303715885907969"));
        assertThat(zeroShare(P0, field)).isEqualTo(block("z-field"));
    }

    @Test
    void the_higher_party_subtracts_the_stream() throws Exception {
        var ring = new Domain.Ring(128, 64);
        var expected = ElementVector.zeros(ring, 3);
        expected.subtract(ElementVector.decode(ring, secret("z-ring-128")));
        assertThat(zeroShare(P1, ring)).isEqualTo(encoded(expected));
    }

    @Test
    void challenges_come_from_the_seed() {
        var chi = ElementVector.zeros(new Domain.Ring(128, 64), 2);
        try (var challenges = new Challenges(secret("seed"), delivery())) {
            chi.fillUniformly(challenges.ofChunk(1));
        }
        assertThat(encoded(chi)).isEqualTo(block("challenges"));
    }

    @Test
    void digests_commitments_and_coin_are_as_described() {
        for (int p = 0; p < 2; p++) {
            var digest = new EnvelopesDigest(delivery(), p, 2);
            for (int i = 0; i < 2; i++) {
                digest.add(new EnvelopeId(Sha256.of(Bytes.ascii("P" + p + " envelope " + i))));
            }
            var share = SecretBytes.takeOver(part("coin-shares", p).toArray());
            assertThat(digest.digest()).isEqualTo(part("digests", p));
            assertThat(Coin.commitment(delivery(), p, part("digests", p), share))
                    .isEqualTo(part("commitments", p));
        }
        assertThat(coin()).isEqualTo(block("coin"));
    }

    private static Bytes coin() {
        var digests = List.of(part("digests", 0), part("digests", 1));
        var shares = List.of(part("coin-shares", 0), part("coin-shares", 1));
        return Coin.toss(delivery(), digests, shares);
    }

    @Test
    void the_coin_stretches_to_offsets_and_bits() {
        var stretch = new CoinStretch(coin(), 300);
        for (int row = 0; row < 2; row++) {
            var offsets = stretch.nextOffsets();
            for (int table = 0; table < CoinStretch.TABLES; table++) {
                assertThat(offsets[table])
                        .isEqualTo(Byte.toUnsignedInt(block("offsets").toArray()[8 * row + table]));
            }
        }
        var words = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        var bits = stretch.bits();
        words.putLong(bits[0]).putLong(bits[1]);
        assertThat(Bytes.of(words.array())).isEqualTo(block("first-bits"));
    }

    @Test
    void the_combinations_of_1_to_300_with_masks_from_1000_on_are_as_computed() {
        var ring = new Domain.Ring(64, 64);
        var combinations = new Combinations(ring, coin(), 300);
        combinations.add(Domains.of(ring, LongStream.rangeClosed(1, 300).toArray()), 300);
        var opened = encoded(
                combinations.with(Domains.of(ring, LongStream.range(1000, 1064).toArray())));

        assertThat(Bytes.ofRange(opened.toArray(), 0, 16)).isEqualTo(block("first-combinations"));
        assertThat(Sha256.of(opened)).isEqualTo(block("digest-of-combinations"));
    }
}
