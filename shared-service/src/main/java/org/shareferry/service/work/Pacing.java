// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.work;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.shareferry.service.storage.Backoff;

/// When one neighbour is asked again: at once while it does as asked, later and later while it does not.
public final class Pacing {
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private int failures;
    private long next;

    public Pacing(Backoff backoff) {
        this(backoff, System::nanoTime);
    }

    Pacing(Backoff backoff, LongSupplier nanoTime) {
        this.backoff = backoff;
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /// Notes that it did not do as asked.
    ///
    /// @param retryAfter when it asked to be asked again: that makes the wait longer up to the backoff's cap, and
    ///     never shorter
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

    /// Notes that it did as asked, or is known to be reachable again.
    public synchronized void succeeded() {
        failures = 0;
        next = nanoTime.getAsLong();
    }

    /// @return how long to wait before it is asked again; zero for not at all
    public synchronized Duration left() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, next - nanoTime.getAsLong()));
    }

    /// @return how often it did not do as asked, since it last did
    public synchronized int failures() {
        return failures;
    }
}
