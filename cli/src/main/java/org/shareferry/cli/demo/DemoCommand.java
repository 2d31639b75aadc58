// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.InitCommand;
import org.shareferry.cli.init.Plan;
import org.shareferry.cli.init.TrustOptions;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServiceProcesses;
import org.shareferry.cli.process.ServicePrograms;
import org.shareferry.cli.process.ServicePrograms.Use;
import org.shareferry.cli.process.Shutdown;
import org.shareferry.delivery.Protocol;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry demo`.
@Command(
        name = "demo",
        description = {
            "Send a captured run of MP-SPDZ through real services on this machine: one party-service per captured"
                    + " party, a relay and a client, over mutual TLS on loopback.",
            "It keeps running until Ctrl-C, so that you can explore it."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry demo",
            "  shareferry demo --once --json",
            "  shareferry demo --dir demo"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class DemoCommand implements Callable<Integer> {
    private static final String BUILD_SECONDS = "shareferry.build-seconds";

    private static final Duration RECORDING = Duration.ofMinutes(3);

    /// MP-SPDZ's folder of certificates, inside the deployment's.
    private static final String CERTIFICATES = "mpspdz";

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            paramLabel = "DIR",
            description = "A capture: P0.dialog, P1.dialog ... Otherwise one that comes with the project.")
    private Optional<Path> input = Optional.empty();

    @Option(names = "--once", description = "Stop when all is delivered; the exit code is 0 if nothing was rejected.")
    private boolean once;

    @Option(names = "--json", description = "Print the results as one JSON object, everything else to standard error.")
    private boolean json;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description = "The MPC protocol of the capture; otherwise what its expected.json names, or else spdz2k for"
                    + " rings, semi2k for rings without spare bits, mascot for prime fields.")
    private Optional<String> protocol = Optional.empty();

    @Mixin
    private final TrustOptions trust = new TrustOptions();

    @Option(
            names = "--accept-unverified",
            description = "Give the capture's inputs also to requests that are not verified; otherwise as its"
                    + " expected.json says.")
    private boolean acceptUnverified;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The folder for keys, settings and databases, which is kept.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--timeout",
            defaultValue = "120",
            paramLabel = "SECONDS",
            description =
                    "How long the services may take to be ready, and the deliveries to arrive (${DEFAULT-VALUE}).")
    private int timeout;

    @Option(
            names = "--record-start",
            description =
                    "Also make the caches with which services start in half the time. The services take a minute or two"
                            + " to end. In a checkout the launcher does this by itself.")
    private boolean recording;

    /// @param clock for the start of the certificates' validity
    public DemoCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException, MalformedException {
        var capture = input.isPresent() ? CapturedRun.in(input.get()) : CapturedRun.shipped();
        if (protocol.isPresent()) {
            InitCommand.requireProtocol(protocol.get());
        }
        var ran = capture.protocolOr(protocol.flatMap(Protocol::named));
        var trusted = trust.trust(capture.trust());
        var programs = ServicePrograms.find(recording ? Use.RECORDING : Use.DEMO);
        var progress = new Progress(
                json ? spec.commandLine().getErr() : spec.commandLine().getOut());
        var ending = folder.isPresent() ? DemoCleanup.keeping() : DemoCleanup.deleting(DemoFolder.make(TEMPORARY));
        Shutdown.run(ending::close);
        var home = folder.or(ending::folder).orElseThrow();
        var patience = Duration.ofSeconds(timeout);
        try (ending;
                var vms = DemoVms.listen(capture.programs(ran), home.resolve(CERTIFICATES), patience)) {
            try {
                return run(new Demo(capture, ran, trusted, vms, home, patience, progress), programs, ending);
            } catch (CommandException e) {
                progress.clear();
                throw withLogs(e, ending);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted; start the demo again.", e);
        }
    }

    /// A failed demo deletes its folder, but keeps the logs.
    private static CommandException withLogs(CommandException failure, DemoCleanup ending) {
        if (Shutdown.hasBegun()) {
            return failure;
        }
        return ending.keepLogs(TEMPORARY)
                .map(kept -> new CommandException(
                        failure.sentence()
                                        .replace(String.valueOf(ending.folder().orElse(kept)), kept.toString())
                                + (failure.sentence().endsWith(".") ? " " : ". ")
                                + "The logs of all services are kept in " + kept + ".",
                        failure))
                .orElse(failure);
    }

    /// What a demo shows, and where.
    ///
    /// @param ran the protocol
    /// @param trust whom the clients trust
    /// @param folder of the deployment
    /// @param patience how long the services may take to be ready, and the deliveries to arrive
    private record Demo(
            CapturedRun capture,
            Protocol ran,
            Plan.Trust trust,
            DemoVms vms,
            Path folder,
            Duration patience,
            Progress progress) {}

    private int run(Demo demo, ServicePrograms programs, DemoCleanup ending)
            throws CommandException, KeyFileException, InterruptedException {
        var deployment = deploy(demo);
        ending.processes().start(programs, deployment, "start the demo again; it takes other ports", demo.progress());
        ending.processes().awaitReady(demo.patience(), demo.progress());
        var report = deliver(demo, deployment, ending.processes());
        print(report, demo.progress());
        if (recording) {
            ending.processes().stop(RECORDING);
        } else if (!once) {
            var instructions = new DemoInstructions(deployment, demo.capture(), demo.ran());
            stay(instructions, ending.processes(), demo.progress());
        }
        return report.isGood() ? 0 : 1;
    }

    private Deployment deploy(Demo demo) throws CommandException, KeyFileException, InterruptedException {
        var capture = demo.capture();
        var protocolName = demo.ran().text();
        var plan = new Plan(
                demo.folder(),
                capture.parties().size(),
                capture.recipients(),
                protocolName,
                Optional.empty(),
                Optional.of(demo.vms().setting()),
                demo.trust());
        demo.progress()
                .report(capture.parties().size() + " parties, " + protocolName + ", " + capture.domain() + ", "
                        + capture.expected().size() + " deliveries");
        var deployment = new DeploymentMaker(clock).make(plan);
        DemoCanary.record(deployment, demo.ran(), capture.programs(demo.ran()).getFirst(), clock);
        demo.vms().makeCertificates(clock);
        demo.progress().report("keys, certificates, roster and settings are in " + demo.folder());
        return deployment;
    }

    private DemoReport deliver(Demo demo, Deployment deployment, ServiceProcesses processes)
            throws CommandException, KeyFileException, InterruptedException {
        var progress = demo.progress();
        double ready = progress.seconds();
        var inputs = new DemoInputs(
                demo.ran().text(),
                demo.capture().parties(),
                acceptUnverified || demo.capture().acceptUnverified());
        try (var deliveries =
                new DemoDeliveries(deployment, demo.capture(), inputs, demo.patience(), progress, clock)) {
            deliveries.give();
            demo.vms().await(demo.patience(), processes, progress);
            var arrived = deliveries.await();
            double build = Double.parseDouble(System.getProperty(BUILD_SECONDS, "0"));
            return new DemoReport(arrived, new DemoReport.Seconds(build, ready, progress.seconds() - ready));
        }
    }

    private void print(DemoReport report, Progress progress) {
        progress.print("");
        report.toTable().print(progress.writer());
        report.sentences().forEach(progress::print);
        progress.print("");
        if (json) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(report.toJson());
            out.flush();
        }
    }

    private static void stay(DemoInstructions instructions, ServiceProcesses processes, Progress progress)
            throws CommandException, InterruptedException {
        progress.print("Running until Ctrl-C.");
        instructions.lines().forEach(progress::print);
        processes.watch();
    }
}
