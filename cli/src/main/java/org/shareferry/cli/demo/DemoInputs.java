// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.service.ServiceClient;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import tools.jackson.databind.json.JsonMapper;

/// Gives a captured run's inputs to its clients, as their users would, and reads the clients' answers.
final class DemoInputs {
    private static final Instant UNTIL = Instant.parse("9999-01-01T00:00:00Z");

    private final String protocol;
    private final List<MemberName> parties;
    private final boolean acceptUnverified;

    /// @param acceptUnverified whether requests need not be verified
    DemoInputs(String protocol, List<MemberName> parties, boolean acceptUnverified) {
        this.protocol = protocol;
        this.parties = List.copyOf(parties);
        this.acceptUnverified = acceptUnverified;
    }

    /// Lets an input wait for its request.
    void give(CapturedInput input, ServiceClient client) throws CommandException {
        var body = new LinkedHashMap<String, Object>();
        body.put("label", Long.toString(input.label()));
        body.put("parties", parties.stream().map(MemberName::toString).toList());
        body.put("protocols", List.of(protocol));
        body.put("until", UNTIL.toString());
        body.put("precision", input.precision());
        body.put("bits", input.bits());
        body.put("acceptUnverified", accepted());
        body.put("values", input.texts());
        var answer = client.post("/v1/inputs", JsonMapper.shared().writeValueAsBytes(body));
        if (!answer.isSuccess()) {
            throw new CommandException(
                    input.client() + " did not take the input for " + input.id() + ". " + answer.problem());
        }
    }

    private List<String> accepted() {
        return acceptUnverified ? List.of(protocol) : List.of();
    }

    /// @return m as hex digits; nothing while there is no answer, or where the client refused
    Optional<String> masked(CapturedInput input, ServiceClient client) throws CommandException {
        var query = "?delivery=" + input.id() + "&parties="
                + parties.stream().map(MemberName::toString).collect(Collectors.joining(","));
        return client.download("/v1/answers/values" + query).map(Bytes::toHex);
    }

    /// A request from before its input was given needs an explicit answer.
    void answerEarlyRequest(CapturedInput input, ServiceClient client) throws CommandException {
        for (var open : client.get("/v1/requests").body().path("requests")) {
            if (open.path("id").asString("").equals(input.id().toString())
                    && open.path("reason").asString("").equals("asked-before-input")) {
                client.post(
                        "/v1/requests/" + input.id() + "/answer",
                        JsonMapper.shared()
                                .writeValueAsBytes(Map.of("values", input.texts(), "acceptUnverified", accepted())));
            }
        }
    }
}
