// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "deliveries", description = "What became of deliveries")
class DeliveriesController {
    private static final String DELIVERY = """
            {"id": "53b9abd5dfc3b9ff2723a929934da8c3-0", "recipient": "C0", "parties": ["P0", "P1"],
             "scheme": "batched", "count": 10000, "valuesPerChunk": 4096, "state": "collecting",
             "places": {"expected": 6, "bundled": 0, "delivered": 4, "refused": 0},
             "waitingFor": ["P1"], "refusals": [],
             "firstSeen": "2026-06-01T12:00:00Z", "lastChange": "2026-06-01T12:00:02Z"}""";

    private static final int MAX_PAGE = 200;
    private static final int MAX_RECEIPTS = 1000;

    private final StatusStore store;

    DeliveriesController(StatusStore store) {
        this.store = store;
    }

    /// A page of deliveries.
    ///
    /// @param deliveries ascending by id
    record Page(List<DeliveryStatus> deliveries) {}

    /// A page of receipts.
    ///
    /// @param receipts in order of kind and index
    record Receipts(List<PlacedReceipt> receipts) {}

    @GetMapping(
            path = "/v1/deliveries",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Deliveries",
            description = "A member sees those it takes part in; the relay's own people see all. Ascending by id;"
                    + " `after` the last id of a page gives the next.")
    @ApiResponse(
            responseCode = "200",
            description = "A page, empty at the end",
            content =
                    @Content(
                            schema = @Schema(implementation = Page.class),
                            examples = @ExampleObject("{\"deliveries\": [" + DELIVERY + "]}")))
    Page list(
            Caller caller,
            @Parameter(description = "the last id of the page before") @RequestParam(defaultValue = "") String after,
            @Parameter(description = "at most so many, up to 200") @RequestParam(defaultValue = "50") int limit) {
        int most = Math.clamp(limit, 1, MAX_PAGE);
        return new Page(
                caller.isLocal() ? store.page(after, most) : store.pageFor(caller.requireMember(), after, most));
    }

    @GetMapping(
            path = "/v1/deliveries/{id}",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(summary = "One delivery", description = "For its parties, its client, and the relay's own people.")
    @ApiResponse(
            responseCode = "200",
            description = "What became of it so far",
            content =
                    @Content(
                            schema = @Schema(implementation = DeliveryStatus.class),
                            examples = @ExampleObject(DELIVERY)))
    @Problems({ProblemType.NOT_FOUND})
    ResponseEntity<?> show(Caller caller, @PathVariable DeliveryId id) {
        var status = isVisible(caller, id) ? store.find(id) : Optional.<DeliveryStatus>empty();
        return status.isPresent() ? ResponseEntity.ok(status.get()) : notFound(id);
    }

    @GetMapping(
            path = "/v1/deliveries/{id}/receipts",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "The client's receipts",
            description = "In order of kind and index; `after` skips so many. Verify each against your own roster.")
    @ApiResponse(
            responseCode = "200",
            description = "A page, empty at the end",
            content = @Content(schema = @Schema(implementation = Receipts.class)))
    @Problems({ProblemType.NOT_FOUND})
    ResponseEntity<?> receipts(
            Caller caller,
            @PathVariable DeliveryId id,
            @Parameter(description = "how many to skip") @RequestParam(defaultValue = "0") int after,
            @Parameter(description = "at most so many, up to 1000") @RequestParam(defaultValue = "200") int limit) {
        if (!isVisible(caller, id) || !store.exists(id)) {
            return notFound(id);
        }
        return ResponseEntity.ok(
                new Receipts(store.receipts(id, Math.max(after, 0), Math.clamp(limit, 1, MAX_RECEIPTS))));
    }

    /// What is there but not for the caller's eyes looks as if it were not there.
    private boolean isVisible(Caller caller, DeliveryId id) {
        return caller.isLocal()
                || caller.member().filter(member -> store.concerns(id, member)).isPresent();
    }

    private static ResponseEntity<?> notFound(DeliveryId id) {
        return Problem.of(ProblemType.NOT_FOUND, "The relay has no delivery " + id + " for the caller.")
                .toResponse();
    }
}
