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
import org.shareferry.delivery.PartySet;
import org.shareferry.member.MemberName;
import org.shareferry.relay.status.StatusStore.Which;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.DeliveryCursor;
import org.shareferry.service.web.PageLimit;
import org.shareferry.service.web.SeenDeliveries;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
@Tag(name = "deliveries", description = "Status of deliveries")
class DeliveriesController {
    private static final String DELIVERY = """
            {"id": "53b9abd5dfc3b9ff2723a929934da8c3-0", "recipient": "C0", "parties": ["P0", "P1"],
             "label": "1755", "scheme": "batched", "count": 10000, "valuesPerChunk": 4096, "state": "collecting",
             "places": {"expected": 6, "bundled": 0, "received": 4, "refused": 0, "held": 0},
             "waitingFor": ["P1"], "waitingSince": "2026-06-01T12:00:01Z", "refusals": [],
             "firstSeen": "2026-06-01T12:00:00Z", "lastChange": "2026-06-01T12:00:02Z",
             "expires": "2026-06-08T12:00:00Z"}""";
    private static final String STEPS = """
            {"steps": [
             {"step": "stored", "member": "P0", "count": 6, "first": "2026-06-01T12:00:00Z",
              "last": "2026-06-01T12:00:01Z"},
             {"step": "received", "count": 4, "first": "2026-06-01T12:00:02Z", "last": "2026-06-01T12:00:02Z"}]}""";

    private static final int MAX_PAGE = 200;
    private static final int MAX_RECEIPTS = 1000;

    private final StatusStore store;

    DeliveriesController(StatusStore store) {
        this.store = store;
    }

    /// A page of deliveries.
    ///
    /// @param deliveries ascending by id and parties
    /// @param next the `after` of the next page; absent on the last one
    @Schema(name = "DeliveryPage")
    record Page(List<DeliveryStatus> deliveries, Optional<String> next) {
        static Page of(List<DeliveryStatus> deliveries, int limit) {
            var keys = deliveries.stream().map(DeliveryStatus::key).toList();
            return new Page(deliveries, DeliveryCursor.next(keys, limit));
        }
    }

    /// A page of receipts.
    ///
    /// @param receipts in order of kind and index
    @Schema(name = "ReceiptPage")
    record Receipts(List<PlaceReceipt> receipts) {}

    /// What happened to a delivery.
    ///
    /// @param steps in the order in which they began
    record Timeline(List<DeliveryStep> steps) {}

    @GetMapping("/v1/deliveries")
    @Operation(
            operationId = "listDeliveries",
            summary = "Deliveries",
            description = "A member sees its own deliveries; the relay's own users see all. Ordered by id and"
                    + " parties; `after` takes the `next` of the previous page. Deliveries of different sets of"
                    + " parties can have the same id.")
    @ApiResponse(
            responseCode = "200",
            description = "A page, empty at the end",
            content =
                    @Content(
                            schema = @Schema(implementation = Page.class),
                            examples = @ExampleObject("{\"deliveries\": [" + DELIVERY + "]}")))
    Page list(
            Caller caller,
            @Parameter(description = "`next` of the previous page, or a delivery id") @RequestParam(defaultValue = "")
                    String after,
            @Parameter(description = "maximum number of deliveries, up to 200") @RequestParam(defaultValue = "50")
                    int limit,
            @Parameter(description = "only deliveries with envelopes or bundles that wait for a party or the client")
                    @RequestParam(defaultValue = "false")
                    boolean underWay) {
        int most = PageLimit.checked(limit, MAX_PAGE);
        var which = underWay ? Which.UNDER_WAY : Which.ALL;
        return Page.of(store.page(viewer(caller), which, DeliveryCursor.parse(after), most), most);
    }

    @GetMapping("/v1/deliveries/{id}")
    @Operation(
            operationId = "showDelivery",
            summary = "One delivery",
            description = "For its parties, its client, and the relay's own users. If the caller sees several"
                    + " deliveries with this id, `parties` selects one.")
    @ApiResponse(
            responseCode = "200",
            description = "The status of the delivery",
            content =
                    @Content(
                            schema = @Schema(implementation = DeliveryStatus.class),
                            examples = @ExampleObject(DELIVERY)))
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS})
    DeliveryStatus show(
            Caller caller,
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties) {
        return store.get(store.seen(viewer(caller), id, parties).only());
    }

    @GetMapping("/v1/deliveries/{id}/receipts")
    @Operation(
            operationId = "listReceiptsOfDelivery",
            summary = "The client's receipts",
            description = "Ordered by kind and index; `after` is the number of receipts to skip. Verify each"
                    + " receipt with your own roster.")
    @ApiResponse(
            responseCode = "200",
            description = "A page, empty at the end",
            content = @Content(schema = @Schema(implementation = Receipts.class)))
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS})
    Receipts receipts(
            Caller caller,
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            @Parameter(description = "number of receipts to skip") @RequestParam(defaultValue = "0") int after,
            @Parameter(description = "maximum number of receipts, up to 1000") @RequestParam(defaultValue = "200")
                    int limit) {
        var key = store.seen(viewer(caller), id, parties).only();
        return new Receipts(store.receipts(key, Math.max(after, 0), PageLimit.checked(limit, MAX_RECEIPTS)));
    }

    @GetMapping("/v1/deliveries/{id}/timeline")
    @Operation(
            operationId = "showTimeline",
            summary = "What happened to a delivery, and when",
            description =
                    "For those who may see the delivery. The envelopes that were stored, by party, and the bundles, by"
                            + " outcome. Each group has the times of its first and its last item.")
    @ApiResponse(
            responseCode = "200",
            description = "So far",
            content = @Content(schema = @Schema(implementation = Timeline.class), examples = @ExampleObject(STEPS)))
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS})
    Timeline timeline(
            Caller caller,
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties) {
        return new Timeline(
                store.timeline(store.seen(viewer(caller), id, parties).only()));
    }

    /// Deliveries that the caller may not see are answered like unknown ones.
    private static Optional<MemberName> viewer(Caller caller) {
        return caller.isLocal() ? Optional.empty() : Optional.of(caller.requireMember());
    }
}
