// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import org.shareferry.cli.CommandException;

/// One one-value delivery at a time, from the first hand-over until the client's event.
final class LatencyRow implements Measurement {
    /// What has to be committed before the client may tell the verdict: by a party, the relay, the client the
    /// envelopes,
    /// and by the client the verdict.
    private static final int COMMITS = 4;

    /// To the party, to the relay, to the client.
    private static final int REQUESTS = 3;

    private static final Goal P50 = Goal.ratioAtMost(3, 1.5);
    private static final Goal P99 = Goal.ratioAtMost(5, 3);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        int count = bench.isQuick() ? 60 : 500;
        double way = REQUESTS * bench.wire()
                + COMMITS * bench.commit()
                + bench.floor().oneEnvelope();
        var load = bench.two().load(1);
        bench.tell("delivering " + count + " values, one at a time");
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < count + count / 2; i++) {
            double one = load.deliverOne();
            if (i >= count / 2) {
                seconds.add(one);
            }
        }
        var samples = Samples.of(seconds);
        bench.findings()
                .add(Figure.of(Row.LATENCY, "hand-over to event, p50", samples.median() * 1e3, "ms")
                        .ratio(samples.median() / way, "its way")
                        .goal(P50)
                        .note("its way is " + REQUESTS + " bare requests, " + COMMITS
                                + " writes with fsync, and sealing, verifying and opening: "
                                + Findings.number(way * 1e3) + " ms"));
        bench.findings()
                .add(Figure.of(Row.LATENCY, "hand-over to event, p99", samples.percentile(99) * 1e3, "ms")
                        .ratio(samples.percentile(99) / samples.median(), "its p50")
                        .goal(P99));
    }
}
