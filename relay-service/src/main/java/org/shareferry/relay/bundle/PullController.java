// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// For clients that the relay cannot dial: they come for their bundles and bring receipts and refusals back.
@RestController
@Tag(name = "pull", description = "For clients whose line in the roster has no address")
class PullController {
    private static final int MAX_BUNDLES = 16;
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 250;

    private final Bundles bundles;
    private final Receipts receipts;
    private final Clock clock;

    PullController(Bundles bundles, Receipts receipts, Clock clock) {
        this.bundles = bundles;
        this.receipts = receipts;
        this.clock = clock;
    }

    /// One bundle.
    ///
    /// @param envelopes one of each party
    record PulledBundle(List<Envelope> envelopes) {}

    /// What waits for the caller.
    ///
    /// @param bundles the oldest first
    record Pulled(List<PulledBundle> bundles) {}

    /// A client's word that it will never take a bundle.
    ///
    /// @param delivery which delivery
    /// @param kind which kind of place
    /// @param index which place
    /// @param type the problem's type
    /// @param detail a sentence
    record Refusal(DeliveryId delivery, Kind kind, int index, String type, String detail) {}

    @GetMapping(
            path = "/v1/bundles",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Bundles that wait for the caller",
            description = "The oldest first. With `wait` the answer comes when there is one, or when the time is up."
                    + " A bundle is shown until its receipt or refusal is here.")
    Pulled pull(
            Caller caller,
            @Parameter(description = "seconds to wait for a bundle, at most 30") @RequestParam(defaultValue = "0")
                    int wait,
            @Parameter(description = "at most so many, up to 16") @RequestParam(defaultValue = "8") int limit)
            throws InterruptedException {
        int most = Math.clamp(limit, 1, MAX_BUNDLES);
        var until = clock.instant().plus(Duration.ofSeconds(Math.clamp(wait, 0, MAX_WAIT.toSeconds())));
        var client = caller.requireMember();
        var keys = bundles.waitingFor(client, most);
        while (keys.isEmpty() && clock.instant().isBefore(until)) {
            Thread.sleep(LOOK_MILLIS);
            keys = bundles.waitingFor(client, most);
        }
        return new Pulled(keys.stream()
                .flatMap(key -> bundles.waiting(key).stream())
                .map(bundle -> new PulledBundle(bundle.envelopes()))
                .toList());
    }

    @PostMapping(
            path = "/v1/receipts",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(summary = "Hand in a receipt", description = "For a bundle that was pulled.")
    @Problems({ProblemType.ANNOUNCEMENT_WRONG})
    ResponseEntity<?> receipt(Caller caller, @RequestBody SignedReceipt receipt) {
        var key = receipts.verify(caller.requireMember(), receipt);
        if (key.isEmpty()) {
            return Problem.of(
                            ProblemType.ANNOUNCEMENT_WRONG,
                            "The receipt is not signed by the caller, or names other envelopes than the relay holds.")
                    .toResponse();
        }
        bundles.delivered(key.get(), receipt);
        return ResponseEntity.noContent().build();
    }

    @PostMapping(
            path = "/v1/refusals",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(summary = "Refuse a bundle", description = "For a bundle that was pulled and can never be taken.")
    ResponseEntity<?> refuse(Caller caller, @RequestBody Refusal refusal) {
        var key = new BundleKey(refusal.delivery(), new Place(refusal.kind(), refusal.index()));
        if (!isFor(caller.requireMember(), key)) {
            return Problem.of(ProblemType.NOT_FOUND, "No such bundle waits for the caller.")
                    .toResponse();
        }
        bundles.refuse(key, refusal.type(), refusal.detail(), caller.name());
        return ResponseEntity.noContent().build();
    }

    private boolean isFor(MemberName client, BundleKey key) {
        return bundles.waiting(key).stream()
                .flatMap(bundle -> bundle.envelopes().stream())
                .anyMatch(envelope -> envelope.header().facts().recipient().equals(client));
    }
}
