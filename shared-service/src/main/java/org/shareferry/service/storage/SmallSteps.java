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

/// Does housekeeping in short steps with pauses, so that whoever else wants to write soon gets its turn: SQLite lets
/// one transaction write at a time, and one that waits for the lock looks again every 100 ms at most.
@Component
public class SmallSteps {
    private static final long SHORTEST_PAUSE = Duration.ofMillis(20).toNanos();
    private static final int PAUSE_FACTOR = 4;

    /// Scheduled work with a fixed delay shares one thread, so that a run must end before long.
    private static final long RUN = Duration.ofSeconds(5).toNanos();

    private final CountDownLatch stopping = new CountDownLatch(1);

    @EventListener(ContextClosedEvent.class)
    void stop() {
        stopping.countDown();
    }

    /// Repeats a step until nothing is left to do, some seconds are over, or the service stops.
    ///
    /// @param step one short transaction; says whether there may be more to do
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
