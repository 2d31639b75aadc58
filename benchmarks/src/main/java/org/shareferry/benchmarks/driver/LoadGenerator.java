// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.shareferry.cli.CommandException;

/// Keeps a number of one-value deliveries in flight: each from its hand-over until the client told that it was checked;
/// then the next takes its place.
final class LoadGenerator {
    private final RestHandOvers handOvers;
    private final Arrivals arrivals;
    private final Duration patience;

    /// @param patience how long one delivery may take
    LoadGenerator(RestHandOvers handOvers, Arrivals arrivals, Duration patience) {
        this.handOvers = handOvers;
        this.arrivals = arrivals;
        this.patience = patience;
    }

    /// What was measured.
    ///
    /// @param seconds how long
    /// @param latencies of the deliveries that arrived in this time, in seconds
    record Result(double seconds, List<Double> latencies) {
        double perSecond() {
            return latencies.size() / seconds;
        }
    }

    /// @return how long the delivery took, in seconds
    double deliverOne() throws CommandException, InterruptedException {
        var id = handOvers.nextId();
        arrivals.expect(id.toString());
        long begin = System.nanoTime();
        handOvers.handOver(id);
        return (arrivals.await(id.toString(), patience) - begin) / 1e9;
    }

    /// @param inFlight how many at a time
    /// @param duration how long to go on beginning new ones
    Result run(int inFlight, Duration duration) throws CommandException, InterruptedException {
        var latencies = Collections.synchronizedList(new ArrayList<Double>());
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        atOnce(inFlight, () -> {
            while (System.nanoTime() < end) {
                double seconds = deliverOne();
                if (System.nanoTime() < end) {
                    latencies.add(seconds);
                }
            }
            return inFlight;
        });
        return new Result(duration.toNanos() / 1e9, List.copyOf(latencies));
    }

    /// Runs the same work in several threads, and waits for them.
    static <T> void atOnce(int threads, Callable<T> handingOver) throws CommandException, InterruptedException {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : executor.invokeAll(Collections.nCopies(threads, handingOver))) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandException expected
                    ? expected
                    : new CommandException("Deliveries cannot be handed over; run it with --verbose.", e);
        }
    }
}
