// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.shareferry.service.storage.Backoff;

class PacingTest {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration CAP = Duration.ofSeconds(2);

    private final AtomicLong nanos = new AtomicLong();
    private final Pacing pacing = new Pacing(new Backoff(FIRST, CAP), nanos::get);

    @Test
    void waits_grow_up_to_the_cap_and_end_with_the_first_success() {
        assertThat(pacing.left()).isZero();
        assertThat(pacing.failed(Optional.empty())).isBetween(FIRST.dividedBy(2), FIRST);
        for (int failures = 0; failures < 20; failures++) {
            pacing.failed(Optional.empty());
        }
        assertThat(pacing.left()).isBetween(CAP.dividedBy(2), CAP);

        pacing.succeeded();

        assertThat(pacing.left()).isZero();
        assertThat(pacing.failures()).isZero();
    }

    @Test
    void a_wait_is_over_after_its_time() {
        var wait = pacing.failed(Optional.empty());

        nanos.addAndGet(wait.toNanos());

        assertThat(pacing.left()).isZero();
    }

    @Test
    void a_requested_wait_lengthens_the_wait_up_to_the_cap() {
        assertThat(pacing.failed(Optional.of(Duration.ZERO))).isGreaterThanOrEqualTo(FIRST.dividedBy(2));
        assertThat(pacing.failed(Optional.of(Duration.ofSeconds(1)))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pacing.failed(Optional.of(Duration.ofHours(1)))).isEqualTo(CAP);
    }
}
