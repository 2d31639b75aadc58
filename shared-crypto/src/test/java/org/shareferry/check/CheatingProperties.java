// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.share.DecodedValues;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;

/// Two to five parties share, re-randomise and send; the client adds up, checks and decodes. Honest
/// deliveries pass and decode to what was shared; one in which any party shifts anything it sends is
/// rejected. Shifts are those that change the value: not 0 modulo 2^k.
class CheatingProperties {
    private static final DeliveryId DELIVERY = SimulatedParties.DELIVERY;
    private static final List<Domain> GOOD = List.of(
            new Domain.Ring(128, 64),
            new Domain.Ring(112, 64),
            new Domain.Ring(136, 72),
            new Domain.Ring(120, 72),
            Domains.FIELDS.get(1),
            Domains.FIELDS.get(3),
            Domains.FIELDS.get(4),
            Domains.FIELDS.get(6));

    @Provide
    Arbitrary<Domain> domains() {
        return Arbitraries.of(GOOD);
    }

    @Provide
    Arbitrary<Scheme> chunked() {
        return Arbitraries.of(Scheme.TRIPLE, Scheme.QUINTUPLE, Scheme.BATCHED);
    }

    /// @param elements those of the values, then r, v and u in batched
    private record Chunk(BigInteger[] values, BigInteger[] elements) {
        static Chunk of(SimulatedParties run, Domain domain, Scheme scheme, int count) {
            var values = new BigInteger[count];
            var elements = new ArrayList<BigInteger>();
            var r = run.uniform(domain);
            for (int i = 0; i < count; i++) {
                var y = run.uniform(domain);
                values[i] = y;
                switch (scheme) {
                    case ADDITIVE, COMMITTED -> elements.add(y);
                    case BATCHED -> elements.addAll(List.of(y, y.multiply(r)));
                    case TRIPLE -> {
                        r = run.uniform(domain);
                        elements.addAll(List.of(y, r, y.multiply(r)));
                    }
                    case QUINTUPLE -> {
                        r = run.uniform(domain);
                        var v = run.uniform(domain);
                        elements.addAll(List.of(y, r, v, y.multiply(r), v.multiply(r)));
                    }
                }
            }
            if (scheme == Scheme.BATCHED) {
                var v = run.uniform(domain);
                elements.addAll(List.of(r, v, v.multiply(r)));
            }
            return new Chunk(values, elements.toArray(BigInteger[]::new));
        }
    }

