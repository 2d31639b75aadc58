// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Limits the bytes in memory for one kind of work, in total and per caller, so that neither the number of requests
/// nor a single caller can exhaust them. There is no queue: a request that fits proceeds, even if a larger one has
/// waited longer.
public final class BytesInFlight {
    private final long total;
    private final long perCaller;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<String, Long> callers = new HashMap<>();
    private long taken;

    /// @param total bytes at a time
    /// @param perCaller bytes at a time for each caller; at most `total`
    public BytesInFlight(long total, long perCaller) {
        if (perCaller < 1 || total < perCaller) {
            throw new IllegalArgumentException("The bytes per caller must be above zero and at most the total.");
        }
        this.total = total;
        this.perCaller = perCaller;
    }

    /// Reserves bytes until it is closed.
    public final class Lease implements AutoCloseable {
        private final String caller;
        private final long bytes;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Lease(String caller, long bytes) {
            this.caller = caller;
            this.bytes = bytes;
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                add(caller, -bytes);
            }
        }
    }

    /// Waits until there is room. Zero bytes never wait.
    ///
    /// @param caller a certificate's name; their number is limited by the roster and the settings
    /// @param bytes values above the limit per caller count as that limit
    /// @param patience the longest wait
    /// @return empty when there was no room
    public Optional<Lease> take(String caller, long bytes, Duration patience) throws InterruptedException {
        long counted = Math.min(bytes, perCaller);
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!fits(caller, counted)) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = released.awaitNanos(left);
            }
            add(caller, counted);
            return Optional.of(new Lease(caller, counted));
        } finally {
            lock.unlock();
        }
    }

    boolean hasWaiters() {
        lock.lock();
        try {
            return lock.hasWaiters(released);
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(String caller, long bytes) {
        return bytes == 0 || (bytes <= total - taken && bytes <= perCaller - callers.getOrDefault(caller, 0L));
    }

    private void add(String caller, long bytes) {
        lock.lock();
        try {
            taken += bytes;
            callers.merge(caller, bytes, Long::sum);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
