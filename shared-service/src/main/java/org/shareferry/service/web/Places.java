// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Limits the number of concurrent requests of one kind, in total and per caller.
public final class Places {
    private final int total;
    private final int perCaller;
    private final Map<String, Integer> callers = new HashMap<>();
    private int taken;

    /// @param total the limit for all callers
    /// @param perCaller the limit for each caller
    public Places(int total, int perCaller) {
        if (perCaller < 1 || total < perCaller) {
            throw new IllegalArgumentException("The places per caller must be at least 1 and at most the total.");
        }
        this.total = total;
        this.perCaller = perCaller;
    }

    /// One place, occupied until it is closed.
    public final class Place implements AutoCloseable {
        private final String caller;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Place(String caller) {
            this.caller = caller;
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                leave(caller);
            }
        }
    }

    /// @param caller a certificate's name
    /// @return empty if a limit is reached
    public synchronized Optional<Place> take(String caller) {
        int own = callers.getOrDefault(caller, 0);
        if (taken == total || own == perCaller) {
            return Optional.empty();
        }
        taken++;
        callers.put(caller, own + 1);
        return Optional.of(new Place(caller));
    }

    private synchronized void leave(String caller) {
        taken--;
        callers.merge(caller, -1, (own, one) -> own == 1 ? null : own + one);
    }
}
