// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServicePrograms;
import org.shareferry.keys.KeyFileException;

/// What measurements share: the floor, the site of two parties with its listener, and what was found so far. What one
/// of them needs first is made when it does.
final class Bench implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TWO = 2;

    private final Path folder;
    private final ServicePrograms programs;
    private final Clock clock;
    private final Progress progress;
    private final boolean quick;
    private final Duration warmUp;
    private final Figures findings;
    private final List<Running> sites = new ArrayList<>();
    private Optional<Floor> floor = Optional.empty();
    private Optional<Samples> wire = Optional.empty();
    private Optional<Double> commit = Optional.empty();
    private Optional<Double> small = Optional.empty();
    private Optional<Running> two = Optional.empty();
    private boolean isWarm;

    /// @param folder for sites
    /// @param quick whether to be content with few measurements
    /// @param warmUp how long the services deliver before their speed is measured
    Bench(Path folder, ServicePrograms programs, Clock clock, Progress progress, boolean quick, Duration warmUp) {
        this.folder = folder;
        this.programs = programs;
        this.clock = clock;
        this.progress = progress;
        this.quick = quick;
        this.warmUp = warmUp;
        this.findings = new Figures(progress::report);
    }

    /// A site whose services run, and who listens to its client.
    ///
    /// @param startSeconds how long they took to be ready
    /// @param startProcessor seconds of processors that they used for it
    record Running(BenchSite site, Arrivals arrivals, double startSeconds, double startProcessor)
            implements AutoCloseable {
        LoadGenerator load(int values) {
            return new LoadGenerator(new RestHandOvers(site, values, 1), arrivals, PATIENCE);
        }

        @Override
        public void close() {
            arrivals.close();
            site.close();
        }
    }

    boolean isQuick() {
        return quick;
    }

    Figures findings() {
        return findings;
    }

    void report(String what) {
        progress.report(what);
    }

    Floor floor() throws CommandException, InterruptedException {
        if (floor.isEmpty()) {
            progress.report("measuring cryptography alone");
            floor = Optional.of(Floor.measure(quick ? 1 : 3));
        }
        return floor.get();
    }

    /// @return seconds of bare requests over mutual TLS
    Samples wires() throws CommandException, InterruptedException {
        if (wire.isEmpty()) {
            wire = Optional.of(WireRow.seconds(two().site(), quick ? 300 : 2000));
        }
        return wire.get();
    }

    /// @return seconds of a bare request over mutual TLS, the median
    double wire() throws CommandException, InterruptedException {
        return wires().median();
    }

    /// @return seconds of a write with fsync where the services' files are
    double commit() throws CommandException {
        if (commit.isEmpty()) {
            commit = Optional.of(Storage.secondsPerCommit(folder));
        }
        return commit.get();
    }

    /// @return how many one-value deliveries arrive in a second with many in flight
    double smallPerSecond() throws CommandException, InterruptedException {
        if (small.isEmpty()) {
            new SmallRow().measure(this);
        }
        return small.orElseThrow();
    }

    /// @param perSecond how many one-value deliveries arrive in a second with many in flight
    void setSmallPerSecond(double perSecond) {
        small = Optional.of(perSecond);
    }

    /// @return the site of two parties, which all measurements share that leave it as it is
    Running two() throws CommandException, InterruptedException {
        if (two.isEmpty()) {
            two = Optional.of(start(TWO));
        }
        return two.get();
    }

    /// @return the same site, after its JVMs have compiled what a delivery executes
    Running warm() throws CommandException, InterruptedException {
        var running = two();
        if (!isWarm && warmUp.isPositive()) {
            progress.report("warming up the services for " + warmUp.toSeconds() + " s");
            running.load(1).run(SmallRow.IN_FLIGHT, warmUp);
        }
        isWarm = true;
        return running;
    }

    /// @return a new site with its services running and one delivery behind them; closed at the end, if not before
    Running start(int parties) throws CommandException, InterruptedException {
        try {
            progress.report("starting " + (parties + 2) + " services");
            var site = BenchSite.make(
                    folder.resolve("site-" + sites.size()),
                    parties,
                    programs,
                    new Progress(new PrintWriter(Writer.nullWriter())),
                    clock);
            var arrivals = new Arrivals(site.endpoint(BenchSite.CLIENT));
            sites.add(new Running(site, arrivals, 0, 0));
            double seconds = site.startAll();
            double processor = site.processorSeconds();
            arrivals.awaitListening(PATIENCE);
            var running = new Running(site, arrivals, seconds, processor);
            running.load(1).deliverOne();
            return running;
        } catch (KeyFileException e) {
            throw new CommandException("Keys cannot be written to " + folder + "; check its owner.", e);
        }
    }

    @Override
    public void close() {
        sites.forEach(Running::close);
    }
}
