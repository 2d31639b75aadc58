// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.share.ElementVector;

/// Inputs become integers of their range, and hide behind random values without losing a bit.
class InputValuesTest {
    private static List<BigDecimal> numbers(String... texts) {
        return Stream.of(texts).map(BigDecimal::new).toList();
    }

    private static SecretBytes secret(String hex) {
        return SecretBytes.copyOf(Bytes.fromHex(hex).toArray());
    }

    /// The worked example: x = 5, -7 and r = 0xfedcba9876543210, 1.
    @Test
    void inputs_are_hidden_as_the_worked_example_says() throws Exception {
        try (var inputs = InputValues.of(numbers("5", "-7"), 0, 64);
                var r = ElementVector.decode(new Domain.Ring(64, 64), secret("1032547698badcfe0100000000000000"))) {
            inputs.mask(r, 0);

            assertThat(Bytes.of(r.encode().reveal()))
                    .hasToString(
                            Bytes.fromHex("1532547698badcfefaffffffffffffff").toString());
        }
    }

    static Stream<Domain> domains() {
        return Stream.of(
                new Domain.Ring(64, 64),
                new Domain.Ring(72, 72),
                new Domain.Ring(130, 130),
                Domain.parse("prime 170141183460469231731687303715885907969"),
                Domain.parse("prime 18446744073709551557"),
                new Domain.PrimeField(BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19))));
    }

    @ParameterizedTest
    @MethodSource("domains")
    void a_masked_input_is_recovered_from_its_element(Domain domain) throws Exception {
        var values = numbers("0", "1", "-1", "4611686018427387903", "-4611686018427387904", "255", "-256");
        try (var inputs = InputValues.of(values, 0, 63);
                var masked = ElementVector.zeros(domain, 5)) {
            inputs.mask(masked, 2);

            for (int i = 0; i < masked.size(); i++) {
                assertThat(masked.signed(i)).isEqualTo(values.get(i + 2).toBigInteger());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 0",
        "1.5, 0, 2",
        "2.5, 0, 2",
        "-0.5, 0, 0",
        "-1.5, 0, -2",
        "0.1, 16, 6554",
        "-3.25, 4, -52",
        "1e-300, 255, 0",
        "1e-999999999, 255, 0",
        "0e999999999, 0, 0",
        "7.0000, 0, 7"
    })
    void numbers_are_rounded_to_the_nearest_and_ties_to_even(BigDecimal value, int precision, long expected)
            throws Exception {
        try (var inputs = InputValues.of(List.of(value), precision, 64);
                var element = ElementVector.zeros(new Domain.Ring(64, 64), 1)) {
            inputs.mask(element, 0);

            assertThat(element.signed(0)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "128, 0, 8",
        "-129, 0, 8",
        "127.5, 0, 8",
        "1, 0, 1",
        "0.5, 8, 8",
        "1e999999999, 0, 256",
        "-1e300, 0, 256"
    })
    void the_refusal_of_a_number_out_of_range_does_not_contain_the_number(BigDecimal value, int precision, int bits) {
        assertThatThrownBy(() -> InputValues.of(List.of(BigDecimal.ZERO, value), precision, bits))
                .isInstanceOfSatisfying(
                        InputValues.OutOfRangeException.class,
                        e -> assertThat(e.index()).isOne())
                .hasMessageStartingWith("Value 1 does not fit " + bits + " bits")
                .hasMessageNotContaining(value.scale() > -50 ? value.toPlainString() + "." : "999999999");
    }

    @ParameterizedTest
    @CsvSource({"127, 0, 8", "-128, 0, 8", "127.4, 0, 8", "0, 0, 1", "-1, 0, 1", "-128.5, 0, 8"})
    void the_ends_of_the_range_belong_to_it(BigDecimal value, int precision, int bits) throws Exception {
        try (var inputs = InputValues.of(List.of(value), precision, bits)) {
            assertThat(inputs.count()).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({"64, ring 64/64, true", "65, ring 64/64, false", "16, prime 65537, true", "17, prime 65537, false"})
    void inputs_fit_where_each_integer_of_their_bits_is_one_value(int bits, String domain, boolean fit)
            throws Exception {
        try (var inputs = InputValues.of(List.of(), 0, bits)) {
            assertThat(inputs.fit(Domain.parse(domain))).isEqualTo(fit);
        }
    }

    @Test
    void stored_inputs_are_read_back() throws Exception {
        try (var inputs = InputValues.of(numbers("1", "-2", "300"), 0, 12);
                var again = InputValues.restore(
                        SecretBytes.copyOf(inputs.stored().reveal().clone()), 12)) {
            assertThat(again.count()).isEqualTo(3);
            assertThat(again.stored()).isEqualTo(inputs.stored());
            assertThat(again).hasToString("3 inputs of 12 bits");
        }
        assertThatThrownBy(() -> InputValues.restore(secret("000000"), 12))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
