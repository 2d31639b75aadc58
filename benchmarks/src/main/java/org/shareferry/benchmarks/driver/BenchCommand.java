// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServicePrograms;
import org.shareferry.cli.process.ServicePrograms.Use;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry bench`.
@Command(
        name = "bench",
        description = {
            "Measure how fast deliveries are: real services as processes on this machine, over mutual TLS on loopback,"
                    + " each figure beside what the same machine did in the same run without them.",
            "Rows: floor, start, wire, latency, small, receipts, deliver, bulk, growth, stuck, outage, backlog."
        },
        footer = {"", "Example:", "  shareferry bench --quick"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class BenchCommand implements Callable<Integer> {
    private static final Set<Row> QUICK =
            EnumSet.of(Row.FLOOR, Row.START, Row.WIRE, Row.LATENCY, Row.SMALL, Row.DELIVER, Row.BULK);

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--quick",
            description = "Take a minute or two, and fail only where a ratio is far off what it must be.")
    private boolean quick;

    @Option(names = "--json", description = "Print the figures as one JSON object, everything else to standard error.")
    private boolean json;

    @Option(names = "--rows", split = ",", paramLabel = "ROW", description = "Which to measure; otherwise all.")
    private List<String> rows = List.of();

    @Option(
            names = "--heap",
            defaultValue = "230",
            paramLabel = "MIB",
            description = "The largest heap of each service (${DEFAULT-VALUE}).")
    private int heap;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "How long the services deliver before rows latency, small, receipts and deliver measure them"
                    + " (120; with --quick 0).")
    private Optional<Integer> warmUp = Optional.empty();

    @Option(
            names = "--java",
            paramLabel = "OPTION",
            description = "A further option of the services' JVMs, such as -XX:StartFlightRecording; may be repeated.")
    private List<String> java = List.of();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the services' files go, and stay; otherwise a temporary folder.")
    private Optional<Path> folder = Optional.empty();

    /// @param clock tells when certificates begin
    public BenchCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        var chosen = chosen();
        var progress = new Progress(
                json ? spec.commandLine().getErr() : spec.commandLine().getOut());
        var home = folder.isPresent() ? folder.get().toAbsolutePath() : temporary();
        NewFiles.emptyFolder(home);
        var warming = Duration.ofSeconds(warmUp.orElse(quick ? 0 : 120));
        var bench = new Bench(home, programs(), clock, progress, quick, warming);
        var ending = new Thread(() -> end(bench, home), "bench-ending");
        Runtime.getRuntime().addShutdownHook(ending);
        measure(chosen, bench);
        bench.close();
        progress.print("");
        bench.findings().print(progress.writer());
        if (json) {
            spec.commandLine().getOut().println(bench.findings().toJson(about()));
        }
        return quick ? judge(bench) : 0;
    }

    private Set<Row> chosen() throws CommandException {
        if (rows.isEmpty()) {
            return quick ? QUICK : EnumSet.allOf(Row.class);
        }
        var chosen = EnumSet.noneOf(Row.class);
        for (var name : rows) {
            chosen.add(Arrays.stream(Row.values())
                    .filter(row -> row.text().equals(name.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new CommandException(
                            "There is no row " + name + "; see ./shareferry bench --help for those that there are.")));
        }
        return chosen;
    }

    /// As many hand-overs as are in flight are taken at the same time; otherwise everything is as `run` has it.
    private ServicePrograms programs() throws CommandException {
        var options = new ArrayList<String>(java);
        options.add("-Xmx" + heap + "m");
        options.add("-Dshareferry.party.max-hand-overs=" + 2 * SmallRow.IN_FLIGHT);
        return ServicePrograms.find(Use.WORK).with(options);
    }

    private static Path temporary() throws CommandException {
        try {
            return Files.createTempDirectory("shareferry-bench-");
        } catch (IOException e) {
            throw new CommandException("No temporary folder can be made; name one with --dir.", e);
        }
    }

    private static void measure(Set<Row> chosen, Bench bench) throws CommandException {
        for (var row : chosen) {
            try {
                measurement(row).measure(bench);
            } catch (CommandException e) {
                bench.findings().add(Figure.notMeasured(row, "all of it", e.sentence()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("Interrupted; start it again.", e);
            }
        }
    }

    private static Measurement measurement(Row row) {
        return switch (row) {
            case FLOOR -> new FloorRow();
            case START -> new StartRow();
            case WIRE -> new WireRow();
            case LATENCY -> new LatencyRow();
            case SMALL -> new SmallRow();
            case RECEIPTS -> new ReceiptsRow();
            case DELIVER -> new DeliverRow();
            case BULK -> new BulkRow();
            case GROWTH -> new GrowthRow();
            case STUCK -> new StuckRow();
            case OUTAGE -> new OutageRow();
            case BACKLOG -> new BacklogRow();
        };
    }

    private Map<String, String> about() {
        var about = new LinkedHashMap<String, String>();
        about.put("time", Instant.now(clock).toString());
        about.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        about.put("java", System.getProperty("java.vm.version"));
        about.put("heap", heap + " MiB");
        return about;
    }

    private int judge(Bench bench) {
        var bad = bench.findings().farOff();
        bad.forEach(figure -> spec.commandLine()
                .getErr()
                .println("shareferry: " + figure.row().text() + ", " + figure.what()
                        + ", is far from what it must be."));
        var missing = bench.findings().figures().stream()
                .filter(figure -> figure.what().equals("all of it"))
                .toList();
        return bad.isEmpty() && missing.isEmpty() ? 0 : 1;
    }

    private void end(Bench bench, Path home) {
        bench.close();
        if (folder.isEmpty()) {
            try {
                NewFiles.deleteAll(home);
            } catch (IOException e) {
                // A file that a service wrote just now; the system clears its temporary folder.
            }
        }
    }
}
