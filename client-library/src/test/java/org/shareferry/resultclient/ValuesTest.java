// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private static Values values(String hex, int width, int precision) {
        return new Values(HexFormat.of().parseHex(hex), width, precision);
    }

    /// 2^53 + 1, -7 and the least integer of 64 bits, two's complement, little-endian.
    @Test
    void integers_of_64_bits_are_exact() {
        var values = values("0100000000002000" + "f9ffffffffffffff" + "0000000000000080", 8, 0);

        assertThat(values.size()).isEqualTo(3);
        assertThat(values.toLongs()).containsExactly(9007199254740993L, -7, Long.MIN_VALUE);
        assertThat(values.toBigIntegers()).contains(BigInteger.valueOf(-7));
        assertThat(values.get(0)).isEqualTo(new BigDecimal("9007199254740993"));
    }

    @Test
    void values_that_do_not_fit_are_not_rounded() {
        var wide = values("ffffffffffffffff" + "7f", 9, 0);
        var half = values("03", 1, 1);

        assertThatThrownBy(wide::toLongs).isInstanceOf(ArithmeticException.class);
        assertThat(wide.toBigIntegers()).containsExactly(BigInteger.TWO.pow(71).subtract(BigInteger.ONE));
        assertThat(half.toBigDecimals()).containsExactly(new BigDecimal("1.5"));
        assertThatThrownBy(half::toLongs).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(half::toBigIntegers).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void a_number_with_many_binary_places_is_exact() {
        var values = values("0100000000000000", 8, 40);

        assertThat(values.get(0).multiply(BigDecimal.valueOf(2).pow(40))).isEqualByComparingTo(BigDecimal.ONE);
    }

    @Test
    void values_are_not_printed() {
        assertThat(values("f9", 1, 0)).hasToString("Values[size=1, precision=0]");
    }
}
