// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Runs housekeeping in short steps with pauses, so that other writers get their turn. SQLite lets one transaction
/// write at a time, and a waiting one polls the lock at intervals of up to 100 ms.
@Component
public class ThrottledSteps {
    private static final long SHORTEST_PAUSE = Duration.ofMillis(20).toNanos();
    private static final int PAUSE_FACTOR = 4;

    /// Scheduled tasks with a fixed delay share one thread, so a run must end soon.
    private static final long RUN = Duration.ofSeconds(5).toNanos();

    private final CountDownLatch stopping = new CountDownLatch(1);

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping.countDown();
    }

    /// Repeats a step until nothing is left to do, the time limit is reached, or the service stops.
    ///
    /// @param step one short transaction; returns whether there may be more to do
    public void repeat(BooleanSupplier step) {
        long begun = System.nanoTime();
        long now = begun;
        boolean goesOn = true;
        while (goesOn && step.getAsBoolean()) {
            long took = System.nanoTime() - now;
            goesOn = pause(Math.max(SHORTEST_PAUSE, took * PAUSE_FACTOR));
            now = System.nanoTime();
            goesOn &= now - begun < RUN;
        }
    }

    private boolean pause(long nanos) {
        try {
            return !stopping.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
