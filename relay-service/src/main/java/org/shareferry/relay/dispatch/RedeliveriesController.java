// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
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
@Tag(name = "redeliveries", description = "After a restore of a client, or after a setting or clock was corrected")
class RedeliveriesController {
    private final Redelivery redelivery;

    RedeliveriesController(Redelivery redelivery) {
        this.redelivery = redelivery;
    }

    /// The bundles to deliver again.
    /// @param recipient the client
    /// @param since only receipts of this time or later; all if absent
    /// @param only `held`: bundles that the client refused for a cause that can be fixed; `received`: bundles with
    ///     receipts; both if absent
    /// @param delivery only bundles of this delivery; all if absent
    /// @param parties of the delivery; required with it, because several sets of parties can use the same id
    @Schema(name = "Redelivery")
    record Order(
            @Schema(example = "C0") MemberName recipient,

            @Schema(example = "2026-06-01T02:00:00Z") @Nullable
            Instant since,

            @Schema(example = "held") @Nullable Only only,

            @Schema(example = "53b9abd5dfc3b9ff2723a929934da8c3-0") @Nullable
            DeliveryId delivery,

            @Schema(example = "[\"P0\", \"P1\"]") @Nullable List<MemberName> parties) {
        /// The database stores times in milliseconds.
        private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

        Order {
            Objects.requireNonNull(recipient);
            if (since != null && (since.isAfter(LAST) || since.isBefore(Instant.ofEpochMilli(Long.MIN_VALUE)))) {
                throw new IllegalArgumentException("since is too far away");
            }
            if ((delivery == null) != (parties == null)) {
                throw new IllegalArgumentException("delivery and parties come together");
            }
            parties = parties == null ? null : new PartySet(parties).members();
        }

        Optional<DeliveryKey> key() {
            return delivery == null || parties == null
                    ? Optional.empty()
                    : Optional.of(new DeliveryKey(delivery, new PartySet(parties)));
        }

        boolean includes(Only kind) {
            return only == null || only == kind;
        }
    }

    /// A kind of bundles.
    enum Only {
        HELD,
        RECEIVED;

        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param bundles the number of bundles offered again
    @Schema(name = "RedeliveryBegun")
    record Begun(@Schema(example = "12") int bundles) {}

    @PostMapping(
            path = "/v1/redeliveries",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "deliverAgain",
            summary = "Deliver again what a client refused or gave receipts for",
            description = "For the relay's own users, and for the client itself. With `only` `held`: bundles that the"
                    + " client refused for a correctable cause, after it was corrected. Without a request they are"
                    + " offered again every `shareferry.relay.held-retry`. With `only` `received`, or without: also"
                    + " bundles that the client confirmed with receipts, if it was restored from a backup. Only bundles"
                    + " that are still kept (`shareferry.relay.retention` after the receipt) and have not expired."
                    + " With `delivery` and `parties`: only bundles of that delivery. Existing receipts stay valid, and"
                    + " repeating the request does no harm.")
    @ApiResponse(
            responseCode = "202",
            description = "They are on their way, or wait to be pulled",
            content = @Content(schema = @Schema(implementation = Begun.class)))
    @Problems({
        ProblemType.NOT_ALLOWED,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    ResponseEntity<?> begin(Caller caller, @RequestBody Order order) {
        if (!caller.isLocal() && !caller.requireMember().equals(order.recipient())) {
            return Problem.of(ProblemType.NOT_ALLOWED, "A client may request only its own bundles.")
                    .toResponse();
        }
        var since = order.since() == null ? Instant.EPOCH : order.since();
        int held = order.includes(Only.HELD) ? redelivery.offerHeld(order.recipient(), order.key()) : 0;
        int received = order.includes(Only.RECEIVED) ? redelivery.begin(order.recipient(), order.key(), since) : 0;
        return ResponseEntity.accepted().body(new Begun(held + received));
    }
}
