// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Shape;

/// What a value costs in short and in long deliveries, a delivery with more parties, and a delivery beside a long
/// history.
final class GrowthRow implements Measurement {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration PARTIES_TIME = Duration.ofSeconds(15);
    private static final Duration HISTORY_TIME = Duration.ofSeconds(20);
    private static final Duration HISTORY_LIMIT = Duration.ofMinutes(4);
    private static final int HISTORY = 100_000;
    private static final int PARTIES_IN_FLIGHT = 16;
    private static final Goal GOAL = Goal.ratioAtMost(1.2, 1);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        values(bench);
        history(bench);
        for (int parties : List.of(3, 5, 8)) {
            parties(bench, parties);
        }
    }

    private static void values(Bench bench) throws CommandException, InterruptedException {
        var perValue = new TreeMap<Integer, Double>();
        for (int values : List.of(10_000, 100_000, 1_000_000, 10_000_000)) {
            bench.report("delivering " + values + " values, committed, from stand-in VMs");
            var seconds = new ArrayList<Double>();
            for (int i = 0; i < (values > 100_000 ? 1 : 5); i++) {
                seconds.add(seconds(bench, values));
            }
            perValue.put(values, Samples.of(seconds).median() / values);
        }
        double usual = perValue.getOrDefault(100_000, Double.NaN);
        perValue.forEach((values, seconds) -> {
            var figure = Figure.of(Row.GROWTH, "a value, " + values + " in the delivery", seconds * 1e9, "ns")
                    .ratio(seconds / usual, "100000");
            bench.findings().add(values == 10_000_000 ? figure.goal(GOAL) : figure);
        });
    }

    private static double seconds(Bench bench, int values) throws CommandException, InterruptedException {
        var run = StandInRuns.freshRun();
        var id = new DeliveryId(run, 0).toString();
        bench.two().arrivals().expect(id);
        var seen = StandInRuns.deliver(bench.two().site(), run, List.of(new Shape(values, Floor.CHUNK)));
        return (bench.two().arrivals().await(id, PATIENCE) - seen.moments().getFirst()) / 1e9;
    }

    private static void history(Bench bench) throws CommandException, InterruptedException {
        var running = bench.start(2);
        var load = running.load(1);
        bench.report("delivering single values without and with history");
        load.run(SmallRow.IN_FLIGHT, HISTORY_TIME);
        double without = load.run(SmallRow.IN_FLIGHT, HISTORY_TIME).perSecond();
        int history = 0;
        long end = System.nanoTime() + HISTORY_LIMIT.toNanos();
        while (history < HISTORY && System.nanoTime() < end) {
            history += load.run(SmallRow.IN_FLIGHT, Duration.ofSeconds(5))
                    .latencies()
                    .size();
        }
        double with = load.run(SmallRow.IN_FLIGHT, HISTORY_TIME).perSecond();
        bench.findings()
                .add(Figure.of(Row.GROWTH, "a delivery, " + history + " in history", 1e3 / with, "ms")
                        .ratio(without / with, "none in history")
                        .goal(GOAL)
                        .note(
                                history < HISTORY
                                        ? "more than " + history + " could not be delivered in "
                                                + HISTORY_LIMIT.toMinutes() + " minutes"
                                        : ""));
        running.close();
    }

    private static void parties(Bench bench, int parties) throws CommandException, InterruptedException {
        try (var running = bench.start(parties)) {
            var load = running.load(1);
            bench.report("delivering single values of " + parties + " parties");
            load.run(PARTIES_IN_FLIGHT, PARTIES_TIME);
            double rate = load.run(PARTIES_IN_FLIGHT, PARTIES_TIME).perSecond();
            bench.findings()
                    .add(Figure.of(Row.GROWTH, "deliveries of " + parties + " parties", rate, "/s")
                            .ratio(rate * bench.floor().secondsPerDelivery(parties), "floor")
                            .note(PARTIES_IN_FLIGHT + " in flight"));
        }
    }
}
