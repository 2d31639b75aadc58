// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.input.OpenRequest;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.json.PlainText;
import tools.jackson.databind.JsonNode;

/// What the commands ask a client's service for.
///
/// @param client as the client's user
record ResultRequests(ServiceClient client) {
    /// @param query parameters, each after an ampersand
    /// @return results without values, the newest first
    List<JsonNode> page(String query) throws CommandException {
        return require(client.get("/v1/results?numbers=string" + query))
                .path("results")
                .valueStream()
                .toList();
    }

    /// @param query parameters, each after an ampersand
    /// @return the result with this id, or the newest without an id; nothing if there is none
    Optional<JsonNode> find(Optional<DeliveryId> id, String query) throws CommandException {
        if (id.isEmpty()) {
            return page("&limit=1" + query).stream().findFirst();
        }
        var answer = client.get("/v1/results/" + id.get() + "?numbers=string" + query);
        return answer.status() == 404 ? Optional.empty() : Optional.of(require(answer));
    }

    /// @return the requests for inputs that have no answer yet; none if the client does not show them
    List<OpenRequest> open() {
        try {
            return OpenRequest.at(client);
        } catch (CommandException e) {
            // They are only a hint at why a result is missing.
            return List.of();
        }
    }

    /// @param found without values
    /// @return the same with values
    JsonNode whole(JsonNode found) throws CommandException {
        return require(client.get(path(found) + "&numbers=string"));
    }

    /// @param found has values
    /// @param format such as `csv`
    /// @return a file of the values
    byte[] file(JsonNode found, String format) throws CommandException {
        return client.download(path(found) + "&format=" + format)
                .orElseThrow(() -> new CommandException("The result was deleted in the meantime."))
                .toArray();
    }

    private static String path(JsonNode found) {
        var parties =
                found.path("parties").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
        return "/v1/results/" + text(found, "id") + "?parties=" + parties;
    }

    static JsonNode require(ServiceAnswer answer) throws CommandException {
        if (!answer.isSuccess()) {
            throw new CommandException(answer.problem());
        }
        return answer.body();
    }

    /// @return parameters of a query, each after an ampersand
    static String selected(Optional<Long> label, Optional<String> parties) {
        return label.map(number -> "&label=" + number).orElse("")
                + parties.map(names -> "&parties=" + encoded(names)).orElse("");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// @return a text property on one line; a hyphen if there is none
    static String text(JsonNode node, String name) {
        return PlainText.of(node.path(name).asString("-"));
    }
}
