// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.shareferry.relay.bundle.BundleStore.Waiting;

/// Which of one client's waiting bundles go next, and which are under way. A bundle that was under way alone when the
/// client failed may be what it fails on: it goes alone again, each second time that something is taken. After a
/// request with several that failed the next ones have fewer, until they succeed again.
final class NextBundles {
    /// A client that takes longer over a request is given another meanwhile.
    private static final Duration SLOW = Duration.ofMillis(50);

    /// While a client is away, each bundle that it is tried with becomes a suspect; those of long ago are none.
    private static final int MOST_SUSPECTS = 64;

    /// After a success the next request may have a quarter more bundles.
    private static final int GROWTH = 4;

    private final int most;
    private final long mostBytes;
    private final LongSupplier nanoTime;
    private final Set<BundleKey> underWay = new LinkedHashSet<>();
    private final LinkedHashSet<BundleKey> suspects = new LinkedHashSet<>();
    private int allowed;
    private boolean suspectIsNext;
    private long lastTaken;

    /// @param most bundles of one request
    /// @param mostBytes of one request, unless one bundle has more
    /// @param nanoTime as [System#nanoTime]
    NextBundles(int most, long mostBytes, LongSupplier nanoTime) {
        this.most = most;
        this.allowed = most;
        this.mostBytes = mostBytes;
        this.nanoTime = nanoTime;
    }

    /// @param alone whether only one is wanted
    /// @param oldest gives so many of the oldest that wait
    /// @return what to bring in one request now, until it is [#settled]; empty when nothing waits, or while it is
    ///     better to wait for more
    synchronized List<Waiting> take(boolean alone, IntFunction<List<Waiting>> oldest) {
        int limit = alone ? 1 : allowed;
        int wanted = limit + underWay.size() + suspects.size();
        var waiting = new ArrayList<>(oldest.apply(wanted));
        waiting.removeIf(bundle -> underWay.contains(bundle.key()));
        if (waiting.size() + underWay.size() < wanted) {
            // These are all: a suspect that is not among them waits no longer.
            suspects.removeIf(key -> !underWay.contains(key)
                    && waiting.stream().noneMatch(bundle -> bundle.key().equals(key)));
        }
        var suspect = firstSuspect(waiting);
        var taken = suspectIsNext && !alone && !suspect.isEmpty() ? suspect : oldest(waiting, limit);
        if (taken.isEmpty()) {
            taken = suspect;
        } else if (taken != suspect && !underWay.isEmpty() && isSmall(taken) && !isSlow()) {
            return List.of();
        }
        suspectIsNext = !alone && taken != suspect;
        lastTaken = nanoTime.getAsLong();
        taken.forEach(bundle -> underWay.add(bundle.key()));
        return taken;
    }

    private List<Waiting> oldest(List<Waiting> waiting, int limit) {
        var taken = new ArrayList<Waiting>();
        long bytes = 0;
        for (var bundle : waiting) {
            boolean fits = taken.size() < limit && (taken.isEmpty() || bytes + bundle.size() <= mostBytes);
            if (fits && !suspects.contains(bundle.key())) {
                taken.add(bundle);
                bytes += bundle.size();
            }
        }
        return taken;
    }

    /// @return the one that was tried longest ago
    private List<Waiting> firstSuspect(List<Waiting> waiting) {
        return suspects.stream()
                .flatMap(key -> waiting.stream().filter(bundle -> bundle.key().equals(key)))
                .findFirst()
                .map(List::of)
                .orElse(List.of());
    }

    private boolean isSmall(List<Waiting> taken) {
        return taken.size() < most / 4
                && taken.stream().mapToLong(Waiting::size).sum() < mostBytes / 4;
    }

    private boolean isSlow() {
        return nanoTime.getAsLong() - lastTaken > SLOW.toNanos();
    }

    /// @return whether the client failed on it alone before
    synchronized boolean isSuspect(Waiting bundle) {
        return suspects.contains(bundle.key());
    }

    /// @param failed whether the client could not be reached, or failed on them
    synchronized void settled(List<Waiting> taken, boolean failed) {
        for (var bundle : taken) {
            underWay.remove(bundle.key());
            suspects.remove(bundle.key());
        }
        if (!failed) {
            allowed = taken.size() < allowed ? allowed : Math.min(most, allowed + allowed / GROWTH + 1);
        } else if (taken.size() > 1) {
            // The request may have been more than the client, or the line to it, can take.
            allowed = Math.min(allowed, taken.size() / 2);
        } else if (taken.size() == 1) {
            suspects.add(taken.getFirst().key());
            if (suspects.size() > MOST_SUSPECTS) {
                suspects.removeFirst();
            }
        }
    }
}
