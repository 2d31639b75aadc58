// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.member.MemberName;
import org.shareferry.share.Domains;
import org.shareferry.share.ElementVector;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.ZeroShares;

/// One run of n parties: everything from one seed, so that jqwik can repeat it.
final class SimulatedParties {
    static final DeliveryId DELIVERY = new DeliveryId(new RunId(11, 12), 3);

    final Random random;
    final int parties;
    final List<PairwiseKeys> keys = new ArrayList<>();

    SimulatedParties(long seed, int parties) {
        this.random = new Random(seed);
        this.parties = parties;
        for (int p = 0; p < parties; p++) {
            Map<MemberName, PairwiseKeys.Pair> pairs = new TreeMap<>();
            for (int q = 0; q < parties; q++) {
                if (q != p) {
                    pairs.put(MemberName.party(q), new PairwiseKeys.Pair(key(p, q), key(q, p)));
                }
            }
            keys.add(PairwiseKeys.of(MemberName.party(p), pairs));
        }
    }

    private static SecretBytes key(int from, int to) {
        var key = new byte[PairwiseKeys.KEY_SIZE];
        key[0] = (byte) from;
        key[1] = (byte) to;
        return SecretBytes.takeOver(key);
    }

    BigInteger uniform(Domain domain) {
        return new BigInteger(320, random).mod(Domains.order(domain));
    }

    /// A shift that changes a value, of few bits, of many, or of the top bit of a value alone.
    BigInteger shift(Domain domain) {
        var modulus =
                domain instanceof Domain.Ring ring ? BigInteger.ONE.shiftLeft(ring.clearBits()) : Domains.order(domain);
        var shift = switch (random.nextInt(4)) {
            case 0 -> BigInteger.ONE;
            case 1 -> BigInteger.ONE.negate();
            case 2 -> modulus.shiftRight(1);
            default -> uniform(domain);
        };
        return shift.mod(modulus).signum() == 0 ? BigInteger.TWO : shift;
    }

    /// @return each party's re-randomised shares of these elements for a place
    List<ElementVector> share(Domain domain, BigInteger[] elements, Place place) {
        var rest = elements.clone();
        var all = new ArrayList<ElementVector>();
        for (int p = 0; p < parties; p++) {
            var share = rest;
            if (p < parties - 1) {
                share = new BigInteger[rest.length];
                for (int i = 0; i < rest.length; i++) {
                    share[i] = uniform(domain);
                    rest[i] = rest[i].subtract(share[i]);
                }
            }
            var vector = Domains.of(domain, share);
            new ZeroShares(keys.get(p), DELIVERY, MemberName.client(0)).addTo(vector, place);
            all.add(vector);
        }
        return all;
    }

    /// Lets one party add something to one of the elements it sends.
    void cheat(List<ElementVector> shares) {
        var vector = shares.get(random.nextInt(parties));
        vector.addAt(random.nextInt(vector.size()), Domains.of(vector.domain(), shift(vector.domain())), 0, 1);
    }

    static ElementVector sum(List<ElementVector> shares) {
        var sum = shares.getFirst().zerosAlike(shares.getFirst().size());
        shares.forEach(sum::add);
        return sum;
    }
}
