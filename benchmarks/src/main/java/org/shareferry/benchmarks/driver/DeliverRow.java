// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import java.util.Collections;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.Shape;

/// How long a VM is held up by one delivery of ten values in committed: from the first word of `deliver` to the
/// acknowledgement, at a stand-in whose own work is hardly any.
final class DeliverRow implements Measurement {
    private static final int VALUES = 10;
    private static final Goal GOAL = Goal.atMost(15, 5);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        int count = bench.isQuick() ? 60 : 200;
        bench.report("delivering " + VALUES + " values " + count + " times from stand-in VMs");
        int first = count / 3;
        var shapes = Collections.nCopies(count + first, new Shape(VALUES, Shape.DEFAULT_VALUES_PER_CHUNK));
        var seen = StandInRuns.deliver(bench.warm().site(), StandInRuns.freshRun(), shapes);
        var seconds = new ArrayList<Double>();
        for (int sequence = first; sequence < shapes.size(); sequence++) {
            seconds.add(seen.seconds(sequence));
        }
        var samples = Samples.of(seconds);
        bench.findings()
                .add(Figure.of(Row.DELIVER, "ten values, committed, in the VM, p50", samples.median() * 1e3, "ms")
                        .ratio(
                                samples.median()
                                        / (bench.commit() + bench.floor().oneEnvelope()),
                                "commit + envelope")
                        .goal(GOAL));
        bench.findings()
                .add(Figure.of(
                        Row.DELIVER, "ten values, committed, in the VM, p99", samples.percentile(99) * 1e3, "ms"));
    }
}
