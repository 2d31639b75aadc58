// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import org.shareferry.cli.CommandException;
import org.shareferry.member.MemberName;

/// How soon a thousand deliveries arrive that waited while the client, and then the relay, was away for 100 s.
final class OutageRow implements Measurement {
    private static final Duration OUTAGE = Duration.ofSeconds(100);
    private static final Duration HAND_OVERS = Duration.ofSeconds(90);
    private static final long PATIENCE_NANOS = 200_000_000_000L;
    private static final int DELIVERIES = 1000;
    private static final long LOOK_MILLIS = 50;
    private static final Goal GOAL = Goal.ratioAtMost(3, 1.5);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        var running = bench.start(2);
        measure(bench, running, BenchSite.CLIENT);
        measure(bench, running, BenchSite.RELAY);
        running.close();
    }

    private static void measure(Bench bench, Bench.Running running, MemberName away)
            throws CommandException, InterruptedException {
        double rate = bench.smallPerSecond();
        bench.report("letting " + DELIVERIES + " deliveries wait for " + away + " for " + OUTAGE.toSeconds() + " s");
        running.site().kill(away);
        long back = System.nanoTime() + OUTAGE.toNanos();
        var waiting = new Waiting(running);
        int handed = waiting.handOver(DELIVERIES, HAND_OVERS);
        Thread.sleep(Duration.ofNanos(Math.max(1, back - System.nanoTime())));
        running.site().start(away);
        long begin = System.nanoTime();
        while (waiting.missing() > 0 && System.nanoTime() < begin + PATIENCE_NANOS) {
            Thread.sleep(LOOK_MILLIS);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long missing = waiting.missing();
        bench.findings()
                .add(Figure.of(Row.OUTAGE, "last of the waiting, after " + away + " was away", seconds, "s")
                        .ratio(seconds / (handed / rate), "small")
                        .goal(GOAL)
                        .note(handed + " waited" + (missing == 0 ? "" : "; " + missing + " still wait")));
    }
}
