// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import org.shareferry.cli.CommandException;

/// A request that needs nothing but the connection: `GET /v1/keys` at the client, over mutual TLS on a kept connection.
final class WireRow implements Measurement {
    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        var seconds = bench.wires();
        bench.findings().add(Figure.of(Row.WIRE, "bare request, p50", seconds.median() * 1e3, "ms"));
        bench.findings()
                .add(Figure.of(Row.WIRE, "bare request, p99", seconds.percentile(99) * 1e3, "ms")
                        .ratio(seconds.percentile(99) / seconds.median(), "its p50"));
        bench.findings().add(Figure.of(Row.WIRE, "write of a page with fsync, p50", bench.commit() * 1e3, "ms"));
    }

    /// As many requests again come before, to warm up.
    static Samples seconds(BenchSite site, int requests) throws CommandException, InterruptedException {
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < 2 * requests; i++) {
            long begin = System.nanoTime();
            site.endpoint(BenchSite.CLIENT).get("/v1/keys");
            if (i >= requests) {
                seconds.add((System.nanoTime() - begin) / 1e9);
            }
        }
        return Samples.of(seconds);
    }
}
