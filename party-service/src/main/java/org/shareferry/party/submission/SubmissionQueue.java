// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.service.storage.Backoff;

/// Chooses what goes to the relay next: the oldest that waits, without what is under way already. A delivery that the
/// relay did not take while it may take others is set aside for a while, so that it does not stop what is behind it.
final class SubmissionQueue {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int MOST_ASIDE = 1_000;

    private final Outbox outbox;
    private final Backoff backoff;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Set<DeliveryId> underWay = new HashSet<>();
    private final Map<DeliveryId, Aside> aside = new HashMap<>();
    private long successes;

    private record Aside(int failures, long successes, long due) {
        boolean isDue() {
            return System.nanoTime() - due >= 0;
        }
    }

    /// @param first the longest wait of a delivery that is set aside for the first time: longer than the relay is given
    ///     before it is asked again, so that then another delivery has its turn
    SubmissionQueue(Outbox outbox, Duration first) {
        this.outbox = outbox;
        this.backoff = new Backoff(first, LONGEST.compareTo(first) > 0 ? LONGEST : first);
    }

    /// Consecutive envelopes of one delivery in one request.
    ///
    /// @param first the number of the first one
    /// @param contents their bytes
    record Part(DeliveryId delivery, long first, List<Bytes> contents) {
        long size() {
            return contents.stream().mapToLong(Bytes::size).sum();
        }
    }

    /// @param most how many envelopes
    /// @param mostBytes of all together; one is taken even if it has more
    /// @return what goes in one request; empty when nothing waits. Each part is to be given back with [#done]
    synchronized List<Part> next(int most, long mostBytes) {
        if (aside.size() > MOST_ASIDE) {
            aside.clear();
        }
        var parts = new ArrayList<Part>();
        int left = most;
        long bytesLeft = mostBytes;
        var inOrder = outbox.waiting(most + underWay.size() + aside.size());
        if (most == 1) {
            // While nobody knows whether the relay or a delivery is the cause, each has its turn.
            inOrder = inOrder.stream()
                    .sorted(Comparator.comparing(waiting -> aside.containsKey(waiting.id())))
                    .toList();
        }
        for (var waiting : inOrder) {
            if (left <= 0 || bytesLeft <= 0) {
                break;
            }
            var id = waiting.id();
            if (!underWay.contains(id)
                    && (!aside.containsKey(id) || aside.get(id).isDue())) {
                var part = new Part(id, waiting.submitted(), outbox.contents(id, waiting.submitted(), left, bytesLeft));
                if (!parts.isEmpty() && part.size() > bytesLeft) {
                    break;
                }
                underWay.add(id);
                parts.add(part);
                left -= part.contents().size();
                bytesLeft -= part.size();
            }
        }
        return parts;
    }

    /// Says that the outcome of a part is stored. If not all of it was accepted, the rest waits again.
    synchronized void done(Part part) {
        underWay.remove(part.delivery());
    }

    /// Notes that the relay judged a delivery.
    synchronized void judged(DeliveryId id) {
        successes++;
        aside.remove(id);
        aside.values().removeIf(entry -> System.nanoTime() - entry.due() > LONGEST.toNanos());
    }

    /// Sets a delivery aside. Its waits grow only if others were judged meanwhile: else the relay is the cause.
    synchronized void setAside(DeliveryId id) {
        var former = aside.getOrDefault(id, new Aside(0, successes - 1, 0));
        int failures = former.successes() == successes ? former.failures() : former.failures() + 1;
        long wait = backoff.after(failures, random).toNanos();
        aside.put(id, new Aside(failures, successes, System.nanoTime() + wait));
    }

    /// Notes that the relay answers again: it may have been the cause for all that failed once.
    synchronized void relayAnswersAgain() {
        aside.values().removeIf(entry -> entry.failures() == 1);
    }

    /// Nothing is set aside any longer.
    synchronized void clear() {
        aside.clear();
    }
}
