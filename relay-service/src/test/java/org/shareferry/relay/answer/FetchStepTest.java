// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Pacing;

class FetchStepTest {
    private static final Duration CAP = Duration.ofMinutes(1);

    private final Pacing pacing = new Pacing(new Backoff(Duration.ofMillis(1), CAP));

    @Test
    void waits_after_unexpected_errors_grow_up_to_the_longest_backoff() {
        var step = new FetchStep(
                () -> true,
                () -> {
                    throw new IllegalStateException("an unreadable row");
                },
                pacing);
        var wait = Duration.ZERO;

        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(step::run).isInstanceOf(IllegalStateException.class);
            wait = step.waitAfterError();
        }

        assertThat(pacing.failures()).isEqualTo(20);
        assertThat(wait).isBetween(CAP.dividedBy(2), CAP);
    }

    @Test
    void a_success_ends_the_waits() throws InterruptedException {
        pacing.failed(Optional.empty());

        new FetchStep(() -> true, () -> true, pacing).run();

        assertThat(pacing.failures()).isZero();
    }
}
