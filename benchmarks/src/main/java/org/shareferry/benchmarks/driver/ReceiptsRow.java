// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.DeliveryId;

/// From the first hand-over until all parties have the client's receipt, one one-value delivery at a time.
final class ReceiptsRow implements Measurement {
    private static final long LOOK_MILLIS = 5;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        int count = bench.isQuick() ? 10 : 40;
        var site = bench.warm().site();
        var handOvers = new RestHandOvers(site, 1, 1);
        bench.report("waiting for receipts of " + count + " deliveries");
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            var id = handOvers.nextId();
            long begin = System.nanoTime();
            handOvers.handOver(id);
            awaitReceived(site, id, begin + PATIENCE_NANOS);
            seconds.add((System.nanoTime() - begin) / 1e9);
        }
        var samples = Samples.of(seconds);
        bench.findings()
                .add(Figure.of(Row.RECEIPTS, "hand-over to receipt at both parties, p50", samples.median() * 1e3, "ms")
                        .ratio(samples.median() / bench.wire(), "wire")
                        .note("asked for every " + LOOK_MILLIS + " ms"));
        bench.findings()
                .add(Figure.of(
                        Row.RECEIPTS, "hand-over to receipt at both parties, p99", samples.percentile(99) * 1e3, "ms"));
    }

    private static void awaitReceived(BenchSite site, DeliveryId id, long end)
            throws CommandException, InterruptedException {
        for (var party : site.parties()) {
            while (!site.endpoint(party)
                    .get("/v1/deliveries/" + id)
                    .path("state")
                    .asString("")
                    .equals("received")) {
                if (System.nanoTime() > end) {
                    throw new CommandException(party + " has no receipt for " + id + " after a minute.");
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }
}
