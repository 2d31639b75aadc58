// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Whether the service is stopping, and since when. A delivery in progress may continue for the drain timeout; then
/// the VM gets a refusal, and has a moment to read it.
final class Stopping {
    /// The time for a VM to close the connection after a refusal.
    static final Duration FAREWELL = Duration.ofSeconds(3);

    private final Duration drainTimeout;
    private final AtomicReference<Optional<Long>> begunAtNanos = new AtomicReference<>(Optional.empty());

    /// @param drainTimeout how long a delivery may continue
    Stopping(Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    void begin() {
        begunAtNanos.compareAndSet(Optional.empty(), Optional.of(System.nanoTime()));
    }

    /// The service starts again.
    void cancel() {
        begunAtNanos.set(Optional.empty());
    }

    boolean isBegun() {
        return begunAtNanos.get().isPresent();
    }

    /// @return whether the drain timeout has ended
    boolean isOverdue() {
        return isLongerThan(drainTimeout);
    }

    /// @return whether the time to read the refusal has ended too
    boolean isOver() {
        return isLongerThan(mostPatience());
    }

    /// @return the total time until [#isOver]
    Duration mostPatience() {
        return drainTimeout.plus(FAREWELL);
    }

    private boolean isLongerThan(Duration time) {
        return begunAtNanos
                .get()
                .filter(begun -> System.nanoTime() - begun >= time.toNanos())
                .isPresent();
    }
}
