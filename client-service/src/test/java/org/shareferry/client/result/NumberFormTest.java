// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.service.problem.ProblemException;

class NumberFormTest {
    @ParameterizedTest
    @CsvSource({
        "application/json;numbers=string, STRING",
        "'text/html, application/json; numbers=\"string\";q=0.5', NUMBER",
        "'text/html, application/json;numbers=string;q=0.5', STRING",
        "application/json, NUMBER",
        "application/json;numbers=number, NUMBER",
        "*/*, NUMBER"
    })
    void a_parameter_of_the_media_type_asks_for_strings(String accept, NumberForm form) {
        assertThat(NumberForm.of(Optional.empty(), Optional.of(accept))).isEqualTo(form);
    }

    /// With `format` in the query nobody has read the header before.
    @ParameterizedTest
    @ValueSource(strings = {"json", "a/b/c", "text/html; q=\"", "*/json"})
    void a_header_that_is_no_list_of_media_types_is_refused(String accept) {
        assertThatThrownBy(() -> NumberForm.of(Optional.empty(), Optional.of(accept)))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void the_query_parameter_has_precedence_and_two_values() {
        assertThat(NumberForm.of(Optional.of("number"), Optional.of(NumberForm.STRINGS)))
                .isEqualTo(NumberForm.NUMBER);
        assertThat(NumberForm.of(Optional.of("string"), Optional.empty())).isEqualTo(NumberForm.STRING);
        assertThatThrownBy(() -> NumberForm.of(Optional.of("text"), Optional.empty()))
                .isInstanceOf(ProblemException.class);
    }
}
