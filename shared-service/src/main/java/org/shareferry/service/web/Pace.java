// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether a caller sends its body, or reads its answer, fast enough. Only the time counts in which the service waits
/// for the caller, so what the service itself does between two parts slows nobody down.
final class Pace {
    /// So long a caller may stand still, all in all, whatever the size.
    static final Duration GRACE = Duration.ofSeconds(20);

    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long waited;
    private long moved;

    /// @param bytesPerSecond what a caller has to keep up, on average
    /// @param nanoTime as [System#nanoTime]
    Pace(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
    }

    /// A step that may wait for the caller.
    interface Step {
        /// @return how many bytes went on; negative for none
        int take() throws IOException;
    }

    /// @return what the step returns
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
