// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    /// Hands over as many at a time as [SmallRow] has in flight.
    ///
    /// @param limit after which no more are begun
    /// @return how many there are now
    int handOver(int count, Duration limit) throws CommandException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        var left = new AtomicInteger(count);
        LoadGenerator.atOnce(SmallRow.IN_FLIGHT, () -> {
            while (left.getAndDecrement() > 0 && System.nanoTime() < end) {
                var id = handOvers.nextId();
                arrivals.expect(id.toString());
                handOvers.handOver(id);
                ids.add(id);
            }
            return count;
        });
        return ids.size();
    }

    /// @return how many are not at the client yet
    long missing() {
        return List.copyOf(ids).stream()
                .filter(id -> !arrivals.hasArrived(id.toString()))
                .count();
    }
}
