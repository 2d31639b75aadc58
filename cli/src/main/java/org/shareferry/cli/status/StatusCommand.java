// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.output.VerdictWords;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `shareferry status`.
@Command(name = "status", description = "Ask each service of a demo deployment for its deliveries.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class StatusCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            required = true,
            defaultValue = "${env:SHAREFERRY_DIR}",
            paramLabel = "DIR",
            description = "Made by shareferry init or demo --dir; or the variable SHAREFERRY_DIR.")
    private Path folder;

    /// @param clock by which certificates are judged
    public StatusCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var deployment = Deployment.read(folder);
        var table = new Table(List.of("member", "delivery", "scheme", "values", "state"));
        int silent = 0;
        for (var service : deployment.services()) {
            try (var client = ServiceClient.of(service, deployment.folderOf(service), clock)) {
                add(table, service, client.get(path(service)));
            } catch (CommandException e) {
                silent++;
                table.add(
                        List.of(service.member().toString(), "-", "-", "-", "does not answer at " + service.address()));
            }
        }
        table.print(spec.commandLine().getOut());
        if (silent > 0) {
            throw new CommandException(silent + " of " + deployment.services().size()
                    + " services do not answer; start them in their folders and see their logs.");
        }
        return 0;
    }

    private static String path(Deployment.Service service) {
        return service.member().role() == Role.CLIENT ? "/v1/results" : "/v1/deliveries";
    }

    private static void add(Table table, Deployment.Service service, ServiceAnswer answer) {
        var member = service.member().toString();
        if (!answer.isSuccess()) {
            table.add(List.of(member, "-", "-", "-", answer.problem()));
            return;
        }
        for (var vm : answer.body().path("vms")) {
            table.add(List.of(member, "VM " + text(vm, "name"), "-", "-", vm(vm)));
        }
        var list = answer.body().path(service.member().role() == Role.CLIENT ? "results" : "deliveries");
        if (list.isEmpty()) {
            table.add(List.of(member, "(none)", "-", "-", "-"));
        }
        for (var delivery : list) {
            table.add(List.of(
                    member,
                    text(delivery, "id"),
                    text(delivery, "scheme"),
                    delivery.path("count").asString("-"),
                    state(delivery)));
        }
    }

    private static String state(JsonNode delivery) {
        var state = text(delivery, "state");
        if (delivery.has("verdict")) {
            return state + ", " + VerdictWords.of(delivery);
        }
        var waitingFor = delivery.path("waitingFor");
        return waitingFor.isEmpty() ? state : state + ", waiting for " + waitingFor;
    }

    private static String vm(JsonNode vm) {
        var text = new StringBuilder(text(vm, "state")).append(" since ").append(text(vm, "since"));
        var coming = vm.path("handingOver");
        if (coming.isObject()) {
            text.append(", ")
                    .append(coming.path("sealed").asString())
                    .append(" of ")
                    .append(coming.path("of").asString())
                    .append(" envelopes of ")
                    .append(text(coming, "id"))
                    .append(" sealed");
        } else if (vm.has("awaiting")) {
            text.append(waiting(vm.path("awaiting")));
        } else if (vm.has("run")) {
            text.append(", run ").append(text(vm, "run"));
        }
        if (vm.has("cause")) {
            text.append(", ").append(text(vm, "cause"));
        }
        return vm.has("problem") ? text.append("; ").append(text(vm, "problem")).toString() : text.toString();
    }

    private static String waiting(JsonNode input) {
        return ", waits until " + text(input, "until") + " for "
                + input.path("count").asString() + " inputs of "
                + text(input, "client") + " with label " + input.path("label").asString() + ", request "
                + text(input, "id");
    }

    private static String text(JsonNode node, String name) {
        return PlainText.of(node.path(name).asString("-"));
    }
}
