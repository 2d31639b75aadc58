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

/// Bounds how many bytes are in memory at a time for work of one sort, all in all and for each who asks for it:
/// memory is not spent by the number of requests, and no one caller takes the room of all others. What fits goes on,
/// however long something larger has waited already.
public final class BytesInFlight {
    private final long total;
    private final long perCaller;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<String, Long> callers = new HashMap<>();
    private long taken;

    /// @param total bytes at a time
    /// @param perCaller bytes at a time for each caller; no more than `total`
    public BytesInFlight(long total, long perCaller) {
        if (perCaller < 1 || total < perCaller) {
            throw new IllegalArgumentException("One caller gets something, and no more than there is.");
        }
        this.total = total;
        this.perCaller = perCaller;
    }

    /// Bytes that are taken until this is closed.
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

    /// Waits until there is room; for no bytes there always is.
    ///
    /// @param caller a certificate's name: there are no more of them than the roster and the settings have
    /// @param bytes more than one caller may have count as much as it may have
    /// @param patience how long to wait
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
