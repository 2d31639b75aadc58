// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.mirror;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Set;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "keys", description = "Signed key announcements of clients")
class KeysController {
    private final KeyMirror mirror;

    KeysController(KeyMirror mirror) {
        this.mirror = mirror;
    }

    @GetMapping(
            path = "/v1/members/{name}/keys",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "showKeys",
            summary = "A client's announced keys",
            description = "The newest announcement. Verify its signature with your own roster. The relay can"
                    + " withhold a key but cannot forge one.")
    @ApiResponse(
            responseCode = "200",
            description = "The signed announcement",
            content = @Content(schema = @Schema(implementation = SignedKeyAnnouncement.class)))
    @Problems({ProblemType.KEYS_UNKNOWN})
    ResponseEntity<?> keys(@Parameter(example = "C0") @PathVariable MemberName name) {
        var announcement = mirror.find(name);
        return announcement.isPresent()
                ? ResponseEntity.ok(announcement.get())
                : Problem.of(ProblemType.KEYS_UNKNOWN, name + " has not announced keys to this relay yet.")
                        .about(Set.of(name))
                        .toResponse();
    }

    @PutMapping(
            path = "/v1/members/{name}/keys",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "announceKeys",
            summary = "Announce keys",
            description = "For clients to which the relay cannot connect. An announcement that is older than the"
                    + " stored one is ignored.")
    @ApiResponse(responseCode = "204", description = "The relay has the newest announcement", content = @Content)
    @Problems({
        ProblemType.ANNOUNCEMENT_WRONG,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    ResponseEntity<?> announce(
            Caller caller,
            @Parameter(example = "C0") @PathVariable MemberName name,
            @RequestBody SignedKeyAnnouncement signed) {
        if (!caller.requireMember().equals(name)) {
            return Problem.of(ProblemType.NOT_ALLOWED, "A client may announce only its own keys.")
                    .toResponse();
        }
        return switch (mirror.accept(name, signed)) {
            case TAKEN, NOT_NEWER -> ResponseEntity.noContent().build();
            case INVALID ->
                Problem.of(ProblemType.ANNOUNCEMENT_WRONG, "The announcement is not signed by " + name + ".")
                        .toResponse();
        };
    }
}
