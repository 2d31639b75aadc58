// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottledStepsTest {
    private final AtomicInteger steps = new AtomicInteger();

    @Test
    void steps_are_repeated_until_nothing_is_left() {
        new ThrottledSteps().repeat(() -> steps.incrementAndGet() < 4);

        assertThat(steps).hasValue(4);
    }

    @Test
    void no_step_follows_when_the_service_stops() {
        var housekeeping = new ThrottledSteps();

        housekeeping.repeat(() -> {
            housekeeping.stop();
            return steps.incrementAndGet() < 4;
        });

        assertThat(steps).hasValue(1);
    }
}
