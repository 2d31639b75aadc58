// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Whether the service stops, and since when. A delivery that is coming in may still come to its end for a
/// while; then the VM is told to stop, and has a moment to hear it.
final class Stopping {
    /// For a VM that was told to stop to close the connection.
    static final Duration FAREWELL = Duration.ofSeconds(3);

    private final Duration drainTimeout;
    private final AtomicReference<Optional<Long>> begunAtNanos = new AtomicReference<>(Optional.empty());

    /// @param drainTimeout how long a delivery may go on
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

    /// @return whether a delivery has had its time
    boolean isOverdue() {
        return isLongerThan(drainTimeout);
    }

    /// @return whether a VM that was told to stop has had its time, too
    boolean isOver() {
        return isLongerThan(mostPatience());
    }

    /// @return from the beginning until all is over
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
