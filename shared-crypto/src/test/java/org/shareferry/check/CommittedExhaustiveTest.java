// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The last step of the scheme committed, small enough to go through everything: whatever the errors in the
/// cells, and however the masks or the opened combinations were shifted to make up for them, at most one in
/// 2^t choices of the bits lets all t combinations hold.
class CommittedExhaustiveTest {
    private static final int CELLS = 4;
    private static final int COMBINATIONS = 3;
    private static final int BITS = CELLS + COMBINATIONS - 1;

    @ParameterizedTest(name = "Z_{0}")
    @ValueSource(ints = {2, 3, 4, 8})
    void at_most_one_in_two_to_the_t_choices_of_bits_hides_an_error(int order) {
        int errors = IntStream.range(0, CELLS).reduce(1, (product, i) -> product * order);
        for (int code = 1; code < errors; code++) {
            Map<Integer, Integer> choices = new HashMap<>();
            for (long bits = 0; bits < 1L << BITS; bits++) {
                choices.merge(combinations(order, code, new long[] {bits}), 1, Integer::sum);
            }
            // An attacker would bet on the offsets that most choices of bits lead to.
            int best =
                    choices.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
            assertThat(best).isLessThanOrEqualTo((1 << BITS) >> COMBINATIONS);
        }
    }

    /// Σ_i b_(i+j) e_i for all j, as one number.
    private static int combinations(int order, int code, long[] bits) {
        int all = 0;
        for (int j = 0; j < COMBINATIONS; j++) {
            int sum = 0;
            for (int i = 0, rest = code; i < CELLS; i++, rest /= order) {
                sum += CoinStretch.isSet(bits, i, j) ? rest % order : 0;
            }
            all = all * order + sum % order;
        }
        return all;
    }

    /// Of the 256 places a non-zero row can begin at, at most one makes its errors vanish, because all 256
    /// shifts of it are different: so an error survives a table with probability 255/256.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 254, 255})
    void all_shifts_of_a_row_with_an_error_are_different(int column) {
        var shifts = new HashSet<String>();
        for (int offset = 0; offset < CoinStretch.ROW; offset++) {
            var cells = new int[CoinStretch.CELLS];
            cells[offset + column] = 1;
            cells[offset + CoinStretch.ROW - 1] += 2;
            shifts.add(String.join(",", Stream.of(cells).map(Arrays::toString).toList()));
        }
        assertThat(shifts).hasSize(CoinStretch.ROW);
    }
}
