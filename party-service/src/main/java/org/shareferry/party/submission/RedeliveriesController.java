// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Offers held deliveries again after the cause was fixed.
@RestController
@Tag(name = "Redeliveries", description = "After a setting, a roster or a clock was corrected")
class RedeliveriesController {
    private final EnvelopePump pump;

    RedeliveriesController(EnvelopePump pump) {
        this.pump = pump;
    }

    /// The deliveries to offer again.
    ///
    /// @param delivery the id of one; all held deliveries if absent
    @Schema(name = "Redelivery")
    record Order(
            @Schema(example = "53b9abd5dfc3b9ff2723a929934da8c3-0") @Nullable
            DeliveryId delivery) {}

    /// @param deliveries the number of deliveries offered to the relay again
    @Schema(name = "RedeliveryBegun")
    record Begun(@Schema(example = "1") int deliveries) {}

    @Operation(
            operationId = "offerAgain",
            summary = "Offer held deliveries again",
            description = "A delivery is held if the relay or the client refused it for a cause that can be fixed."
                    + " It is offered again every `shareferry.party.held-retry`, and at once by this request, until"
                    + " it expires. If the client refused it, a user of the relay must offer it again at the relay;"
                    + " this service then sees the outcome. The request may be repeated.")
    @ApiResponse(responseCode = "202", description = "The deliveries are offered again")
    @Problems({ProblemType.BODY_TOO_LARGE, ProblemType.TOO_MUCH_AT_ONCE, ProblemType.BODY_TOO_SLOW})
    @PostMapping(
            path = "/v1/redeliveries",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @ResponseStatus(HttpStatus.ACCEPTED)
    Begun begin(@RequestBody Order order) {
        return new Begun(pump.offerAgain(Optional.ofNullable(order.delivery())));
    }
}
