// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.member.MemberName;

class ZeroSharesTest {
    private static final DeliveryId DELIVERY = new DeliveryId(new RunId(1, 2), 3);
    private static final MemberName C0 = MemberName.client(0);
    private static final Place PLACE = new Place(Kind.VALUES, 4);
    private static final Domain RING = new Domain.Ring(128, 64);

    static Stream<Domain> domains() {
        return Stream.concat(Domains.RINGS.stream(), Domains.FIELDS.stream());
    }

    /// The keys of every party of a run of n.
    static List<PairwiseKeys> run(int n) {
        var made = new SecretBytes[n][n];
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                made[p][q] = SecretBytes.random(PairwiseKeys.KEY_SIZE);
            }
        }
        var keys = new ArrayList<PairwiseKeys>();
        for (int p = 0; p < n; p++) {
            Map<MemberName, PairwiseKeys.Pair> pairs = new TreeMap<>();
            for (int q = 0; q < n; q++) {
                if (q != p) {
                    pairs.put(MemberName.party(q), new PairwiseKeys.Pair(made[p][q], made[q][p]));
                }
            }
            keys.add(PairwiseKeys.of(MemberName.party(p), pairs));
        }
        return keys;
    }

    private static ElementVector zeroShare(
            PairwiseKeys keys, Domain domain, DeliveryId id, MemberName to, Place place) {
        var share = ElementVector.zeros(domain, 5);
        new ZeroShares(keys, id, to).addTo(share, place);
        return share;
    }

    @ParameterizedTest
    @MethodSource("domains")
    void shares_of_zero_cancel_over_all_parties(Domain domain) {
        for (int n = 2; n <= 4; n++) {
            var sum = ElementVector.zeros(domain, 5);
            for (var keys : run(n)) {
                sum.add(zeroShare(keys, domain, DELIVERY, C0, PLACE));
            }
            for (int i = 0; i < sum.size(); i++) {
                assertThat(Domains.integer(sum, i)).isZero();
            }
        }
    }

    @Test
    void every_element_of_a_share_is_hidden() {
        var share = zeroShare(run(3).getFirst(), RING, DELIVERY, C0, PLACE);
        for (int i = 0; i < share.size(); i++) {
            assertThat(Domains.integer(share, i)).isNotZero();
        }
    }

    @Test
    void each_bound_field_changes_the_share() {
        var keys = run(2).getFirst();
        var share = Domains.integer(zeroShare(keys, RING, DELIVERY, C0, PLACE), 0);

        var others = List.of(
                zeroShare(keys, RING, new DeliveryId(new RunId(1, 2), 4), C0, PLACE),
                zeroShare(keys, RING, new DeliveryId(new RunId(1, 3), 3), C0, PLACE),
                zeroShare(keys, RING, DELIVERY, MemberName.client(1), PLACE),
                zeroShare(keys, RING, DELIVERY, C0, new Place(Kind.VALUES, 5)),
                zeroShare(keys, RING, DELIVERY, C0, new Place(Kind.CLOSING, 0)),
                zeroShare(run(2).getFirst(), RING, DELIVERY, C0, PLACE));

        assertThat(others).noneMatch(other -> Domains.integer(other, 0).equals(share));
    }

    @Test
    void a_share_depends_on_both_parties_keys() {
        var made = SecretBytes.random(16);
        var received = SecretBytes.random(16);
        var p1 = MemberName.party(1);
        var keys = PairwiseKeys.of(MemberName.party(0), Map.of(p1, new PairwiseKeys.Pair(made, received)));
        var otherMade = PairwiseKeys.of(
                MemberName.party(0), Map.of(p1, new PairwiseKeys.Pair(SecretBytes.random(16), received)));
        var otherReceived =
                PairwiseKeys.of(MemberName.party(0), Map.of(p1, new PairwiseKeys.Pair(made, SecretBytes.random(16))));

        var share = Domains.integer(zeroShare(keys, RING, DELIVERY, C0, PLACE), 0);

        assertThat(Domains.integer(zeroShare(otherMade, RING, DELIVERY, C0, PLACE), 0))
                .isNotEqualTo(share);
        assertThat(Domains.integer(zeroShare(otherReceived, RING, DELIVERY, C0, PLACE), 0))
                .isNotEqualTo(share);
    }

    @Test
    void keys_must_be_of_other_parties_and_of_the_right_size() {
        var p0 = MemberName.party(0);
        var pair = new PairwiseKeys.Pair(SecretBytes.random(16), SecretBytes.random(16));
        assertThatThrownBy(() -> PairwiseKeys.of(p0, Map.of(p0, pair))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PairwiseKeys.of(p0, Map.of(C0, pair))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PairwiseKeys.Pair(SecretBytes.random(15), SecretBytes.random(16)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keys_fit_a_set_of_parties_only_when_they_are_exactly_of_the_others() {
        var keys = run(3).getFirst();
        var p = Stream.of(0, 1, 2, 3).map(MemberName::party).toList();
        assertThat(keys.fit(p.subList(0, 3))).isTrue();
        assertThat(keys.fit(p)).isFalse();
        assertThat(keys.fit(p.subList(0, 2))).isFalse();
        assertThat(keys.toString()).isEqualTo("pairwise keys of P0 with [P1, P2]");
    }

    @Test
    void closed_keys_are_wiped_and_cannot_be_used() {
        var keys = run(2).getFirst();
        keys.close();
        assertThatThrownBy(() -> zeroShare(keys, RING, DELIVERY, C0, PLACE)).isInstanceOf(IllegalStateException.class);
    }
}
