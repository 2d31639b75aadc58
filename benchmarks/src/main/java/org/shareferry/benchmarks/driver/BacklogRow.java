// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import org.shareferry.cli.CommandException;

/// Twenty thousand deliveries waited for the client. It comes back: how fast they arrive, and how long new ones take
/// meanwhile.
final class BacklogRow implements Measurement {
    private static final int DELIVERIES = 20_000;
    private static final Duration HAND_OVERS = Duration.ofMinutes(2);
    private static final long DRAINING_NANOS = 180_000_000_000L;

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        double rate = bench.smallPerSecond();
        try (var running = bench.start(2)) {
            running.site().kill(BenchSite.CLIENT);
            bench.report("letting " + DELIVERIES + " deliveries wait for a client that is away");
            var waiting = new Waiting(running);
            int handed = waiting.handOver(DELIVERIES, HAND_OVERS);
            running.site().start(BenchSite.CLIENT);
            bench.report("the client is back; " + handed + " deliveries wait for it");
            drain(bench, running, waiting, handed, rate);
        }
    }

    private static void drain(Bench bench, Bench.Running running, Waiting waiting, int handed, double rate)
            throws CommandException, InterruptedException {
        long begin = System.nanoTime();
        var load = running.load(1);
        var latencies = new ArrayList<Double>();
        while (waiting.missing() > 0 && System.nanoTime() < begin + DRAINING_NANOS) {
            latencies.add(load.deliverOne());
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long arrived = handed - waiting.missing();
        var note =
                handed + " waited" + (arrived == handed ? "" : "; the others still wait after " + (int) seconds + " s");
        bench.findings()
                .add(Figure.of(Row.BACKLOG, arrived + " that waited for the client", arrived / seconds, "/s")
                        .ratio(arrived / seconds / rate, "small")
                        .note(note));
        if (latencies.isEmpty()) {
            bench.findings().add(Figure.notMeasured(Row.BACKLOG, "new ones meanwhile, p99", "none was delivered"));
            return;
        }
        var samples = Samples.of(latencies);
        bench.findings()
                .add(Figure.of(Row.BACKLOG, "new ones meanwhile, p50", samples.median() * 1e3, "ms")
                        .note(samples.count() + " measured"));
        bench.findings().add(Figure.of(Row.BACKLOG, "new ones meanwhile, p99", samples.percentile(99) * 1e3, "ms"));
    }
}
