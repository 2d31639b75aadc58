// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;

class VerdictPolicyTest {
    private static final VerdictPolicy POLICY = new VerdictPolicy(Set.of("spdz2k", "mascot"));
    private static final Domain RING = new Domain.Ring(128, 64);

    /// Of 64 bits.
    private static final Domain PRIME = new Domain.PrimeField(new BigInteger("18446744073709551557"));

    private static DeliveryFacts facts(Scheme scheme, Domain domain, String protocol, boolean macsChecked) {
        return facts(scheme, domain, protocol, macsChecked, true);
    }

    private static DeliveryFacts facts(
            Scheme scheme, Domain domain, String protocol, boolean macsChecked, boolean rerandomised) {
        return new DeliveryFacts(
                new DeliveryId(new RunId(1, 2), 0),
                new Shape(4, 4),
                domain,
                scheme,
                0,
                7,
                MemberName.client(0),
                List.of(MemberName.party(0), MemberName.party(1)),
                protocol,
                macsChecked,
                rerandomised,
                1,
                scheme == Scheme.INPUT ? 64 : 0,
                Bytes.empty());
    }

    @ParameterizedTest
    @EnumSource(names = {"TRIPLE", "QUINTUPLE", "BATCHED", "COMMITTED"})
    void a_check_that_held_in_a_good_domain_under_a_listed_protocol_verifies(Scheme scheme) {
        assertThat(POLICY.judge(facts(scheme, RING, "spdz2k", true), CheckResult.HELD))
                .isEqualTo(Verdict.VERIFIED);
    }

    @ParameterizedTest
    @EnumSource
    void a_check_that_failed_rejects(Scheme scheme) {
        assertThat(POLICY.judge(facts(scheme, RING, "spdz2k", true), CheckResult.FAILED))
                .isEqualTo(Verdict.REJECTED);
        assertThat(POLICY.judge(facts(scheme, RING, "semi2k", false), CheckResult.FAILED))
                .isEqualTo(Verdict.REJECTED);
    }

    @Test
    void additive_is_never_verified() {
        assertUnverified(facts(Scheme.ADDITIVE, RING, "spdz2k", true), Doubt.NO_CHECK);
    }

    @Test
    void unchecked_macs_leave_a_doubt() {
        assertUnverified(facts(Scheme.BATCHED, RING, "spdz2k", false), Doubt.MACS_NOT_CHECKED);
        assertUnverified(facts(Scheme.COMMITTED, RING, "spdz2k", false), Doubt.MACS_NOT_CHECKED);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRIPLE", "QUINTUPLE", "BATCHED", "COMMITTED"})
    void shares_that_were_not_rerandomised_leave_a_doubt(Scheme scheme) {
        assertUnverified(facts(scheme, RING, "spdz2k", true, false), Doubt.NOT_RERANDOMISED);
    }

    @Test
    void a_protocol_off_the_list_leaves_a_doubt() {
        assertUnverified(
                facts(Scheme.BATCHED, PRIME, "semi", false), Doubt.MACS_NOT_CHECKED, Doubt.PROTOCOL_NOT_LISTED);
        assertUnverified(facts(Scheme.BATCHED, PRIME, "lowgear", true), Doubt.PROTOCOL_NOT_LISTED);
        assertUnverified(facts(Scheme.BATCHED, PRIME, "unheard-of", true), Doubt.PROTOCOL_NOT_LISTED);
    }

    /// A name that contradicts the domain is wrong, or the domain is: either way it proves nothing.
    @ParameterizedTest
    @EnumSource(names = {"TRIPLE", "QUINTUPLE", "BATCHED", "COMMITTED"})
    void a_listed_protocol_in_a_domain_that_is_not_its_own_leaves_a_doubt(Scheme scheme) {
        assertUnverified(facts(scheme, PRIME, "spdz2k", true), Doubt.PROTOCOL_NOT_OF_DOMAIN);
        assertUnverified(facts(scheme, RING, "mascot", true), Doubt.PROTOCOL_NOT_OF_DOMAIN);
    }

    @Test
    void small_domains_leave_a_doubt() {
        assertUnverified(
                facts(Scheme.BATCHED, new Domain.Ring(103, 64), "spdz2k", true),
                Doubt.DOMAIN_TOO_SMALL,
                Doubt.PROTOCOL_NOT_OF_DOMAIN);
        var small = new Domain.PrimeField(BigInteger.valueOf(65537));
        assertUnverified(facts(Scheme.TRIPLE, small, "mascot", true), Doubt.DOMAIN_TOO_SMALL);
        var ofSixtyThreeBits = new Domain.PrimeField(new BigInteger("9223372036854775783"));
        assertUnverified(facts(Scheme.QUINTUPLE, ofSixtyThreeBits, "mascot", true), Doubt.DOMAIN_TOO_SMALL);
        assertUnverified(facts(Scheme.COMMITTED, ofSixtyThreeBits, "mascot", true), Doubt.DOMAIN_TOO_SMALL);
    }

    @Test
    void forty_spare_bits_and_primes_of_sixty_four_are_enough() {
        assertThat(POLICY.doubts(facts(Scheme.BATCHED, new Domain.Ring(104, 64), "spdz2k", true)))
                .isEmpty();
        assertThat(POLICY.doubts(facts(Scheme.BATCHED, PRIME, "mascot", true))).isEmpty();
    }

    @Test
    void semi2k_has_every_doubt_but_that_of_rerandomisation() {
        assertUnverified(
                facts(Scheme.BATCHED, new Domain.Ring(64, 64), "semi2k", false),
                Doubt.DOMAIN_TOO_SMALL,
                Doubt.MACS_NOT_CHECKED,
                Doubt.PROTOCOL_NOT_LISTED);
    }

    /// Passive protocols, such that need an honest majority, and such that nobody has examined.
    @ParameterizedTest
    @ValueSource(strings = {"semi2k", "semi", "replicated-ring", "sy-rep-ring", "malicious-shamir", "cowgear", "spdz"})
    void no_client_can_list_a_protocol_that_is_not_secure_while_all_but_one_cheat(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new VerdictPolicy(Set.of("spdz2k", name)));
    }

    private static void assertUnverified(DeliveryFacts facts, Doubt... doubts) {
        assertThat(POLICY.doubts(facts)).containsExactlyInAnyOrder(doubts);
        assertThat(POLICY.judge(facts, CheckResult.HELD)).isEqualTo(Verdict.UNVERIFIED);
    }
}
