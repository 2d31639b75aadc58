// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.client.retention.RetentionStore;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.SeenDeliveries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Deletes results for users. The log says who asked for it.
@RestController
@Tag(name = "results")
class DeletionController {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionController.class);

    private final ResultStore store;
    private final RetentionStore retention;

    DeletionController(ResultStore store, RetentionStore retention) {
        this.store = store;
        this.retention = retention;
    }

    @DeleteMapping("/v1/results/{id}/values")
    @Operation(
            operationId = "deleteResultValues",
            summary = "Delete the values of a result, and keep its verdict",
            description = "For a checked result that is not rejected. Its values are no longer shown. Within a minute"
                    + " they are deleted, with the envelopes that they came in, because the opening keys could recover"
                    + " the values from these. The verdict, the label, ids and receipts stay; `valuesDeleted` says"
                    + " since when. The same bundles get the same receipts again and are not checked again. Older"
                    + " backups still contain the values.")
    @ApiResponse(responseCode = "204", description = "The values are deleted, now or before", content = @Content)
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    ResponseEntity<Void> deleteValues(
            Caller caller,
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties) {
        var found = store.get(store.seen(id, parties).only(ResultsController.NOT_ARRIVED))
                .result();
        // Before the outcome is known: a line for successes only would show the verdict to readers of the
        // log.
        LOG.info("{} asks to delete the values of delivery {}.", caller, found.key());
        if (found.valuesDeleted().isEmpty() && found.state() != DeliveryState.DELETED) {
            ResultsController.requireValues(found);
            retention.deleteValues(found.key());
        }
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping("/v1/results/{id}")
    @Operation(
            operationId = "deleteResult",
            summary = "Delete a whole delivery: its values and envelopes",
            description = "For a delivery that is checked or has expired. It is shown as deleted at once, and its"
                    + " values and envelopes are deleted within a minute. Its id is kept until all its envelopes"
                    + " would be refused because of their age. Older backups still contain everything.")
    @ApiResponse(responseCode = "204", description = "The delivery is deleted, now or before", content = @Content)
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties) {
        var key = store.seen(id, parties).only(ResultsController.NOT_ARRIVED);
        if (retention.delete(key)) {
            LOG.info("{} deleted delivery {}.", caller, key);
        } else if (store.get(key).result().state() != DeliveryState.DELETED) {
            throw new ProblemException(Problem.of(
                    ProblemType.RESULT_NOT_AVAILABLE,
                    "Delivery " + id + " has not ended; it can be deleted after its check or expiry."));
        }
        return ResponseEntity.noContent().build();
    }
}
