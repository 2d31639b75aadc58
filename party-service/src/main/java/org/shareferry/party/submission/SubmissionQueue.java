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

/// Chooses the envelopes for the next request: the oldest waiting ones that are not in flight. A delivery on which
/// the relay fails while it may accept others is set aside for a while, so that it does not block the deliveries
/// after it.
final class SubmissionQueue {
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    private static final int MAX_SET_ASIDE = 1_000;

    private final Outbox outbox;
    private final Backoff backoff;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Set<DeliveryId> inFlight = new HashSet<>();
    private final Map<DeliveryId, Aside> aside = new HashMap<>();
    private long successes;

    private record Aside(int failures, long successes, long due) {
        boolean isDue() {
            return System.nanoTime() - due >= 0;
        }
    }

    /// @param first the longest wait of a delivery that is set aside for the first time; longer than the backoff of
    ///     the relay, so that another delivery is tried next
    SubmissionQueue(Outbox outbox, Duration first) {
        this.outbox = outbox;
        this.backoff = new Backoff(first, MAX_WAIT.compareTo(first) > 0 ? MAX_WAIT : first);
    }

    /// Consecutive envelopes of one delivery in one request.
    ///
    /// @param first the number of the first one
    /// @param contents the encoded envelopes
    record Part(DeliveryId delivery, long first, List<Bytes> contents) {
        long size() {
            return contents.stream().mapToLong(Bytes::size).sum();
        }
    }

    /// @param most the maximum number of envelopes
    /// @param mostBytes the limit for their total size; one is taken even if it is larger
    /// @return the parts of the next request; empty if nothing waits. Return each part with [#done]
    synchronized List<Part> next(int most, long mostBytes) {
        if (aside.size() > MAX_SET_ASIDE) {
            aside.clear();
        }
        var parts = new ArrayList<Part>();
        int left = most;
        long bytesLeft = mostBytes;
        var inOrder = outbox.waiting(most + inFlight.size() + aside.size());
        if (most == 1) {
            // While it is unknown whether the relay or a delivery is the cause, deliveries take turns.
            inOrder = inOrder.stream()
                    .sorted(Comparator.comparing(waiting -> aside.containsKey(waiting.id())))
                    .toList();
        }
        for (var waiting : inOrder) {
            if (left <= 0 || bytesLeft <= 0) {
                break;
            }
            var id = waiting.id();
            if (!inFlight.contains(id)
                    && (!aside.containsKey(id) || aside.get(id).isDue())) {
                var part = new Part(id, waiting.submitted(), outbox.contents(id, waiting.submitted(), left, bytesLeft));
                if (!parts.isEmpty() && part.size() > bytesLeft) {
                    break;
                }
                inFlight.add(id);
                parts.add(part);
                left -= part.contents().size();
                bytesLeft -= part.size();
            }
        }
        return parts;
    }

    /// Marks a part as no longer in flight, after its outcome is stored. Envelopes that were not accepted wait
    /// again.
    synchronized void done(Part part) {
        inFlight.remove(part.delivery());
    }

    /// Records that the relay gave an outcome for a delivery.
    synchronized void gotOutcome(DeliveryId id) {
        successes++;
        aside.remove(id);
        aside.values().removeIf(entry -> System.nanoTime() - entry.due() > MAX_WAIT.toNanos());
    }

    /// Sets a delivery aside. Its wait grows only if others had outcomes meanwhile; otherwise the relay is the
    /// cause.
    synchronized void setAside(DeliveryId id) {
        var former = aside.getOrDefault(id, new Aside(0, successes - 1, 0));
        int failures = former.successes() == successes ? former.failures() : former.failures() + 1;
        long wait = backoff.after(failures, random).toNanos();
        aside.put(id, new Aside(failures, successes, System.nanoTime() + wait));
    }

    /// Records that the relay responds again, because it may have been the cause of all first failures.
    synchronized void relayAnswersAgain() {
        aside.values().removeIf(entry -> entry.failures() == 1);
    }

    /// Clears all deliveries that were set aside.
    synchronized void clear() {
        aside.clear();
    }
}
