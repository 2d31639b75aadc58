// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServiceProcesses;
import org.shareferry.cli.process.ServicePrograms;
import org.shareferry.cli.process.ServicePrograms.Use;
import org.shareferry.cli.process.Shutdown;
import org.shareferry.cli.service.DeploymentOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry run`.
@Command(
        name = "run",
        description = {
            "Run the services that shareferry init set up, until Ctrl-C.",
            "Each writes its log to service.log in its folder. When one ends, the others are ended too."
        },
        footer = {"", "Examples:", "  shareferry run --dir site", "  shareferry run --dir site P0 R0"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class RunCommand implements Callable<Integer> {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final String IF_USED = "end it if it is an earlier run of this deployment, or change the port in the"
            + " member's application.yml and in services.json";

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeploymentOption where;

    @Option(
            names = "--timeout",
            defaultValue = "120",
            paramLabel = "SECONDS",
            description = "How long the services may take to be ready (${DEFAULT-VALUE}).")
    private int timeout;

    @Parameters(
            paramLabel = "MEMBER",
            arity = "0..*",
            description = "Whose services to run, such as P0; otherwise all.")
    private List<String> members = List.of();

    @Override
    public Integer call() throws CommandException {
        var folder = where.folder();
        var deployment = chosen(Deployment.read(folder));
        var programs = ServicePrograms.find(Use.WORK);
        var progress = new Progress(spec.commandLine().getOut());
        var processes = new ServiceProcesses();
        Shutdown.run(() -> processes.stop(GRACE));
        try {
            processes.start(programs, deployment, IF_USED, progress);
            processes.awaitReady(Duration.ofSeconds(timeout), progress);
            progress.print("Running until Ctrl-C; logs are in " + folder + "/*/service.log.");
            processes.watch();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted; start it again.", e);
        } finally {
            processes.stop(GRACE);
        }
    }

    private Deployment chosen(Deployment all) throws CommandException {
        if (members.isEmpty()) {
            return all;
        }
        var services = new ArrayList<Deployment.Service>();
        for (var name : members) {
            services.add(all.require(Members.name(name)));
        }
        return new Deployment(all.folder(), services);
    }
}
