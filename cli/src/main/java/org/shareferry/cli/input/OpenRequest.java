// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.cli.service.ClientOptions;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A program's request for inputs that has no answer yet.
///
/// @param json as the service shows it in `GET /v1/requests`
public record OpenRequest(JsonNode json) {
    /// Where a client shows them.
    public static final String PATH = "/v1/requests";

    private static final List<String> SHARED =
            List.of("id", "label", "parties", "count", "created", "verdict", "reason", "detail");

    /// @throws CommandException when the service does not show its requests
    public static List<OpenRequest> at(ServiceClient client) throws CommandException {
        var answer = client.get(PATH);
        if (!answer.isSuccess()) {
            throw new CommandException("The open requests cannot be read. " + answer.problem());
        }
        return of(answer.body().path("requests"));
    }

    static List<OpenRequest> of(JsonNode list) {
        return list.valueStream().map(OpenRequest::new).toList();
    }

    /// @return its delivery's id
    public String id() {
        return text("id");
    }

    /// @return why it has no answer yet, a sentence
    public String detail() {
        return text("detail");
    }

    /// @return whether its owner can answer it with values
    public boolean acceptsValues() {
        return json.path("acceptsValues").asBoolean(false);
    }

    /// @return for programs
    public ObjectNode summary() {
        var node = JsonText.object();
        SHARED.stream().filter(json::has).forEach(name -> node.set(name, json.get(name)));
        return node;
    }

    /// @return a state and its reason, for people
    public String inWords() {
        return "waits for an answer: " + detail();
    }

    /// How to answer it. The consent to an unverified request is left to its owner.
    ///
    /// @param options that name the client
    /// @return lines for people
    public List<String> instructions(ClientOptions options) {
        var lines = new ArrayList<String>();
        if (!text("verdict").equals("VERIFIED")) {
            lines.add("Request " + id() + " is not VERIFIED (protocol " + text("protocol")
                    + "): cheating parties could learn your values. It gets values only if you accept this, see"
                    + " shareferry input --help.");
        }
        lines.add("To answer request " + id() + ", write its values to standard input, one on each line:");
        lines.add("  shareferry input --request " + id() + " --parties " + parties() + " --format csv"
                + options.inWords() + " -");
        return lines.stream().map(LauncherName.byLauncher()::in).toList();
    }

    private String parties() {
        return json.path("parties")
                .valueStream()
                .map(party -> PlainText.of(party.asString("")))
                .collect(Collectors.joining(","));
    }

    /// @return a property on one line; a hyphen if there is none
    public String text(String name) {
        return PlainText.of(json.path(name).asString("-"));
    }
}
