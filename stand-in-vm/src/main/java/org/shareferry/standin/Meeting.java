// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/// Where the VMs of one computation meet: everything that real ones tell each other goes through here, step
/// by step, and a step ends when all parties are there. When one party is gone, so are all.
public final class Meeting {
    private final int parties;
    private final long patienceNanos;
    private final Map<String, Map<Integer, Object>> steps = new HashMap<>();
    private boolean over;

    /// @param parties N
    /// @param patience how long a party waits for the others
    public Meeting(int parties, Duration patience) {
        this.parties = parties;
        this.patienceNanos = patience.toNanos();
    }

    /// Brings something to a step, and waits for what the others bring.
    ///
    /// @param step the same text at every party, different for every step
    /// @return what each party brought, ascending
    /// @throws GoneException when another party is gone, or does not come in time
    @SuppressWarnings("unchecked")
    synchronized <T> List<T> bring(String step, int party, T brought) throws GoneException, InterruptedException {
        var all = steps.computeIfAbsent(step, name -> new TreeMap<>());
        all.put(party, brought);
        notifyAll();
        long end = System.nanoTime() + patienceNanos;
        while (all.size() < parties) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (over || left <= 0) {
                throw new GoneException();
            }
            wait(left);
        }
        return (List<T>) List.copyOf(all.values());
    }

    /// Ends the computation for all: a party's process died.
    synchronized void leave() {
        over = true;
        notifyAll();
    }

    /// Another party is gone, and with it the computation.
    static final class GoneException extends TimeoutException {
        private static final long serialVersionUID = 1;
    }
}
