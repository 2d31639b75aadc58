// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Duration;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;

/// One delivery of many values: committed through the stand-in VM, and batched by REST.
final class BulkRow implements Measurement {
    private static final int MILLION = 1_000_000;
    private static final int REST_CHUNK = 10_000;
    private static final int COMMITTED_BYTES = 8;
    private static final int BATCHED_BYTES = 32;
    private static final double MEBIBYTE = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Goal RATE = Goal.ratioAtLeast(0.2, 0.5);
    private static final Goal DISK = Goal.ratioAtMost(3, 2.2);

    @Override
    public void measure(Bench bench) throws CommandException, InterruptedException {
        committed(bench, MILLION);
        rest(bench, MILLION);
        if (!bench.isQuick()) {
            committed(bench, 10 * MILLION);
            rest(bench, 10 * MILLION);
        }
    }

    private static void committed(Bench bench, int values) throws CommandException, InterruptedException {
        var what = values / MILLION + " million committed, from VMs";
        bench.report("delivering " + what);
        try (var watch = new Watch(bench.two().site())) {
            var run = StandInRuns.freshRun();
            var id = new DeliveryId(run, 0).toString();
            bench.two().arrivals().expect(id);
            double driver = driverSeconds();
            var seen = StandInRuns.deliver(bench.two().site(), run, List.of(new Shape(values, Floor.CHUNK)));
            double seconds =
                    (bench.two().arrivals().await(id, PATIENCE) - seen.moments().getFirst()) / 1e9;
            double own = driverSeconds() - driver;
            double floor = (bench.floor().processorSeconds(values) + own)
                    / bench.floor().cores();
            bench.findings()
                    .add(Figure.of(Row.BULK, what, values / seconds / MILLION, "million/s")
                            .ratio(floor / seconds, "floor + stand-in")
                            .goal(RATE)
                            .note("the stand-in's own work took " + Figures.number(own) + " s of a core"));
            bench.findings().add(Figure.of(Row.BULK, what + ": in the VM", seen.seconds(0), "s"));
            watch.add(bench, what, (long) values * COMMITTED_BYTES);
        }
    }

    private static void rest(Bench bench, int values) throws CommandException, InterruptedException {
        var what = values / MILLION + " million batched, by REST";
        bench.report("delivering " + what);
        try (var watch = new Watch(bench.two().site())) {
            var handOvers = new RestHandOvers(bench.two().site(), REST_CHUNK, values / REST_CHUNK);
            double seconds = new LoadGenerator(handOvers, bench.two().arrivals(), PATIENCE).deliverOne();
            bench.findings()
                    .add(Figure.of(Row.BULK, what, values / seconds / MILLION, "million/s")
                            .ratio(values / seconds / bench.floor().batchedValues(), "floor"));
            watch.add(bench, what, (long) values * BATCHED_BYTES);
        }
    }

    private static double driverSeconds() {
        return MeasuredProcess.of(ProcessHandle.current().pid()).processorSeconds();
    }

    /// Memory and disk of the services during one delivery.
    private static final class Watch implements AutoCloseable {
        private final BenchSite site;
        private final Heap heap;
        private final long atParty;
        private final long atRelay;

        Watch(BenchSite site) {
            this.site = site;
            site.members().forEach(member -> site.process(member).forgetPeak());
            heap = new Heap(site);
            atParty = site.process(MemberName.party(0)).bytesWritten();
            atRelay = site.process(BenchSite.RELAY).bytesWritten();
        }

        /// @param shareBytes of one party
        void add(Bench bench, String what, long shareBytes) {
            for (var member : List.of(MemberName.party(0), BenchSite.RELAY, BenchSite.CLIENT)) {
                bench.findings()
                        .add(Figure.of(
                                        Row.BULK,
                                        what + ": peak memory of " + member,
                                        (double) site.process(member).peakMebibytes(),
                                        "MiB")
                                .note("heap, garbage included: " + Figures.number(heap.peak(member)) + " MiB"));
            }
            long party = site.process(MemberName.party(0)).bytesWritten() - atParty;
            disk(bench, what + ": written by P0", party, shareBytes);
            long relay = site.process(BenchSite.RELAY).bytesWritten() - atRelay;
            disk(
                    bench,
                    what + ": written by R0",
                    relay,
                    shareBytes * site.parties().size());
        }

        private static void disk(Bench bench, String what, long written, long shareBytes) {
            bench.findings()
                    .add(Figure.of(Row.BULK, what, written / MEBIBYTE, "MiB")
                            .ratio((double) written / shareBytes, "shares in it")
                            .goal(DISK)
                            .note("write_bytes of /proc/PID/io, until the client had checked the delivery"));
        }

        @Override
        public void close() {
            heap.close();
        }
    }
}
