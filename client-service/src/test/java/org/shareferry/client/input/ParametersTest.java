// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.service.problem.ProblemException;

class ParametersTest {
    private static InputParameters until(String time) {
        return new Parameters(Map.of(
                        "label", List.of("7"),
                        "parties", List.of("P0", "P1"),
                        "protocols", List.of("spdz2k"),
                        "bits", List.of("64"),
                        "until", List.of(time)))
                .toInput(Set.of());
    }

    @Test
    void a_time_is_accepted() {
        assertThat(until("9999-01-01T00:00:00Z").until()).isEqualTo(Instant.parse("9999-01-01T00:00:00Z"));
    }

    /// The second is a time that milliseconds in 64 bits cannot say.
    @ParameterizedTest
    @ValueSource(strings = {"for ever", "+1000000000-12-31T23:59:59Z"})
    void a_time_outside_the_database_range_is_refused(String time) {
        assertThatThrownBy(() -> until(time)).isInstanceOf(ProblemException.class);
    }
}