    private static boolean holds(Scheme scheme, List<ElementVector> elements) {
        try (var challenges = new Challenges(SecretBytes.random(Challenges.SEED_SIZE), DELIVERY)) {
            return ChunkCheck.holds(scheme, SimulatedParties.sum(elements), challenges.ofChunk(0));
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void a_chunk_passes_as_it_is_and_never_with_a_shift(
            @ForAll("domains") Domain domain,
            @ForAll("chunked") Scheme scheme,
            @ForAll @IntRange(min = 2, max = 5) int parties,
            @ForAll @IntRange(min = 1, max = 9) int count,
            @ForAll long seed) {
        var run = new SimulatedParties(seed, parties);
        var chunk = Chunk.of(run, domain, scheme, count);
        var elements = run.share(domain, chunk.elements(), new Place(Kind.VALUES, 0));

        assertThat(holds(scheme, elements)).isTrue();
        assertDecodes(domain, chunk.values(), SimulatedParties.sum(elements), scheme.elementsPerValue());

        run.cheat(elements);
        assertThat(holds(scheme, elements)).isFalse();
    }

    private static void assertDecodes(Domain domain, BigInteger[] values, ElementVector sum, int stride) {
        var decoded = new DecodedValues(domain, 0);
        var raw = decoded.toRaw(sum, stride, values.length);
        var modulus =
                domain instanceof Domain.Ring ring ? BigInteger.ONE.shiftLeft(ring.clearBits()) : Domains.order(domain);
        for (int i = 0; i < values.length; i++) {
            assertThat(decoded.number(raw, i).toBigIntegerExact().mod(modulus)).isEqualTo(values[i].mod(modulus));
        }
    }

    /// What a client holds of a committed delivery when the parties are through with it.
    private static final class Committed {
        final SimulatedParties run;
        final Domain sentIn;
        final int count;
        /// Of each party, the values and then the masks.
        final List<ElementVector> sent;
        final List<ClosingWords> closings;

        Committed(SimulatedParties run, Domain domain, int count) {
            this.run = run;
            this.count = count;
            sentIn = Scheme.COMMITTED.elementDomain(domain);
            var elements = Chunk.of(run, domain, Scheme.COMMITTED, count + Scheme.MASKS)
                    .elements();
            sent = run.share(sentIn, elements, new Place(Kind.VALUES, 0));
            var coinShares = new ArrayList<Bytes>();
            for (int p = 0; p < run.parties; p++) {
                coinShares.add(Sha256.of(Bytes.of((byte) p, (byte) run.random.nextInt())));
            }
            var digests = digests();
            var combinations = new Combinations(sentIn, Coin.toss(DELIVERY, digests, coinShares), count);
            var sum = SimulatedParties.sum(sent);
            combinations.add(sum, count);
            var words = new ClosingWords(digests, coinShares, bytes(combinations.with(sum)));
            closings = new ArrayList<>();
            for (int p = 0; p < run.parties; p++) {
                closings.add(words);
            }
        }

        private static Bytes bytes(ElementVector vector) {
            try (var encoded = vector.encode()) {
                return Bytes.of(encoded.reveal());
            }
        }

        /// The digests of what the parties have sent by now: ids stand for envelopes as hashes of their
        /// content.
        List<Bytes> digests() {
            var digests = new ArrayList<Bytes>();
            for (int p = 0; p < run.parties; p++) {
                var digest = new EnvelopesDigest(DELIVERY, p, 1);
                digest.add(new EnvelopeId(Sha256.of(bytes(sent.get(p)))));
                digests.add(digest.digest());
            }
            return digests;
        }

        boolean accepted(List<Bytes> held, List<ClosingWords> said, int chunk) {
            var begun = CommittedCheck.begin(DELIVERY, sentIn, count, held, said);
            if (begun.isEmpty()) {
                return false;
            }
            try (var check = begun.get()) {
                var sum = SimulatedParties.sum(sent);
                for (int i = 0; i < count; i += chunk) {
                    int values = Math.min(chunk, count - i);
                    var part = sum.zerosAlike(i + values == count ? values + Scheme.MASKS : values);
                    part.addAt(0, sum, i, part.size());
                    check.add(part, values);
                    if (i + values == count) {
                        return check.holds(part);
                    }
                }
                throw new AssertionError("There is a last chunk.");
            }
        }

        /// What a liar says instead: one thing of his closing words is another.
        ClosingWords lie(ClosingWords words) {
            int what = run.random.nextInt(3);
            int party = run.random.nextInt(run.parties);
            var lists = new ArrayList<List<Bytes>>(List.of(words.digests(), words.coinShares()));
            if (what < 2) {
                var changed = new ArrayList<>(lists.get(what));
                changed.set(party, Sha256.of(changed.get(party)));
                lists.set(what, changed);
                return new ClosingWords(lists.get(0), lists.get(1), words.combinations());
            }
            try (var secret = SecretBytes.takeOver(words.combinations().toArray())) {
                var opened = ElementVector.decode(sentIn, secret);
                opened.addAt(run.random.nextInt(Scheme.MASKS), Domains.of(sentIn, run.shift(sentIn)), 0, 1);
                return new ClosingWords(lists.get(0), lists.get(1), bytes(opened));
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Property(tries = 120, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void a_committed_delivery_passes_as_it_is_and_never_with_a_shift_or_a_lie(
            @ForAll("domains") Domain domain,
            @ForAll @IntRange(min = 2, max = 5) int parties,
            @ForAll @IntRange(min = 1, max = 700) int count,
            @ForAll @IntRange(min = 1, max = 300) int chunk,
            @ForAll long seed) {
        var sent = new Committed(new SimulatedParties(seed, parties), domain, count);
        var held = sent.digests();
        assertThat(sent.accepted(held, sent.closings, chunk)).isTrue();

        var lies = new ArrayList<>(sent.closings);
        lies.set(sent.run.random.nextInt(parties), sent.lie(sent.closings.getFirst()));
        assertThat(sent.accepted(held, lies, chunk)).as("one lies").isFalse();
        var lie = sent.lie(sent.closings.getFirst());
        assertThat(sent.accepted(held, lies.stream().map(words -> lie).toList(), chunk))
                .as("all say the same lie")
                .isFalse();

        // The shares were false before the coin: the digests are of what was sent, T is of what is true.
        sent.run.cheat(sent.sent);
        assertThat(sent.accepted(held, sent.closings, chunk))
                .as("a false share")
                .isFalse();
        // They were changed after it: then the digests say so already.
        assertThat(sent.digests()).isNotEqualTo(held);
        assertThat(CommittedCheck.begin(DELIVERY, sent.sentIn, count, sent.digests(), sent.closings))
                .as("changed after the coin")
                .isEmpty();
    }
}
