// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.status;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.outbox.Deliveries;
import org.shareferry.party.outbox.DeliveryState;
import org.shareferry.party.outbox.ReceiptStore;
import org.shareferry.party.submission.EnvelopePump;
import org.shareferry.party.submission.RelayTrouble;
import org.shareferry.party.vm.VmConnectors;
import org.shareferry.party.vm.VmStatus;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.PageLimit;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Tells what became of deliveries.
@RestController
@Tag(name = "Deliveries", description = "Hand share vectors over, and see what became of them")
class DeliveriesController {
    private static final int MOST = 1000;

    private final Deliveries deliveries;
    private final ReceiptStore receipts;
    private final VmConnectors vms;
    private final EnvelopePump pump;

    DeliveriesController(Deliveries deliveries, ReceiptStore receipts, VmConnectors vms, EnvelopePump pump) {
        this.deliveries = deliveries;
        this.receipts = receipts;
        this.vms = vms;
        this.pump = pump;
    }

    /// A page of deliveries, how the party's VMs are doing, and why nothing can be submitted to the relay, if so.
    @Schema(name = "DeliveryPage")
    record DeliveryList(List<DeliveryStatus> deliveries, List<VmStatus> vms, Optional<RelayTrouble> relayTrouble) {}

    /// Which deliveries come first.
    enum Order {
        OLDEST,
        NEWEST;

        static Order parse(String text) {
            return switch (text) {
                case "oldest" -> OLDEST;
                case "newest" -> NEWEST;
                default -> throw malformed("order is oldest or newest.");
            };
        }
    }

    /// A page of receipts.
    @Schema(name = "ReceiptPage")
    record ReceiptList(List<SignedReceipt> receipts) {}

    @Operation(
            operationId = "listDeliveries",
            summary = "List deliveries",
            description =
                    "Everything that was handed over completely and is not deleted, in the order in which the hand-overs"
                            + " were completed, or the newest first with `order=newest`. The last id of one page is the `after` of the next, also to see later"
                            + " what is new; when that delivery is deleted, begin without `after`. `vms` tells of each VM that is configured"
                            + " whether the service waits for it or is connected, how much of a delivery has come in,"
                            + " and for which inputs it waits. `relayTrouble` says why and since when the relay cannot"
                            + " be reached.")
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(
            path = "/v1/deliveries",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    DeliveryList list(
            @Parameter(description = "Begin behind this delivery") @RequestParam(required = false)
                    Optional<String> after,
            @Parameter(description = "At most this many, up to 1000") @RequestParam(defaultValue = "100") int limit,
            @Parameter(description = "oldest or newest first") @RequestParam(defaultValue = "oldest") String order) {
        int most = PageLimit.checked(limit, MOST);
        var number = after.map(last -> deliveries.number(parse(last)).orElseThrow(DeliveriesController::unknown));
        var found = switch (Order.parse(order)) {
            case OLDEST -> deliveries.after(number.orElse(0L), most);
            case NEWEST -> deliveries.before(number.orElse(Long.MAX_VALUE), most);
        };
        return new DeliveryList(found.stream().map(DeliveryStatus::of).toList(), vms.statuses(), pump.trouble());
    }

    @Operation(
            operationId = "showDelivery",
            summary = "See a delivery",
            description = "State is sealed, submitted (the relay has all our envelopes), bundled (it has those of all"
                    + " parties), received (the client signed for all), held with the reason (refused for a cause that"
                    + " can be mended; it is offered again until it expires), expired, or refused with the reason. Each"
                    + " envelope counts as sealed, also when it is submitted or received.")
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(
            path = "/v1/deliveries/{id}",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    DeliveryStatus one(
            @Parameter(description = "The delivery's id", example = "53b9abd5dfc3b9ff2723a929934da8c3-0") @PathVariable
                    String id) {
        return deliveries
                .find(parse(id))
                .filter(delivery -> delivery.state() != DeliveryState.OPEN)
                .map(DeliveryStatus::of)
                .orElseThrow(DeliveriesController::unknown);
    }

    @Operation(
            operationId = "listReceiptsOfDelivery",
            summary = "See the client's receipts",
            description = "The client's signed words that it holds our envelopes, verified against the roster, in the"
                    + " order in which they came. Each covers one or more envelopes.")
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping(
            path = "/v1/deliveries/{id}/receipts",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    ReceiptList receipts(
            @Parameter(description = "The delivery's id", example = "53b9abd5dfc3b9ff2723a929934da8c3-0") @PathVariable
                    String id,
            @Parameter(description = "Leave out this many") @RequestParam(defaultValue = "0") long after,
            @Parameter(description = "At most this many, up to 1000") @RequestParam(defaultValue = "100") int limit) {
        var delivery = parse(id);
        int most = PageLimit.checked(limit, MOST);
        if (after < 0) {
            throw malformed("after is not negative.");
        }
        if (deliveries
                .find(delivery)
                .filter(found -> found.state() != DeliveryState.OPEN)
                .isEmpty()) {
            throw unknown();
        }
        return new ReceiptList(receipts.receipts(delivery, after, most));
    }

    private static DeliveryId parse(String text) {
        try {
            return DeliveryId.parse(text);
        } catch (IllegalArgumentException e) {
            throw malformed("A delivery id is 32 lower-case hex digits, a hyphen and a sequence number.");
        }
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, detail));
    }

    private static ProblemException unknown() {
        return new ProblemException(
                Problem.of(ProblemType.NOT_FOUND, "No delivery of this id was handed over to this service."));
    }
}
