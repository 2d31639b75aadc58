// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.OptionalLong;
import org.shareferry.cli.CommandException;

/// One-value deliveries, 64 in flight: how many a second, and what each costs all services together.
final class SmallRow implements Measurement {
    static final int IN_FLIGHT = 64;

    private static final Goal RATE = Goal.ratioAtLeast(0.2, 0.5);
    private static final Goal PROCESSOR = Goal.atMost(4, 2.5);
    private static final Goal FSYNCS = Goal.atMost(1, 0.3);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        var duration = Duration.ofSeconds(bench.isQuick() ? 10 : 60);
        var running = bench.warm();
        var load = running.load(1);
        bench.report("delivering single values, " + IN_FLIGHT + " in flight, for " + duration.toSeconds() + " s");
        load.run(IN_FLIGHT, duration.dividedBy(3));
        try (var fsyncs = FsyncCount.of(running.site().pids(), running.site().folder())) {
            double services = running.site().processorSeconds();
            double driver = driverSeconds();
            var result = load.run(IN_FLIGHT, duration);
            // The last ones, which arrive after the time is over, cost too.
            int all = result.latencies().size() + IN_FLIGHT;
            services = running.site().processorSeconds() - services;
            driver = driverSeconds() - driver;
            var counted = fsyncs.stop();
            add(bench, result);
            addCosts(bench, all, services, driver);
            addFsyncs(bench, all, counted);
        }
    }

    private static double driverSeconds() {
        return MeasuredProcess.of(ProcessHandle.current().pid()).processorSeconds();
    }

    private static void add(Bench bench, LoadGenerator.Result result) throws CommandException, InterruptedException {
        var latencies = Samples.of(result.latencies());
        bench.setSmallPerSecond(result.perSecond());
        bench.findings()
                .add(Figure.of(Row.SMALL, "deliveries", result.perSecond(), "/s")
                        .ratio(result.perSecond() / bench.floor().deliveries(), "floor")
                        .goal(RATE));
        bench.findings().add(Figure.of(Row.SMALL, "hand-over to event, p50", latencies.median() * 1e3, "ms"));
        bench.findings()
                .add(Figure.of(Row.SMALL, "hand-over to event, p99", latencies.percentile(99) * 1e3, "ms")
                        .ratio(latencies.percentile(99) / latencies.median(), "its p50"));
    }

    private static void addCosts(Bench bench, int deliveries, double services, double driver)
            throws CommandException, InterruptedException {
        double cryptography = 2 * bench.floor().oneEnvelope();
        bench.findings()
                .add(Figure.of(
                                Row.SMALL,
                                "processor time per delivery, all services",
                                services / deliveries * 1e3,
                                "ms")
                        .ratio(services / deliveries / cryptography, "cryptography")
                        .goal(PROCESSOR));
        bench.findings()
                .add(Figure.of(Row.SMALL, "processor time per delivery, driver", driver / deliveries * 1e3, "ms"));
    }

    private static void addFsyncs(Bench bench, int deliveries, OptionalLong fsyncs) {
        var what = "fsyncs per delivery, all services";
        bench.findings()
                .add(
                        fsyncs.isPresent()
                                ? Figure.of(Row.SMALL, what, (double) fsyncs.getAsLong() / deliveries, "")
                                        .goal(FSYNCS)
                                        .note("fsync and fdatasync, counted by perf stat")
                                : Figure.notMeasured(Row.SMALL, what, "perf stat may not count here"));
    }
}
