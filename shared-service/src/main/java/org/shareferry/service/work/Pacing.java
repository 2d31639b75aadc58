// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.shareferry.service.storage.Backoff;

/// Paces requests to one neighbour: no wait while they succeed, growing waits while they fail.
public final class Pacing {
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private int failures;
    private long next;

    public Pacing(Backoff backoff) {
        this(backoff, System::nanoTime);
    }

    /// @param nanoTime the clock by which waits end
    public Pacing(Backoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /// Records a failure.
    ///
    /// @param retryAfter the neighbour's Retry-After; it can lengthen the wait up to the backoff's cap, but not
    ///     shorten it
    /// @return how long to wait
    public synchronized Duration failed(Optional<Duration> retryAfter) {
        failures++;
        var delay = backoff.after(failures, random);
        var wished = retryAfter.orElse(Duration.ZERO);
        if (wished.compareTo(delay) > 0) {
            delay = wished.compareTo(backoff.cap()) < 0 ? wished : backoff.cap();
        }
        next = nanoTime.getAsLong() + delay.toNanos();
        return delay;
    }

    /// Records a success, or that the neighbour is reachable again.
    public synchronized void succeeded() {
        failures = 0;
        next = nanoTime.getAsLong();
    }

    /// @return how long to wait before the next request; zero for no wait
    public synchronized Duration left() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, next - nanoTime.getAsLong()));
    }

    /// @return the number of failures since the last success
    public synchronized int failures() {
        return failures;
    }
}
