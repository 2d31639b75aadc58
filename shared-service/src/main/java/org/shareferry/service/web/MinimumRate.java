// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Measures whether a caller sends its body or reads its answer fast enough. Only the time that the service waits
/// for the caller counts, not its own work between two parts.
final class MinimumRate {
    /// The total time for which a caller may pause, regardless of the size.
    static final Duration GRACE = Duration.ofSeconds(20);

    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long waited;
    private long moved;

    /// @param bytesPerSecond the minimum average rate
    /// @param nanoTime as [System#nanoTime]
    MinimumRate(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
    }

    /// An I/O step that may wait for the caller.
    interface Step {
        /// @return the number of bytes transferred; negative for none
        int take() throws IOException;
    }

    /// @return the result of the step
    int measure(Step step) throws IOException {
        long begun = nanoTime.getAsLong();
        try {
            int size = step.take();
            moved += Math.max(size, 0);
            return size;
        } finally {
            waited += nanoTime.getAsLong() - begun;
        }
    }

    boolean isTooSlow() {
        return waited > GRACE.toNanos() + moved * SECOND / bytesPerSecond;
    }
}
