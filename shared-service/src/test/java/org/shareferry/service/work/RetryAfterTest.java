// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a neighbour asks for lengthens a back-off, and never shortens it.
class RetryAfterTest {
    @ParameterizedTest
    @CsvSource({"0, 500", "1, 1000", "30, 30000", "60, 500", "999999, 500"})
    void a_longer_delay_below_the_cap_is_taken(long retryAfterSeconds, long expectedMillis) {
        var delay = DurableTask.longer(
                Duration.ofMillis(500), Optional.of(Duration.ofSeconds(retryAfterSeconds)), Duration.ofMinutes(1));

        assertThat(delay).isEqualTo(Duration.ofMillis(expectedMillis));
    }
}
