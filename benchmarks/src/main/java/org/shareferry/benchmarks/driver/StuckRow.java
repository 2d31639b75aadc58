// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import org.shareferry.cli.CommandException;

/// How many requests the relay gets while a thousand deliveries wait for a client that is away.
final class StuckRow implements Measurement {
    private static final Duration SETTLING = Duration.ofSeconds(60);
    private static final Duration WATCHED = Duration.ofSeconds(30);
    private static final Duration HAND_OVERS = Duration.ofMinutes(2);
    private static final int DELIVERIES = 1000;
    private static final Goal GOAL = Goal.atMost(2, 0.2);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        var running = bench.start(2);
        var waiting = new Waiting(running);
        running.site().kill(BenchSite.CLIENT);
        bench.report("letting " + DELIVERIES + " deliveries wait for a client that is away");
        int handed = waiting.handOver(DELIVERIES, HAND_OVERS);
        Thread.sleep(SETTLING);
        double before = requests(running.site());
        Thread.sleep(WATCHED);
        double requests = (requests(running.site()) - before) / WATCHED.toSeconds();
        bench.findings()
                .add(Figure.of(Row.STUCK, "requests of all parties at the relay", requests, "/s")
                        .goal(GOAL)
                        .note(handed + " deliveries waited"));
        running.close();
    }

    private static double requests(BenchSite site) throws CommandException, InterruptedException {
        return Metrics.sum(
                site.endpoint(BenchSite.RELAY).metrics(), "http_server_requests_seconds_count", "uri=\"/v1/");
    }
}
