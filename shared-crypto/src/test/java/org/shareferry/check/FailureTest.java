// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.member.MemberName;

class FailureTest {
    private static final MemberName P1 = MemberName.party(1);

    @Test
    void joined_failures_are_parsed_again() {
        var failures =
                List.of(Failure.ofCheck(3), Failure.ofShares(2, P1), Failure.ofClosing(P1), Failure.ofCommitted());

        assertThat(Failure.parse(Failure.join(failures))).containsExactlyElementsOf(failures);
        assertThat(Failure.parse("")).isEmpty();
    }

    @Test
    void the_number_of_stored_failures_is_limited() {
        var all = IntStream.range(0, 1000).mapToObj(Failure::ofCheck).toList();

        assertThat(Failure.parse(Failure.join(all))).hasSize(Failure.MOST).startsWith(Failure.ofCheck(0));
    }

    @Test
    void a_party_is_named_only_where_its_signed_bytes_are_at_fault() {
        assertThat(Failure.ofCheck(3).text()).isEqualTo("the check failed in chunk 3");
        assertThat(Failure.ofShares(2, P1).text())
                .isEqualTo("P1 signed an envelope for chunk 2 that does not contain shares of the delivery's domain");
        assertThat(Failure.ofClosing(P1).text()).startsWith("P1 signed a closing envelope");
        assertThat(Failure.ofCommitted().text()).doesNotContain("P1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHECK", "CHECK:x:", "CHECK:1:P1:2", "OTHER::", "CHECK:1:Q9"})
    void malformed_failures_are_refused(String text) {
        assertThatThrownBy(() -> Failure.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
