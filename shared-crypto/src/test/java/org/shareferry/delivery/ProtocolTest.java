// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What running VMs showed of themselves (MP-SPDZ 3a0a7b1d), and which protocols so differ from which.
class ProtocolTest {
    @ParameterizedTest
    @CsvSource({
        "spdz2k, 2, 2, 1",
        "spdz2k, 2, 3, 2",
        "semi2k, 1, 2, 1",
        "mascot, 2, 3, 2",
        "semi, 1, 2, 1",
        "replicated-ring, 2, 3, 1",
        "ps-rep-ring, 2, 3, 1",
        "malicious-rep-ring, 2, 3, 1",
        "sy-rep-ring, 4, 3, 1",
        "rep4-ring, 3, 4, 1",
        "replicated-field, 2, 3, 1",
        "shamir, 1, 3, 1",
        "shamir, 1, 5, 2",
        "malicious-shamir, 1, 5, 1",
        "sy-shamir, 2, 3, 1"
    })
    void numbers_as_in_the_table_are_accepted(String name, int elements, int parties, int threshold) {
        var protocol = Protocol.named(name).orElseThrow();

        assertThat(protocol.elementsInShare()).isEqualTo(OptionalInt.of(elements));
        assertThat(protocol.contradiction(parties, threshold)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spdz2k, 2, 0", "spdz2k, 3, 1", "mascot, 3, 1", "replicated-ring, 2, 1", "replicated-ring, 4, 1",
        "rep4-ring, 3, 1", "shamir, 3, 0", "shamir, 4, 2", "malicious-shamir, 5, 3", "spdz2k, 2, -1"
    })
    void other_numbers_contradict_the_protocol(String name, int parties, long threshold) {
        assertThat(Protocol.named(name).orElseThrow().contradiction(parties, threshold))
                .hasValueSatisfying(why -> assertThat(why).startsWith(name + " tolerates "));
    }

    /// A passive protocol must not pass for one that C0 takes for secure.
    @ParameterizedTest
    @EnumSource
    void a_name_that_suggests_active_security_is_an_actively_secure_or_an_unlisted_protocol(Protocol other) {
        for (var listed : Protocol.values()) {
            if (listed.isActivelySecure() && looksLike(other, listed)) {
                assertThat(other.isActivelySecure() || other == Protocol.COWGEAR || other == Protocol.CHAIGEAR)
                        .as("%s looks like %s", other.text(), listed.text())
                        .isTrue();
            }
        }
    }

    private static boolean looksLike(Protocol other, Protocol listed) {
        return listed.elementsInShare().equals(other.elementsInShare())
                && IntStream.rangeClosed(2, 5)
                        .anyMatch(parties -> listed.threshold(parties).isPresent()
                                && listed.threshold(parties).equals(other.threshold(parties)))
                && Stream.of(new Domain.Ring(128, 64), Domain.parse("prime 65537"))
                        .anyMatch(domain -> listed.computesIn(domain) && other.computesIn(domain));
    }

    @Test
    void lists_of_protocols_do_not_overlap() {
        assertThat(Protocol.activelySecure()).doesNotContainAnyElementsOf(Protocol.secureWithHonestMajority());
        assertThat(Protocol.secureWithHonestMajority())
                .containsExactlyInAnyOrder(
                        "ps-rep-ring",
                        "malicious-rep-ring",
                        "rep4-ring",
                        "malicious-shamir",
                        "ps-rep-field",
                        "malicious-rep-field");
    }
}
