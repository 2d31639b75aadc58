// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.check.CheckResult;
import org.shareferry.check.Doubt;
import org.shareferry.check.Verdict;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.StartupException;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.SettingConverters;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Several sets of parties, each with its own policy.
class PartySetsTest {
    private static final PartySet TWO = PartySet.parse("P0,P1");
    private static final PartySet THREE = PartySet.parse("P0,P1,P2");
    private static final PartySet OTHER = PartySet.parse("P1,P2,P3");

    /// @param settings below `shareferry.client`, `name=value`
    static PartySets sets(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("shareferry.client.parties", "P1,P0"));
        for (var setting : settings) {
            var parts = setting.split("=", 2);
            all.put("shareferry.client." + parts[0], parts[1]);
        }
        return PartySets.of(new Binder(List.of(new MapConfigurationPropertySource(all)), null, SettingConverters.all())
                .bindOrCreate("shareferry.client", ClientProperties.class));
    }

    private static DeliveryFacts facts(PartySet parties, String protocol) {
        return new DeliveryFacts(
                new DeliveryId(new RunId(1, 2), 0),
                new Shape(4, 4),
                new Domain.Ring(64, 64),
                Scheme.COMMITTED,
                0,
                7,
                MemberName.client(0),
                parties.members(),
                protocol,
                true,
                true,
                1,
                0,
                Bytes.empty());
    }

    private static Verdict verdict(PartySets sets, PartySet parties) {
        return sets.verdictOf(parties).judge(facts(parties, "ps-rep-ring"), CheckResult.HELD);
    }

    @Test
    void a_single_set_works_without_party_sets() {
        assertThat(sets().has(TWO)).isTrue();
        assertThat(sets().has(THREE)).isFalse();
    }

    @Test
    void an_id_alone_names_the_parties_if_there_is_only_one_set() {
        assertThat(sets().isOnly(TWO)).isTrue();
        assertThat(sets().isOnly(THREE)).as("a set that was taken out").isFalse();
        assertThat(sets("party-sets.trusted.parties=P0,P1,P2").isOnly(TWO)).isFalse();
    }

    @Test
    void each_set_has_a_verdict_policy_of_its_own() {
        var sets = sets(
                "party-sets.trusted.parties=P2,P1,P0",
                "party-sets.trusted.honest-majority-protocols=ps-rep-ring",
                "party-sets.other.parties=P1,P2,P3");

        assertThat(verdict(sets, THREE)).isEqualTo(Verdict.VERIFIED);
        assertThat(verdict(sets, OTHER)).isEqualTo(Verdict.UNVERIFIED);
        assertThat(sets.verdictOf(OTHER).doubts(facts(OTHER, "ps-rep-ring")))
                .containsExactly(Doubt.MAJORITY_NOT_TRUSTED);
    }

    @Test
    void the_first_sets_policy_does_not_apply_to_other_sets() {
        var sets = sets("honest-majority-protocols=ps-rep-ring", "party-sets.other.parties=P0,P1,P2");

        assertThat(verdict(sets, THREE)).isEqualTo(Verdict.UNVERIFIED);
        assertThat(sets.verdictOf(TWO).honestMajority()).containsExactly("ps-rep-ring");
    }

    @Test
    void a_set_may_require_tolerance_of_more_corrupt_parties() {
        var sets = sets(
                "party-sets.trusted.parties=P0,P1,P2",
                "party-sets.trusted.honest-majority-protocols=ps-rep-ring",
                "party-sets.trusted.min-threshold=2");

        assertThat(verdict(sets, THREE)).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void parties_that_are_no_set_any_more_are_never_verified() {
        var spdz = sets().verdictOf(OTHER);

        assertThat(spdz.activelySecure()).isEmpty();
        assertThat(verdict(sets(), OTHER)).isEqualTo(Verdict.UNVERIFIED);
    }

    @Test
    void inputs_accept_what_their_set_allows() {
        var sets = sets("party-sets.strict.parties=P0,P1,P2", "party-sets.strict.accept-unverified=semi2k");

        assertThat(sets.objection(TWO, Set.of("semi2k", "replicated-ring"))).isEmpty();
        assertThat(sets.objection(THREE, Set.of())).isEmpty();
        assertThat(sets.objection(THREE, Set.of("semi2k"))).isEmpty();
        assertThat(sets.objection(THREE, Set.of("semi2k", "replicated-ring")))
                .hasValueSatisfying(why -> assertThat(why).contains("[semi2k] only"));
        assertThat(sets.objection(OTHER, Set.of()))
                .hasValueSatisfying(why -> assertThat(why).contains("not a set of this client"));
    }

    @Test
    void a_set_may_accept_nothing_unverified() {
        var sets = sets("accept-unverified=");

        assertThat(sets.objection(TWO, Set.of())).isEmpty();
        assertThat(sets.objection(TWO, Set.of("semi2k"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "party-sets.a.parties=P0,P1 | shareferry.client.party-sets.a.parties are P0,P1",
                "party-sets.a.parties=P0,P2;party-sets.b.parties=P2,P0 | shareferry.client.party-sets.b.parties",
                "party-sets.a.parties=P0 | at least two parties are required",
                "party-sets.a.parties=P0,P2;party-sets.a.honest-majority-protocols=shamir | shareferry.client.party-sets.a.honest-majority-protocols has [shamir]",
                "party-sets.a.parties=P0,P2;party-sets.a.actively-secure-protocols=semi | shareferry.client.party-sets.a.actively-secure-protocols has [semi]",
                "accept-unverified=semi3k | shareferry.client.accept-unverified has [semi3k], unknown"
            })
    void a_contradiction_prevents_the_start_and_names_the_setting(String settings, String told) {
        assertThatThrownBy(() -> sets(settings.split(";")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(told);
    }
}
