// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows a client's unanswered requests, and refuses them.
@Command(
        name = "requests",
        description = "Show requests for inputs that have no answer yet, and why; or refuse one. shareferry input gives"
                + " values before the program asks, and shareferry input --request ID answers an open request.",
        footer = {
            "",
            "Examples:",
            "  shareferry requests --dir site",
            "  shareferry requests --refuse 4c33fafb3e20a3fb9a7abeddcf53e347-0 --dir site"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class RequestsCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions options;

    @Mixin
    private FormOption form;

    @Option(names = "--refuse", paramLabel = "ID", description = "Refuse this request: the program ends with 1017.")
    private Optional<String> refused = Optional.empty();

    @Option(
            names = "--parties",
            paramLabel = "P0,P1",
            description = "The parties of the request; needed only if there are several with its id.")
    private Optional<String> parties = Optional.empty();

    /// @param clock by which certificates are judged
    public RequestsCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var name = options.client("is asked for no inputs");
        var path = refused.isPresent() ? path(refused.get()) : "/v1/requests";
        try (var client = options.open(name, clock)) {
            var answer = refused.isPresent()
                    ? client.post(path, "{\"refuse\":true}".getBytes(StandardCharsets.US_ASCII))
                    : client.get(path);
            if (!answer.isSuccess()) {
                throw new CommandException(name
                        + refused.map(id -> " did not refuse request " + id + ". ")
                                .orElse(" did not show its open requests. ")
                        + answer.problem());
            }
            if (refused.isPresent()) {
                spec.commandLine().getOut().println("Refused " + refused.get());
            } else if (form.isJson()) {
                spec.commandLine().getOut().println(JsonText.of(answer.body().path("requests")));
            } else {
                show(OpenRequest.of(answer.body().path("requests")));
            }
        }
        return 0;
    }

    private String path(String id) throws CommandException {
        try {
            return "/v1/requests/" + DeliveryId.parse(id) + "/answer"
                    + parties.map(set -> "?parties=" + PartySet.parse(set)).orElse("");
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "An id is 32 hex digits, a hyphen and a number, and --parties is such as P0,P1.", e);
        }
    }

    private void show(List<OpenRequest> requests) {
        var out = spec.commandLine().getOut();
        if (requests.isEmpty()) {
            out.println("No request is open.");
            return;
        }
        var columns = List.of("label", "count", "precision", "bits", "protocol", "created", "detail");
        var table =
                new Table(List.of("request", "label", "values", "precision", "bits", "protocol", "created", "reason"));
        for (var request : requests) {
            var row = new ArrayList<>(List.of(request.id()));
            columns.forEach(name -> row.add(request.text(name)));
            table.add(row);
        }
        table.print(out, Paint.of(spec.commandLine()));
        requests.stream()
                .filter(OpenRequest::acceptsValues)
                .findFirst()
                .ifPresent(request -> request.instructions(options).forEach(out::println));
    }
}
