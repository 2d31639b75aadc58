// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "members", description = "State of clients and parties")
class MembersController {
    private static final String EXAMPLE = """
            {"clients": [{"name": "C0", "mode": "push", "reachable": false, "lastContact": "2026-06-01T11:58:00Z",
             "failure": {"reason": "C0 did not respond in time", "since": "2026-06-01T11:58:30Z", "attempts": 4,
             "nextTry": "2026-06-01T12:00:05Z"}, "waiting": 3, "held": 0, "oldest": "2026-06-01T11:58:29Z",
             "key": {"announced": "2026-06-01T11:57:59Z", "from": "2026-05-20T12:00:00Z",
             "until": "2026-06-19T12:00:00Z"}}],
             "parties": [{"name": "P0", "lastEnvelope": "2026-06-01T11:59:58Z", "bytes": 1048576,
             "quota": 21474836480}]}""";

    private final MemberStates states;

    MembersController(MemberStates states) {
        this.states = states;
    }

    /// The relay's neighbours.
    ///
    /// @param clients ascending by name
    /// @param parties ascending by name
    record Members(List<ClientState> clients, List<PartyState> parties) {}

    @GetMapping(
            path = "/v1/members",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "listMembers",
            summary = "State of clients and parties",
            description =
                    "For the relay's own users. For each client: whether it can be reached, what waits for it, when"
                            + " it is tried again, and the dates of the key that parties seal to. For each party: when its"
                            + " last envelope was stored, and how much of its quota is used. Times of contact are"
                            + " absent after a start, until there is contact.")
    @ApiResponse(
            responseCode = "200",
            description = "As it is now",
            content = @Content(schema = @Schema(implementation = Members.class), examples = @ExampleObject(EXAMPLE)))
    Members members() {
        return new Members(states.clients(), states.parties());
    }
}
