// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds how many bytes are in memory at a time for work of one sort, all in all and for each who asks for it:
/// memory is not spent by the number of requests, and who asks for much keeps nobody else out. First come, first
/// served.
public final class BytesInFlight {
    /// A whole number of bytes that fits an `int` for whatever can be configured.
    private static final int UNIT = 1024;

    private final int perCaller;
    private final Semaphore all;
    private final Map<String, Semaphore> callers = new ConcurrentHashMap<>();

    /// @param total bytes at a time
    /// @param perCaller bytes at a time for each caller; no more than `total`
    public BytesInFlight(long total, long perCaller) {
        if (perCaller < 1 || total < perCaller) {
            throw new IllegalArgumentException("One caller gets something, and no more than there is.");
        }
        this.perCaller = units(perCaller);
        this.all = new Semaphore(units(total), true);
    }

    private static int units(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, UNIT));
    }

    /// Bytes that are taken until this is closed.
    public final class Lease implements AutoCloseable {
        private final Semaphore own;
        private final int units;

        private Lease(Semaphore own, int units) {
            this.own = own;
            this.units = units;
        }

        @Override
        public void close() {
            all.release(units);
            own.release(units);
        }
    }

    /// Waits until there is room.
    ///
    /// @param caller a certificate's name: there are no more of them than the roster and the settings have
    /// @param bytes more than one caller may have count as much as it may have
    /// @param patience how long to wait
    /// @return empty when there was no room
    public Optional<Lease> take(String caller, long bytes, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        int units = (int) Math.min(perCaller, Math.ceilDiv(bytes, UNIT));
        var own = callers.computeIfAbsent(caller, name -> new Semaphore(perCaller, true));
        if (!own.tryAcquire(units, patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            taken = all.tryAcquire(units, until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } finally {
            if (!taken) {
                own.release(units);
            }
        }
        return taken ? Optional.of(new Lease(own, units)) : Optional.empty();
    }
}
