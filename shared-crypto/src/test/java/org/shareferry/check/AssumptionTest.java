// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.member.MemberName;

/// What people read of a verified result.
class AssumptionTest {
    private static Assumption of(int parties, int corrupt) {
        return new Assumption(
                IntStream.range(0, parties).mapToObj(MemberName::party).toList(), corrupt);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3 | 1 | Verified, provided at most 1 of P0, P1, P2 cheats
            5 | 2 | Verified, provided at most 2 of P0, P1, P2, P3, P4 cheat
            2 | 1 | Verified, even if all parties but one cheat
            3 | 2 | Verified, even if all parties but one cheat
            """)
    void the_text_names_the_number_of_cheating_parties(int parties, int corrupt, String words) {
        assertThat(of(parties, corrupt).inWords()).isEqualTo(words);
    }

    @Test
    void not_all_parties_may_cheat() {
        assertThatIllegalArgumentException().isThrownBy(() -> of(2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> of(2, -1));
    }
}
