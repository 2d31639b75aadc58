// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import org.shareferry.cli.CommandException;

/// From the start of four processes until all are ready, with databases that are there already, as after a restart.
final class StartRow implements Measurement {
    private static final int TIMES = 3;
    private static final Goal GOAL = Goal.atMost(5, 3);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        var running = bench.two();
        bench.findings()
                .add(Figure.of(Row.START, "four services ready, for the first time", running.startSeconds(), "s"));
        bench.findings()
                .add(Figure.of(Row.START, "processor time for it, all services", running.startProcessor(), "s"));
        if (bench.isQuick()) {
            return;
        }
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < TIMES; i++) {
            bench.report("starting four services again");
            running.site().killAll();
            seconds.add(running.site().startAll());
        }
        bench.findings()
                .add(Figure.of(
                                Row.START,
                                "four services ready, again",
                                Samples.of(seconds).median(),
                                "s")
                        .goal(GOAL)
                        .note("median of " + TIMES));
    }
}
