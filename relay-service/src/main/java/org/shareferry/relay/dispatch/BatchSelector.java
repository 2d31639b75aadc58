// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;

/// Chooses the waiting bundles for the next request to a client, and tracks those in flight. If a request with a
/// single bundle fails, that bundle may be the cause: it is sent alone again, in every second request. After a
/// failed request with several bundles the next requests have fewer, until they succeed again.
final class BatchSelector {
    /// If a request takes longer than this, a second one is sent meanwhile.
    private static final Duration SLOW = Duration.ofMillis(50);

    /// While a client is unreachable, each bundle that is tried becomes a suspect. Only the latest are remembered.
    private static final int MOST_SUSPECTS = 64;

    /// After a success the limit for the next request grows by 1/GROWTH.
    private static final int GROWTH = 4;

    private final int most;
    private final long mostBytes;
    private final LongSupplier nanoTime;
    private final Set<BundleKey> underWay = new LinkedHashSet<>();
    private final LinkedHashSet<BundleKey> suspects = new LinkedHashSet<>();
    private int allowed;
    private boolean suspectIsNext;
    private long lastTaken;

    /// @param most the maximum number of bundles in one request
    /// @param mostBytes the maximum number of bytes in one request, unless a single bundle has more
    /// @param nanoTime as [System#nanoTime]
    BatchSelector(int most, long mostBytes, LongSupplier nanoTime) {
        this.most = most;
        this.allowed = most;
        this.mostBytes = mostBytes;
        this.nanoTime = nanoTime;
    }

    /// @param alone whether to take only one
    /// @param oldest returns this many of the oldest waiting bundles
    /// @return the bundles for one request; they are in flight until [#settled]. Empty if nothing waits, or if it
    ///     is better to wait for more
    synchronized List<Waiting> take(boolean alone, IntFunction<List<Waiting>> oldest) {
        int limit = alone ? 1 : allowed;
        int wanted = limit + underWay.size() + suspects.size();
        var waiting = new ArrayList<>(oldest.apply(wanted));
        waiting.removeIf(bundle -> underWay.contains(bundle.key()));
        if (waiting.size() + underWay.size() < wanted) {
            // The list is complete, so a suspect that is missing in it no longer waits.
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

    /// @return the suspect that was tried longest ago
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

    /// @return whether a request with this bundle alone failed before
    synchronized boolean isSuspect(Waiting bundle) {
        return suspects.contains(bundle.key());
    }

    /// @param failed whether the request failed
    synchronized void settled(List<Waiting> taken, boolean failed) {
        for (var bundle : taken) {
            underWay.remove(bundle.key());
            suspects.remove(bundle.key());
        }
        if (!failed) {
            allowed = taken.size() < allowed ? allowed : Math.min(most, allowed + allowed / GROWTH + 1);
        } else if (taken.size() > 1) {
            // The request may have been too large for the client or the connection.
            allowed = Math.min(allowed, taken.size() / 2);
        } else if (taken.size() == 1) {
            suspects.add(taken.getFirst().key());
            if (suspects.size() > MOST_SUSPECTS) {
                suspects.removeFirst();
            }
        }
    }
}
