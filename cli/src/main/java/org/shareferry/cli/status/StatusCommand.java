// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.RepeatedOutput;
import org.shareferry.cli.output.Terminal;
import org.shareferry.cli.service.DeploymentOption;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry status`.
@Command(
        name = "status",
        description = {
            "Ask each service of a deployment on this machine for its deliveries and VMs.",
            "States are those of docs/command-line.md: sealed, submitted, bundled, received and checked, in this order."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry status --dir site",
            "  shareferry status --dir site --watch",
            "  shareferry status --dir site -o json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class StatusCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeploymentOption where;

    @Mixin
    private FormOption form;

    @Option(
            names = "--watch",
            description = "Repeat until Ctrl-C. If the output is not a terminal, print only changes.")
    private boolean isWatched;

    /// @param clock by which certificates and ages are judged
    public StatusCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var deployment = where.deployment();
        var out = spec.commandLine().getOut();
        if (isWatched) {
            boolean isRedrawn = Terminal.detect().isOut() && !form.isJson();
            return RepeatedOutput.until(() -> snapshot(ask(deployment)), out, isRedrawn);
        }
        var status = ask(deployment);
        out.print(text(status));
        out.flush();
        if (status.silent() > 0) {
            throw new CommandException(status.silent() + " of "
                    + deployment.services().size()
                    + " services do not answer; start them with shareferry run, and see their logs.");
        }
        var incomplete = status.incomplete();
        if (incomplete.isPresent()) {
            throw new CommandException(incomplete.get());
        }
        return 0;
    }

    private Status ask(Deployment deployment) throws KeyFileException {
        var statuses = new ArrayList<ServiceStatus>();
        for (var service : deployment.services()) {
            try (var client = ServiceClient.of(service, deployment.folderOf(service), clock)) {
                statuses.add(ServiceStatus.by(service, client));
            } catch (CommandException e) {
                statuses.add(ServiceStatus.silent(service));
            }
        }
        return new Status(statuses, clock.instant());
    }

    private RepeatedOutput.Snapshot snapshot(Status status) {
        return new RepeatedOutput.Snapshot(text(status), status.essence());
    }

    private String text(Status status) {
        if (form.isJson()) {
            return status.toJson() + "\n";
        }
        var text = new StringWriter();
        try (var out = new PrintWriter(text)) {
            status.toTable().print(out, Paint.of(spec.commandLine()));
        }
        return text.toString();
    }
}
