// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;

class VerdictPolicyTest {
    private static final VerdictPolicy POLICY = new VerdictPolicy(Set.of("spdz2k", "mascot"), Set.of(), 1);
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
    void a_passed_check_in_a_large_domain_under_a_listed_protocol_is_verified(Scheme scheme) {
        assertThat(POLICY.judge(facts(scheme, RING, "spdz2k", true), CheckResult.HELD))
                .isEqualTo(Verdict.VERIFIED);
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_check_is_rejected(Scheme scheme) {
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
    void forty_spare_bits_or_a_prime_of_sixty_four_bits_leave_no_doubt() {
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
        assertThatIllegalArgumentException().isThrownBy(() -> new VerdictPolicy(Set.of("spdz2k", name), Set.of(), 1));
    }

    private static final Domain RING_64 = new Domain.Ring(64, 64);

    private static final VerdictPolicy TRUSTING =
            new VerdictPolicy(Protocol.activelySecure(), Protocol.secureWithHonestMajority(), 1);

    private static DeliveryFacts facts(Scheme scheme, Domain domain, String protocol, int parties, int threshold) {
        return new DeliveryFacts(
                new DeliveryId(new RunId(1, 2), 0),
                new Shape(4, 4),
                domain,
                scheme,
                0,
                7,
                MemberName.client(0),
                IntStream.range(0, parties).mapToObj(MemberName::party).toList(),
                protocol,
                Protocol.named(protocol).filter(known -> !known.hasOwnChecks()).isEmpty(),
                true,
                threshold,
                scheme == Scheme.INPUT ? 64 : 0,
                Bytes.empty());
    }

    /// The protocols of the table with a domain, N and t that are theirs, and the schemes that can be VERIFIED at a
    /// client that trusts majorities.
    @ParameterizedTest
    @CsvSource({
        "spdz2k, ring, 3, 2, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "mascot, prime, 3, 2, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "lowgear, prime, 2, 1, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "highgear, prime, 2, 1, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "mama, prime, 2, 1, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "ps-rep-ring, ring64, 3, 1, COMMITTED INPUT",
        "malicious-rep-ring, ring64, 3, 1, COMMITTED INPUT",
        "rep4-ring, ring64, 4, 1, COMMITTED INPUT",
        "malicious-shamir, prime, 3, 1, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "malicious-shamir, prime, 5, 2, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "ps-rep-field, prime, 3, 1, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "malicious-rep-field, prime, 3, 1, TRIPLE QUINTUPLE BATCHED COMMITTED INPUT",
        "sy-shamir, prime, 3, 1, ''",
        "sy-rep-field, prime, 3, 1, ''",
        "sy-rep-ring, ring, 3, 1, ''",
        "replicated-ring, ring64, 3, 1, ''",
        "replicated-field, prime, 3, 1, ''",
        "shamir, prime, 3, 1, ''",
        "atlas, prime, 3, 1, ''",
        "semi2k, ring64, 2, 1, ''",
        "semi, prime, 2, 1, ''",
        "hemi, prime, 2, 1, ''",
        "temi, prime, 2, 1, ''",
        "soho, prime, 2, 1, ''",
        "cowgear, prime, 2, 1, ''",
        "chaigear, prime, 2, 1, ''",
        "dealer-ring, ring64, 3, 1, ''",
        "astra, ring64, 3, 1, ''",
        "trio, ring64, 3, 1, ''",
        "brain, ring64, 3, 1, ''",
        "own, ring, 3, 2, ''",
        "own, ring64, 3, 1, ''",
        "own, prime, 3, 1, ''"
    })
    void each_protocol_is_verified_in_the_schemes_that_it_supports_and_no_other(
            String protocol, String domain, int parties, int threshold, String schemes) {
        var shares = domain.equals("ring") ? RING : domain.equals("ring64") ? RING_64 : PRIME;
        var verified = Set.of(schemes.split(" "));

        for (var scheme : Scheme.values()) {
            var facts = facts(scheme, shares, protocol, parties, threshold);
            boolean isVerified = verified.contains(scheme.name());

            assertThat(TRUSTING.judge(facts, CheckResult.HELD))
                    .as(scheme.text())
                    .isEqualTo(isVerified ? Verdict.VERIFIED : Verdict.UNVERIFIED);
            assertThat(TRUSTING.judge(facts, CheckResult.FAILED)).isEqualTo(Verdict.REJECTED);
        }
    }

    @Test
    void a_majority_is_trusted_only_where_the_client_says_so() {
        var facts = facts(Scheme.COMMITTED, RING_64, "ps-rep-ring", 3, 1);
        var trustsAnother = new VerdictPolicy(Protocol.activelySecure(), Set.of("malicious-rep-ring"), 1);

        assertUnverified(facts, Doubt.MAJORITY_NOT_TRUSTED);
        assertThat(trustsAnother.judge(facts, CheckResult.HELD)).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void batched_in_a_ring_without_spare_bits_leaves_a_doubt_whatever_the_protocol() {
        var facts = facts(Scheme.BATCHED, RING_64, "ps-rep-ring", 3, 1);

        assertThat(TRUSTING.doubts(facts)).containsExactly(Doubt.DOMAIN_TOO_SMALL);
    }

    /// Only the name tells the client how secure a protocol is, so the numbers must be those of the name.
    @ParameterizedTest
    @CsvSource({
        "spdz2k, ring, 3, 1",
        "mascot, prime, 3, 0",
        "ps-rep-ring, ring64, 3, 2",
        "ps-rep-ring, ring64, 2, 1",
        "rep4-ring, ring64, 3, 1",
        "malicious-shamir, prime, 4, 2",
        "malicious-shamir, prime, 2, 1"
    })
    void a_threshold_or_a_number_of_parties_that_is_not_the_protocols_leaves_a_doubt(
            String protocol, String domain, int parties, int threshold) {
        var shares = domain.equals("ring") ? RING : domain.equals("ring64") ? RING_64 : PRIME;

        var facts = facts(Scheme.COMMITTED, shares, protocol, parties, threshold);

        assertThat(TRUSTING.doubts(facts)).contains(Doubt.THRESHOLD_NOT_OF_PROTOCOL);
    }

    @Test
    void a_protocol_must_bear_as_many_corrupt_parties_as_the_client_calls_for() {
        var two = new VerdictPolicy(Protocol.activelySecure(), Protocol.secureWithHonestMajority(), 2);

        assertThat(two.doubts(facts(Scheme.COMMITTED, RING_64, "ps-rep-ring", 3, 1)))
                .containsExactly(Doubt.BEARS_TOO_FEW);
        assertThat(two.doubts(facts(Scheme.COMMITTED, RING, "spdz2k", 2, 1))).containsExactly(Doubt.BEARS_TOO_FEW);
        assertThat(two.doubts(facts(Scheme.COMMITTED, RING, "spdz2k", 3, 2))).isEmpty();
        assertThat(two.doubts(facts(Scheme.COMMITTED, PRIME, "malicious-shamir", 5, 2)))
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new VerdictPolicy(Set.of(), Set.of(), 0));
    }

    /// Passive, broken, or secure only against others.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicated-ring",
                "sy-rep-ring",
                "sy-shamir",
                "sy-rep-field",
                "shamir",
                "spdz2k",
                "cowgear",
                "own"
            })
    void no_client_can_trust_a_majority_for_a_protocol_that_is_not_secure_then(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VerdictPolicy(Set.of(), Set.of("ps-rep-ring", name), 1));
    }

    private static void assertUnverified(DeliveryFacts facts, Doubt... doubts) {
        assertThat(POLICY.doubts(facts)).containsExactlyInAnyOrder(doubts);
        assertThat(POLICY.judge(facts, CheckResult.HELD)).isEqualTo(Verdict.UNVERIFIED);
    }
}
