// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "redeliveries", description = "After a client was restored from a backup")
class RedeliveriesController {
    private final Redelivery redelivery;

    RedeliveriesController(Redelivery redelivery) {
        this.redelivery = redelivery;
    }

    /// What is to be delivered again.
    ///
    /// @param recipient to whom
    /// @param since receipts given at this time or later; all that are kept when it is left out
    @Schema(name = "Redelivery")
    record Order(
            @Schema(example = "C0") MemberName recipient,

            @Schema(example = "2026-06-01T02:00:00Z") @Nullable
            Instant since) {
        Order {
            Objects.requireNonNull(recipient);
        }
    }

    /// @param bundles how many are on their way again
    @Schema(name = "RedeliveryBegun")
    record Begun(@Schema(example = "12") int bundles) {}

    @PostMapping(
            path = "/v1/redeliveries",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Deliver again what a client gave receipts for",
            description = "For the relay's own people, and for the client itself: after the client was restored from a"
                    + " backup. Only what is still kept (`shareferry.relay.retention` after the receipt) and has not"
                    + " expired. Receipts that are here stay valid meanwhile, and asking twice does no harm.")
    @ApiResponse(responseCode = "202", description = "They are on their way, or wait to be pulled")
    @Problems({
        ProblemType.NOT_ALLOWED,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    ResponseEntity<?> begin(Caller caller, @RequestBody Order order) {
        if (!caller.isLocal() && !caller.requireMember().equals(order.recipient())) {
            return Problem.of(ProblemType.NOT_ALLOWED, "A client asks for its own bundles only.")
                    .toResponse();
        }
        var since = order.since() == null ? Instant.EPOCH : order.since();
        return ResponseEntity.accepted().body(new Begun(redelivery.begin(order.recipient(), since)));
    }
}
