// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.service.problem.ProblemException;

class ResultFilterTest {
    private static ResultFilter since(String text) {
        return ResultFilter.parse(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(text), "newest");
    }

    @Test
    void a_time_is_accepted() {
        assertThat(since("2026-01-01T12:00:00Z").since()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
    }

    /// The last two are times that milliseconds in 64 bits cannot say.
    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z"})
    void a_time_outside_the_database_range_is_refused(String text) {
        assertThatThrownBy(() -> since(text)).isInstanceOf(ProblemException.class);
    }
}
