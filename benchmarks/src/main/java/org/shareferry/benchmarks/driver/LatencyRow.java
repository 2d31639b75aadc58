// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cli.CommandException;

/// One one-value delivery at a time, from the first hand-over until the client's event.
final class LatencyRow implements Measurement {
    /// What has to be committed before the client may tell the verdict: by a party, the relay, the client the
    /// envelopes, and by the client the verdict.
    private static final int COMMITS = 4;

    /// To the party, to the relay, to the client.
    private static final int REQUESTS = 3;

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Goal P50 = Goal.ratioAtMost(3, 1.5);
    private static final Goal P99 = Goal.ratioAtMost(5, 3);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        int count = bench.isQuick() ? 60 : 500;
        double minimum = REQUESTS * bench.wire()
                + COMMITS * bench.commit()
                + bench.floor().oneEnvelope();
        var running = bench.warm();
        var load = running.load(1);
        bench.report("delivering " + count + " values, one at a time");
        several(load, count / 2);
        double processor = running.site().processorSeconds();
        var samples = Samples.of(several(load, count));
        processor = (running.site().processorSeconds() - processor) / samples.count();
        bench.findings()
                .add(Figure.of(Row.LATENCY, "hand-over to event, p50", samples.median() * 1e3, "ms")
                        .ratio(samples.median() / minimum, "its minimum path")
                        .goal(P50)
                        .note("its minimum path is " + REQUESTS + " bare requests, " + COMMITS
                                + " writes with fsync, and sealing, verifying and opening: "
                                + Figures.number(minimum * 1e3) + " ms"));
        bench.findings()
                .add(Figure.of(Row.LATENCY, "hand-over to event, p99", samples.percentile(99) * 1e3, "ms")
                        .ratio(samples.percentile(99) / samples.median(), "its p50")
                        .goal(P99)
                        .note(samples.count() + " measured"));
        bench.findings()
                .add(Figure.of(Row.LATENCY, "processor time per delivery, all services", processor * 1e3, "ms"));
    }

    /// @return seconds of each, of fewer when they take long
    private static List<Double> several(LoadGenerator load, int count) throws CommandException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        var seconds = new ArrayList<Double>();
        do {
            seconds.add(load.deliverOne());
        } while (seconds.size() < count && System.nanoTime() < end);
        return seconds;
    }
}
