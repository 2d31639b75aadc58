// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Whether the service is stopping, and since when. A delivery in progress may continue for the drain timeout; then
/// the VM gets a refusal, and has a moment to read it.
final class Shutdown {
    /// The time for a VM to close the connection after a refusal.
    static final Duration REFUSAL_READ_TIME = Duration.ofSeconds(3);

    private final Duration drainTimeout;
    private final AtomicReference<Optional<Long>> startNanos = new AtomicReference<>(Optional.empty());

    /// @param drainTimeout how long a delivery may continue
    Shutdown(Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
    }

    void begin() {
        startNanos.compareAndSet(Optional.empty(), Optional.of(System.nanoTime()));
    }

    /// The service starts again.
    void cancel() {
        startNanos.set(Optional.empty());
    }

    boolean hasBegun() {
        return startNanos.get().isPresent();
    }

    /// @return whether the drain timeout has ended
    boolean isOverdue() {
        return isLongerThan(drainTimeout);
    }

    /// @return whether the time to read the refusal has ended too
    boolean isOver() {
        return isLongerThan(totalTimeout());
    }

    /// @return the total time until [#isOver]
    Duration totalTimeout() {
        return drainTimeout.plus(REFUSAL_READ_TIME);
    }

    private boolean isLongerThan(Duration time) {
        return startNanos
                .get()
                .filter(begun -> System.nanoTime() - begun >= time.toNanos())
                .isPresent();
    }
}
