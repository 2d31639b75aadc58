// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import static org.shareferry.cli.status.ServiceStatus.text;

import tools.jackson.databind.JsonNode;

/// Formats what a party-service reports about its VM.
final class VmStateText {
    private VmStateText() {}

    /// @param vm one of `vms` in `GET /v1/deliveries`
    static String of(JsonNode vm) {
        var words = new StringBuilder(text(vm, "state")).append(" since ").append(text(vm, "since"));
        var coming = vm.path("handingOver");
        if (coming.isObject()) {
            words.append(", ")
                    .append(coming.path("sealed").asString())
                    .append(" of ")
                    .append(coming.path("of").asString())
                    .append(" envelopes of ")
                    .append(text(coming, "id"))
                    .append(" sealed");
        } else if (vm.has("awaiting")) {
            words.append(waiting(vm.path("awaiting")));
        } else if (vm.has("run")) {
            words.append(", run ").append(text(vm, "run"));
        }
        if (vm.has("cause")) {
            words.append(", ").append(text(vm, "cause"));
        }
        return vm.has("problem")
                ? words.append("; ").append(text(vm, "problem")).toString()
                : words.toString();
    }

    private static String waiting(JsonNode input) {
        return ", waits until " + text(input, "until") + " for "
                + input.path("count").asString() + " inputs of "
                + text(input, "client") + " with label " + input.path("label").asString() + ", request "
                + text(input, "id");
    }
}
