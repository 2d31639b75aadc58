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
import org.shareferry.party.submission.RelayFailure;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The status of deliveries.
@RestController
@RequestMapping(produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
@Tag(name = "Deliveries", description = "Hand over share vectors, and see the status of deliveries")
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

    /// A page of deliveries, the status of the party's VMs, and the reason if nothing can be submitted to the relay.
    @Schema(name = "DeliveryPage")
    record DeliveryList(List<DeliveryStatus> deliveries, List<VmStatus> vms, Optional<RelayFailure> relayFailure) {}

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
            description = "All completely handed-over deliveries that are not deleted, in the order in which their"
                    + " hand-overs were completed, or the newest first with `order=newest`. Pass the last id of a page"
                    + " as `after` to get the next page, or later to get new deliveries. If that delivery was deleted,"
                    + " begin without `after`. `vms` shows for each configured VM whether the service waits for it or"
                    + " is connected, the progress of a delivery, and the inputs that the VM waits for. `relayFailure`"
                    + " shows why and since when the relay cannot be reached.")
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping("/v1/deliveries")
    DeliveryList list(
            @Parameter(description = "Begin after this delivery") @RequestParam(required = false)
                    Optional<String> after,
            @Parameter(description = "Maximum number, up to 1000") @RequestParam(defaultValue = "100") int limit,
            @Parameter(description = "`oldest` or `newest` first") @RequestParam(defaultValue = "oldest")
                    String order) {
        int most = PageLimit.checked(limit, MOST);
        var number = after.map(last -> deliveries.number(parse(last)).orElseThrow(DeliveriesController::unknown));
        var found = switch (Order.parse(order)) {
            case OLDEST -> deliveries.after(number.orElse(0L), most);
            case NEWEST -> deliveries.before(number.orElse(Long.MAX_VALUE), most);
        };
        return new DeliveryList(found.stream().map(DeliveryStatus::of).toList(), vms.statuses(), pump.failure());
    }

    @Operation(
            operationId = "showDelivery",
            summary = "See a delivery",
            description = "The state is `sealed`, `submitted` (the relay has all envelopes of this party),"
                    + " `bundled` (it has those of all parties), `received` (the client gave receipts for all),"
                    + " `held` with the reason (refused for a cause that can be fixed; offered again until it"
                    + " expires), `expired`, or `refused` with the reason. The number of sealed envelopes includes"
                    + " submitted and received ones.")
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping("/v1/deliveries/{id}")
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
            description = "The client's signed receipts for this party's envelopes, verified with the roster, in"
                    + " the order of their arrival. Each covers one or more envelopes.")
    @Problems(ProblemType.NOT_FOUND)
    @GetMapping("/v1/deliveries/{id}/receipts")
    ReceiptList receipts(
            @Parameter(description = "The delivery's id", example = "53b9abd5dfc3b9ff2723a929934da8c3-0") @PathVariable
                    String id,
            @Parameter(description = "Number of receipts to skip") @RequestParam(defaultValue = "0") long after,
            @Parameter(description = "Maximum number, up to 1000") @RequestParam(defaultValue = "100") int limit) {
        var delivery = parse(id);
        int most = PageLimit.checked(limit, MOST);
        if (after < 0) {
            throw malformed("after must not be negative.");
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
            throw malformed("A delivery id must be 32 lower-case hex digits, a hyphen and a sequence number.");
        }
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, detail));
    }

    private static ProblemException unknown() {
        return new ProblemException(
                Problem.of(ProblemType.NOT_FOUND, "No delivery with this id was handed over to this service."));
    }
}
