// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.DeliveryId;

/// One-value deliveries that are handed over and wait.
final class Waiting {
    private final RestHandOvers handOvers;
    private final Arrivals arrivals;
    private final List<DeliveryId> ids = Collections.synchronizedList(new ArrayList<>());

    Waiting(Bench.Running running) {
        this.handOvers = new RestHandOvers(running.site(), 1, 1);
        this.arrivals = running.arrivals();
    }

    /// Hands over at as many at a time as are in flight otherwise.
    ///
    /// @param limit after which no more are begun
    /// @return how many there are now
    int handOver(int count, Duration limit) throws CommandException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        var left = new AtomicInteger(count);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < SmallRow.IN_FLIGHT; i++) {
                all.add(threads.submit(() -> {
                    while (left.getAndDecrement() > 0 && System.nanoTime() < end) {
                        var id = handOvers.nextId();
                        arrivals.expect(id.toString());
                        handOvers.handOver(id);
                        ids.add(id);
                    }
                    return count;
                }));
            }
            for (var one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandException expected
                    ? expected
                    : new CommandException("Deliveries cannot be handed over; run it with --verbose.", e);
        }
        return ids.size();
    }

    /// @return how many are not at the client yet
    long missing() {
        return List.copyOf(ids).stream()
                .filter(id -> !arrivals.hasArrived(id.toString()))
                .count();
    }
}
