// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cli.CommandException;

class ConfirmationTest {
    @Test
    void only_yes_confirms() {
        assertThatCode(() -> Confirmation.require(Optional.of("yes "))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "y", "no", "yes please"})
    void any_other_answer_declines(String answer) {
        assertThatThrownBy(() -> Confirmation.require(Optional.of(answer))).isInstanceOf(CommandException.class);
    }

    @Test
    void the_end_of_the_input_declines() {
        assertThatThrownBy(() -> Confirmation.require(Optional.empty())).isInstanceOf(CommandException.class);
    }
}
