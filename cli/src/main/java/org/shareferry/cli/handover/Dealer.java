// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.member.MemberName;
import org.shareferry.share.PairwiseKeys;

/// Simulates all parties: splits known values into shares, with the scheme's additional elements.
/// For tests and demos only; in production shares come from an MPC and nobody ever has all of them.
final class Dealer {
    private final HandOver.Facts facts;
    private final SecureRandom random;
    private final BigInteger modulus;

    Dealer(HandOver.Facts facts, SecureRandom random) {
        this.facts = facts;
        this.random = random;
        this.modulus = switch (facts.domain()) {
            case Domain.Ring ring -> BigInteger.ONE.shiftLeft(ring.shareBits());
            case Domain.PrimeField field -> field.modulus();
        };
    }

    /// @param values integers, as many as the facts count
    /// @return one hand-over for each party
    List<HandOver> deal(List<BigInteger> values) {
        var chunks = new ArrayList<List<HandOver.Chunk>>();
        facts.parties().forEach(party -> chunks.add(new ArrayList<>()));
        for (int index = 0; index < facts.shape().chunkCount(); index++) {
            int from = (int) facts.shape().firstValue(index);
            var dealt = dealChunk(values.subList(from, from + facts.shape().valuesInChunk(index)));
            for (int party = 0; party < dealt.size(); party++) {
                chunks.get(party).add(dealt.get(party));
            }
        }
        var keys = dealKeys();
        var handOvers = new ArrayList<HandOver>();
        for (int party = 0; party < chunks.size(); party++) {
            handOvers.add(new HandOver(facts, keys.get(party), chunks.get(party)));
        }
        return handOvers;
    }

    private List<HandOver.Chunk> dealChunk(List<BigInteger> values) {
        var r = uniform();
        var v = uniform();
        var elements = new ArrayList<BigInteger>();
        for (var value : values) {
            elements.addAll(elementsOf(hideUpperBits(value), r));
        }
        var tail = facts.scheme().elementsPerTail() == 0 ? List.<BigInteger>of() : List.of(r, v, v.multiply(r));
        var elementShares = share(elements);
        var tailShares = share(tail);
        var chunks = new ArrayList<HandOver.Chunk>();
        for (int party = 0; party < facts.parties().size(); party++) {
            chunks.add(new HandOver.Chunk(
                    elementShares.get(party), tail.isEmpty() ? Optional.empty() : Optional.of(tailShares.get(party))));
        }
        return chunks;
    }

    private List<BigInteger> elementsOf(BigInteger y, BigInteger chunkR) {
        var r = uniform();
        var v = uniform();
        return switch (facts.scheme()) {
            case ADDITIVE -> List.of(y);
            case TRIPLE -> List.of(y, r, y.multiply(r));
            case QUINTUPLE -> List.of(y, r, v, y.multiply(r), v.multiply(r));
            case BATCHED -> List.of(y, y.multiply(chunkR));
            case COMMITTED, INPUT ->
                throw new IllegalArgumentException("A dealer cannot play the dialog of committed.");
        };
    }

    /// Only the low k bits are the value; the others are random, as in an MPC.
    private BigInteger hideUpperBits(BigInteger value) {
        return switch (facts.domain()) {
            case Domain.Ring ring -> value.add(uniform().shiftLeft(ring.clearBits()));
            case Domain.PrimeField field -> value;
        };
    }

    private List<SecretBytes> share(List<BigInteger> elements) {
        int parties = facts.parties().size();
        int size = facts.domain().elementBytes();
        var shares = new ArrayList<byte[]>();
        facts.parties().forEach(party -> shares.add(new byte[elements.size() * size]));
        for (int i = 0; i < elements.size(); i++) {
            var rest = elements.get(i);
            for (int party = 1; party < parties; party++) {
                var share = uniform();
                encode(share, shares.get(party), i * size);
                rest = rest.subtract(share);
            }
            encode(rest, shares.getFirst(), i * size);
        }
        return shares.stream().map(SecretBytes::takeOver).toList();
    }

    private void encode(BigInteger element, byte[] target, int at) {
        var onWire = switch (facts.domain()) {
            case Domain.Ring ring -> element.mod(modulus);
            case Domain.PrimeField field ->
                element.shiftLeft(64 * field.words()).mod(modulus);
        };
        for (int b = 0; b < facts.domain().elementBytes(); b++) {
            target[at + b] = onWire.shiftRight(8 * b).byteValue();
        }
    }

    private List<Map<MemberName, PairwiseKeys.Pair>> dealKeys() {
        var parties = facts.parties();
        var made = new HashMap<List<MemberName>, SecretBytes>();
        for (var from : parties) {
            for (var to : parties) {
                made.put(List.of(from, to), SecretBytes.random(PairwiseKeys.KEY_SIZE));
            }
        }
        var all = new ArrayList<Map<MemberName, PairwiseKeys.Pair>>();
        for (var own : parties) {
            var keys = new HashMap<MemberName, PairwiseKeys.Pair>();
            for (var other : parties) {
                if (!other.equals(own)) {
                    keys.put(other, pair(made, own, other));
                }
            }
            all.add(keys);
        }
        return all;
    }

    private static PairwiseKeys.Pair pair(Map<List<MemberName>, SecretBytes> made, MemberName own, MemberName other) {
        var ours = made.get(List.of(own, other));
        var theirs = made.get(List.of(other, own));
        if (ours == null || theirs == null) {
            throw new IllegalStateException("A key is missing.");
        }
        return new PairwiseKeys.Pair(ours, theirs);
    }

    private BigInteger uniform() {
        BigInteger drawn;
        do {
            drawn = new BigInteger(modulus.bitLength(), random);
        } while (drawn.compareTo(modulus) >= 0);
        return drawn;
    }
}
