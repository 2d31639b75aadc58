// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Shows which inputs wait at a client, and takes one back.
@Command(
        name = "inputs",
        description = "Show the inputs that wait at a client, without their values; or take one back.",
        footer = {"", "Examples:", "  shareferry inputs --dir site", "  shareferry inputs --delete 7f0c5a1e --dir site"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class InputsCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    @Mixin
    private FormOption form;

    @Option(names = "--delete", paramLabel = "ID", description = "Take this input back, before it is used.")
    private Optional<String> deleted = Optional.empty();

    /// @param clock by which certificates are judged
    public InputsCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var name = options.client("gives no inputs");
        if (deleted.isPresent() && !deleted.get().matches("[0-9A-Za-z-]{1,64}")) {
            throw new CommandException("--delete takes an id as shareferry inputs shows it.");
        }
        try (var client = options.open(name, clock)) {
            var answer = deleted.isPresent() ? client.delete("/v1/inputs/" + deleted.get()) : client.get("/v1/inputs");
            if (!answer.isSuccess()) {
                throw new CommandException(name
                        + deleted.map(id -> " did not delete input " + id + ". ")
                                .orElse(" did not show its waiting inputs. ")
                        + answer.problem());
            }
            print(answer.body().path("inputs"));
        }
        return 0;
    }

    private void print(JsonNode inputs) {
        var out = spec.commandLine().getOut();
        if (deleted.isPresent()) {
            out.println("Took back " + deleted.get());
        } else if (form.isJson()) {
            out.println(JsonText.of(inputs));
        } else if (inputs.isEmpty()) {
            out.println("No input waits.");
        } else {
            toTable(inputs).print(out, Paint.of(spec.commandLine()));
        }
    }

    private static Table toTable(JsonNode inputs) {
        var table = new Table(
                List.of("input", "label", "values", "precision", "bits", "parties", "protocols", "uses left", "until"));
        for (var input : inputs) {
            table.add(List.of(
                    text(input, "id"),
                    text(input, "label"),
                    text(input, "count"),
                    text(input, "precision"),
                    text(input, "bits"),
                    joined(input, "parties"),
                    joined(input, "protocols"),
                    text(input, "times"),
                    text(input, "until")));
        }
        return table;
    }

    private static String joined(JsonNode input, String name) {
        return input.path(name)
                .valueStream()
                .map(one -> PlainText.of(one.asString("")))
                .collect(Collectors.joining(","));
    }

    private static String text(JsonNode node, String name) {
        return PlainText.of(node.path(name).asString("-"));
    }
}
