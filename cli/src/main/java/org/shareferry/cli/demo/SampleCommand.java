// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry sample`.
@Command(
        name = "sample",
        description = {
            "Hand a captured run of MP-SPDZ to the services of a demo deployment that run already, as their members'"
                    + " users, and print what arrives.",
            "A run that was handed over before is not delivered again: its values are printed."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class SampleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "With services.json and each member's user certificate, made by shareferry init.")
    private Path folder;

    @Option(
            names = "--input",
            paramLabel = "DIR",
            description = "A capture: P0.dialog, P1.dialog ... Otherwise one that comes with the project.")
    private Optional<Path> input = Optional.empty();

    @Option(names = "--json", description = "Print the results as one JSON object, everything else to standard error.")
    private boolean json;

    @Option(
            names = "--timeout",
            defaultValue = "120",
            paramLabel = "SECONDS",
            description = "How long the deliveries may take to arrive (${DEFAULT-VALUE}).")
    private int timeout;

    @Override
    public Integer call() throws CommandException, KeyFileException, MalformedException {
        var capture = input.isPresent() ? Capture.in(input.get()) : Capture.shipped();
        capture.requireHandOver();
        var deployment = Deployment.read(folder);
        var progress = new Progress(
                json ? spec.commandLine().getErr() : spec.commandLine().getOut());
        try (var deliveries = new Deliveries(deployment, capture, Duration.ofSeconds(timeout), progress)) {
            deliveries.handOver(Protocol.of(capture.domain()).hasMacs());
            var arrived = deliveries.await();
            var report = new Report(arrived, new Report.Seconds(0, 0, progress.seconds()));
            print(report, progress);
            return report.isGood() ? 0 : 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted; run it again.", e);
        }
    }

    private void print(Report report, Progress progress) {
        progress.print("");
        report.toTable().print(progress.writer());
        for (var reason : report.doubts()) {
            progress.print(reason);
        }
        progress.writer().flush();
        if (json) {
            spec.commandLine().getOut().println(report.toJson());
            spec.commandLine().getOut().flush();
        }
    }
}
