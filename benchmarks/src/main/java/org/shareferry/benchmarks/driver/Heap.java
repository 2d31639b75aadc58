// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.HashMap;
import java.util.Map;
import org.shareferry.cli.CommandException;
import org.shareferry.member.MemberName;

/// Asks services again and again how much of their heap is in use, garbage included, and keeps the most.
final class Heap implements AutoCloseable {
    private static final long BETWEEN_MILLIS = 500;
    private static final double MEBIBYTE = 1 << 20;

    private final BenchSite site;
    private final Map<MemberName, Double> peaks = new HashMap<>();
    private final Thread watcher;

    Heap(BenchSite site) {
        this.site = site;
        watcher = Thread.ofVirtual().name("heap").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                for (var member : site.members()) {
                    look(member);
                }
                Thread.sleep(BETWEEN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(MemberName member) throws InterruptedException {
        try {
            double used = Metrics.sum(site.endpoint(member).metrics(), "jvm_memory_used_bytes", "area=\"heap\"");
            synchronized (peaks) {
                peaks.merge(member, used / MEBIBYTE, Math::max);
            }
        } catch (CommandException e) {
            // Asked again in a moment.
        }
    }

    /// @return MiB
    double peak(MemberName member) {
        synchronized (peaks) {
            return peaks.getOrDefault(member, 0.0);
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
