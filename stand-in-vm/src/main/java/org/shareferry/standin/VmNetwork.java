// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/// Connects the VMs of one computation. It replaces the communication between real VMs: in each step every party
/// contributes a value and gets those of all. If one party leaves, all are aborted.
public final class VmNetwork {
    private final int parties;
    private final long patienceNanos;
    private final Map<String, Map<Integer, Object>> steps = new HashMap<>();
    private boolean over;

    /// @param parties N
    /// @param patience the longest wait for the other parties
    public VmNetwork(int parties, Duration patience) {
        this.parties = parties;
        this.patienceNanos = patience.toNanos();
    }

    /// Contributes a value to a step, and waits for those of the others.
    ///
    /// @param step the same name at every party, different for every step
    /// @return the values of all parties, ascending
    /// @throws GoneException when another party has left, or does not contribute in time
    @SuppressWarnings("unchecked")
    synchronized <T> List<T> exchange(String step, int party, T value) throws GoneException, InterruptedException {
        var all = steps.computeIfAbsent(step, name -> new TreeMap<>());
        all.put(party, value);
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

    /// Another party has left, so the computation is aborted.
    static final class GoneException extends TimeoutException {
        private static final long serialVersionUID = 1;
    }
}
