// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.check.VerdictPolicy;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Protocol;
import org.shareferry.service.member.StartupException;

/// A client cannot list a protocol whose results would be VERIFIED without reason.
class ListedProtocolsTest {
    private static VerdictPolicy policy(Map<String, String> settings) {
        var rows = settings.entrySet().stream()
                .map(row -> row.getKey().replace("shareferry.client.", "") + "=" + row.getValue())
                .toArray(String[]::new);
        return PartySetsTest.sets(rows).verdictOf(PartySet.parse("P0,P1"));
    }

    @Test
    void by_default_all_protocols_that_are_secure_while_all_but_one_cheat_are_listed() {
        assertThat(policy(Map.of()).activelySecure())
                .isEqualTo(Protocol.activelySecure())
                .containsExactlyInAnyOrder("spdz2k", "mascot", "mama", "lowgear", "highgear");
    }

    @Test
    void a_client_may_list_fewer() {
        assertThat(policy(Map.of("shareferry.client.actively-secure-protocols", "mascot"))
                        .activelySecure())
                .containsExactly("mascot");
    }

    @ParameterizedTest
    @ValueSource(strings = {"semi2k", "shamir", "malicious-shamir", "sy-rep-ring", "cowgear", "own"})
    void an_unknown_protocol_prevents_the_start(String name) {
        var settings = Map.of("shareferry.client.actively-secure-protocols", "spdz2k," + name);

        assertThatThrownBy(() -> policy(settings))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("shareferry.client.actively-secure-protocols has [" + name + "]");
    }

    @Test
    void by_default_no_majority_is_trusted_and_one_corrupt_party_must_be_tolerated() {
        assertThat(policy(Map.of()).honestMajority()).isEmpty();
        assertThat(policy(Map.of()).minThreshold()).isEqualTo(1);
    }

    @Test
    void a_client_may_trust_the_majority_for_protocols_that_are_secure_then() {
        var settings = Map.of(
                "shareferry.client.honest-majority-protocols",
                "ps-rep-ring,malicious-shamir",
                "shareferry.client.min-threshold",
                "2");

        assertThat(policy(settings).honestMajority()).containsExactlyInAnyOrder("ps-rep-ring", "malicious-shamir");
        assertThat(policy(settings).minThreshold()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replicated-ring", "shamir", "sy-shamir", "sy-rep-ring", "spdz2k", "own"})
    void a_protocol_that_is_not_secure_with_an_honest_majority_prevents_the_start(String name) {
        var settings = Map.of("shareferry.client.honest-majority-protocols", "ps-rep-ring," + name);

        assertThatThrownBy(() -> policy(settings))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("shareferry.client.honest-majority-protocols has [" + name + "]");
    }
}
