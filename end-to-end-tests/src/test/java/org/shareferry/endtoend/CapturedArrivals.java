// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.Faults;
import org.shareferry.standin.Program;
import tools.jackson.databind.JsonNode;

/// From the VMs of captured runs to the values at the client, through the real services as processes.
///
/// @param computations whose services they are
record CapturedArrivals(Computations computations) {
    /// Runs it, sent in small pieces, and compares all that comes of it.
    void assertArrives(String name) {
        var programs = CapturedRuns.programs(name);
        var inputs = computations.inputs();
        var requests = requests(name);
        requests.forEach(request -> assertThat(give(inputs, name, request)).isEqualTo(201));

        var endings = computations.run(
                programs,
                programs.stream().map(program -> Faults.inSmallPieces()).toArray(FaultInjection[]::new));

        assertThat(endings)
                .containsOnly(new Acknowledged(programs.getFirst().actions().size()));
        for (var request : requests) {
            assertThat(inputs.masked(id(request))).contains(request.get("m").asString());
        }
        CapturedRuns.expected(name).stream()
                .filter(expected -> !requests.contains(expected))
                .forEach(expected -> assertArrived(expected, programs));
    }

    private static List<JsonNode> requests(String name) {
        return CapturedRuns.expected(name).stream()
                .filter(expected -> expected.path("what").asString("").equals("input"))
                .toList();
    }

    private static DeliveryId id(JsonNode expected) {
        return DeliveryId.parse(expected.get("id").asString());
    }

    private static int give(ClientInputs inputs, String name, JsonNode request) {
        return inputs.give(new ClientInputs.Input(
                CapturedRuns.protocol(name),
                request.get("label").asLong(),
                request.get("precision").asInt(),
                request.get("bits").asInt(),
                CapturedRuns.acceptsUnverified(name),
                request.get("values").valueStream().map(JsonNode::asString).toList()));
    }

    private void assertArrived(JsonNode expected, List<Program> programs) {
        var result = computations.site().awaitResult(id(expected).toString());
        // The client trusts the majority where that can make a difference.
        var verdict = expected.path("verdictIfMajorityTrusted")
                .asString(expected.get("verdict").asString());
        assertThat(result.get("verdict").asString()).isEqualTo(verdict);
        assertThat(result.has("assumption")).isEqualTo(verdict.equals("VERIFIED"));
        assertThat(result.path("assumption").path("corrupt").asInt(threshold(programs)))
                .isEqualTo(threshold(programs));
        assertThat(result.get("values")).isEqualTo(expected.get("values"));
    }

    private static int threshold(List<Program> programs) {
        return programs.getFirst().threshold();
    }
}
