// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.input.OpenRequest;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.json.PlainText;
import org.shareferry.member.Role;
import tools.jackson.databind.JsonNode;

/// The response of one service.
///
/// @param service the service
/// @param problem why it did not answer at all; empty if it did
/// @param vms of a party, as the service names them
/// @param deliveries as the service names them
/// @param requests open ones of a client
record ServiceStatus(
        Deployment.Service service,
        Optional<String> problem,
        List<JsonNode> vms,
        List<JsonNode> deliveries,
        Requests requests) {
    ServiceStatus {
        vms = List.copyOf(vms);
        deliveries = List.copyOf(deliveries);
    }

    /// The open requests of a client.
    ///
    /// @param open all of them
    /// @param problem why they are not known; empty if they are
    record Requests(List<OpenRequest> open, Optional<String> problem) {
        static final Requests NONE = new Requests(List.of(), Optional.empty());

        Requests {
            open = List.copyOf(open);
        }
    }

    /// Asks a service. A part that it does not answer is missing; the rest is there.
    static ServiceStatus by(Deployment.Service service, ServiceClient client) {
        try {
            var answer = client.get(isClient(service) ? "/v1/results?numbers=string" : "/v1/deliveries");
            if (!answer.isSuccess()) {
                return without(service, answer.problem());
            }
            var list = answer.body().path(isClient(service) ? "results" : "deliveries");
            return new ServiceStatus(
                    service,
                    Optional.empty(),
                    list(answer.body().path("vms")),
                    list(list),
                    isClient(service) ? requests(client) : Requests.NONE);
        } catch (CommandException e) {
            return silent(service);
        }
    }

    private static Requests requests(ServiceClient client) {
        try {
            return new Requests(OpenRequest.at(client), Optional.empty());
        } catch (CommandException e) {
            return new Requests(List.of(), Optional.of(e.sentence()));
        }
    }

    static ServiceStatus silent(Deployment.Service service) {
        return without(service, "does not answer at " + service.address());
    }

    private static ServiceStatus without(Deployment.Service service, String problem) {
        return new ServiceStatus(service, Optional.of(problem), List.of(), List.of(), Requests.NONE);
    }

    private static boolean isClient(Deployment.Service service) {
        return service.member().role() == Role.CLIENT;
    }

    private static List<JsonNode> list(JsonNode nodes) {
        return nodes.valueStream().toList();
    }

    /// @return a text property on one line; a hyphen if there is none
    static String text(JsonNode node, String name) {
        return PlainText.of(node.path(name).asString("-"));
    }
}
