// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import java.util.List;
import java.util.Optional;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.service.ServiceAnswer;
import org.shareferry.json.PlainText;
import org.shareferry.member.Role;
import tools.jackson.databind.JsonNode;

/// The response of one service.
///
/// @param service the service @param problem why it did not answer; empty if it did
/// @param vms of a party, as the service names them
/// @param deliveries as the service names them
record Told(Deployment.Service service, Optional<String> problem, List<JsonNode> vms, List<JsonNode> deliveries) {
    Told {
        vms = List.copyOf(vms);
        deliveries = List.copyOf(deliveries);
    }

    /// @return the path of the deliveries at a service of this role
    static String path(Deployment.Service service) {
        return isClient(service) ? "/v1/results?numbers=string" : "/v1/deliveries";
    }

    static Told of(Deployment.Service service, ServiceAnswer answer) {
        if (!answer.isSuccess()) {
            return new Told(service, Optional.of(answer.problem()), List.of(), List.of());
        }
        var list = answer.body().path(isClient(service) ? "results" : "deliveries");
        return new Told(service, Optional.empty(), list(answer.body().path("vms")), list(list));
    }

    static Told silent(Deployment.Service service) {
        var problem = "does not answer at " + service.address();
        return new Told(service, Optional.of(problem), List.of(), List.of());
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
