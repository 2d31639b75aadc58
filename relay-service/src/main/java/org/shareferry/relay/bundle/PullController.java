// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import static org.springframework.format.annotation.DurationFormat.Style.SIMPLE;
import static org.springframework.format.annotation.DurationFormat.Unit.SECONDS;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.bundle.BundleStore.Waiting;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.AnswerLeases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.format.annotation.DurationFormat;
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
    private static final Logger LOG = LoggerFactory.getLogger(PullController.class);
    private static final int MAX_BUNDLES = 16;
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final int MAX_DETAIL = 500;

    private static final Duration LATER = Duration.ofSeconds(2);

    private final WaitingBundles waiting;
    private final BundlesOut out;
    private final BundleStore bundles;
    private final HeldBundles held;
    private final Receipts receipts;
    private final PushMeters meters;

    PullController(
            WaitingBundles waiting,
            BundlesOut out,
            BundleStore bundles,
            HeldBundles held,
            Receipts receipts,
            PushMeters meters) {
        this.waiting = waiting;
        this.out = out;
        this.bundles = bundles;
        this.held = held;
        this.receipts = receipts;
        this.meters = meters;
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
    /// @param parties the parties that the envelopes name; may be left out while no other delivery has this id
    /// @param kind which kind of place
    /// @param index which place
    /// @param type the problem's type, a URI
    /// @param detail a sentence of at most 500 characters
    /// @param judged the Content-Digest (RFC 9530, SHA-256) of the bundle as docs/envelope-format.md encodes
    ///     it. Only with it a refusal is final
    @Schema(name = "BundleRefusal")
    record Refusal(
            DeliveryId delivery,

            @Schema(example = "[\"P0\", \"P1\"]") @Nullable List<MemberName> parties,

            Kind kind,
            @Schema(example = "0") int index,

            @Schema(example = "urn:shareferry:problem:ciphertext-wrong")
            URI type,

            @Schema(example = "The envelope of P1 does not open.")
            String detail,

            @Schema(example = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:") @Nullable
            String judged) {
        Refusal {
            Objects.requireNonNull(delivery);
            Objects.requireNonNull(kind);
            Objects.requireNonNull(type);
            // Refuse an index that there is not, and what is no set of parties.
            new Place(kind, index);
            parties = parties == null ? null : new PartySet(parties).members();
            detail = detail.replaceAll("\\p{Cntrl}", " ");
            if (detail.length() > MAX_DETAIL || type.toString().length() > MAX_DETAIL) {
                throw new IllegalArgumentException("A refusal is short.");
            }
        }

        Optional<PartySet> partySet() {
            return Optional.ofNullable(parties).map(PartySet::new);
        }

        Optional<ContentDigest> judgedDigest() {
            return Optional.ofNullable(judged).flatMap(ContentDigest::parse);
        }

        boolean isOfFinalType() {
            return ProblemType.of(type)
                    .filter(known -> known.finality() == Finality.FINAL)
                    .isPresent();
        }

        Place place() {
            return new Place(kind, index);
        }
    }

    @GetMapping(
            path = "/v1/bundles",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Bundles that wait for the caller",
            description = "The oldest first. With `wait` the answer comes as soon as there is one, or with an empty"
                    + " list when the time is up. A bundle is shown until its receipt or refusal is here.")
    @Problems({ProblemType.TOO_MUCH_AT_ONCE})
    Pulled pull(
            Caller caller,
            @Parameter(description = "how long to wait for a bundle, at most 30s", example = "20s")
                    @Schema(type = "string")
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = SIMPLE, defaultUnit = SECONDS)
                    Duration wait,
            @Parameter(description = "at most so many, up to 16") @RequestParam(defaultValue = "8") int limit,
            @Parameter(hidden = true) HttpServletRequest request)
            throws InterruptedException {
        var patience = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
        var client = caller.requireMember();
        var found = waiting.await(client, Math.clamp(limit, 1, MAX_BUNDLES), patience);
        var lease = out.toPull(client, found.stream().mapToLong(Waiting::size).sum());
        AnswerLeases.keep(request, lease.orElseThrow(PullController::tooMuch));
        return new Pulled(found.stream()
                .map(Waiting::key)
                .flatMap(key -> readable(key).stream())
                .map(Bundle::envelopes)
                .map(PulledBundle::new)
                .toList());
    }

    /// A bundle that this version of the relay cannot read is refused, or it would be first in the list for ever and
    /// keep all others from the client.
    private Optional<Bundle> readable(BundleKey key) {
        try {
            return bundles.read(key);
        } catch (MalformedException e) {
            LOG.error("The bundle {} cannot be read any more and is refused.", key, e);
            var senders = bundles.envelopeIds(key).keySet().stream()
                    .map(MemberName::toString)
                    .collect(Collectors.joining(", "));
            bundles.refuse(
                    key,
                    new BundleStore.Refusal(
                            ProblemType.ENVELOPE_MALFORMED.uri().toString(),
                            "This version of the relay cannot read the stored envelopes. Deliver anew in another run.",
                            senders));
            meters.refused();
            return Optional.empty();
        }
    }

    private static ProblemException tooMuch() {
        return new ProblemException(
                Problem.of(ProblemType.TOO_MUCH_AT_ONCE, "Other answers with bundles are not yet read to their end.")
                        .retryAfter(LATER));
    }

    @PostMapping(
            path = "/v1/receipts",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Hand in a receipt",
            description = "For a bundle that was pulled. The same receipt may be handed in any number of times.")
    @ApiResponse(
            responseCode = "204",
            description = "The receipt is stored and the parties can fetch it",
            content = @Content)
    @Problems({
        ProblemType.ANNOUNCEMENT_WRONG,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    ResponseEntity<?> receipt(Caller caller, @RequestBody SignedReceipt receipt) {
        var key = receipts.verify(caller.requireMember(), receipt);
        if (key.isEmpty()) {
            return Problem.of(
                            ProblemType.ANNOUNCEMENT_WRONG,
                            "The receipt is not signed by the caller, or names other envelopes than the relay holds.")
                    .toResponse();
        }
        if (bundles.delivered(key.get(), receipt)) {
            meters.delivered();
        }
        return ResponseEntity.noContent().build();
    }

    @PostMapping(
            path = "/v1/refusals",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Refuse a bundle",
            description = "For a bundle that was pulled and is not taken. Parties see type and detail. A refusal of a"
                    + " final type that names the judged bundle's digest is final; any other bundle is held, and offered"
                    + " again every `shareferry.relay.held-retry` and by `POST /v1/redeliveries`.")
    @ApiResponse(
            responseCode = "204",
            description = "The bundle is not shown again, or not before it is offered again; its envelopes are kept",
            content = @Content)
    @Problems({
        ProblemType.NOT_FOUND,
        ProblemType.DELIVERY_AMBIGUOUS,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    ResponseEntity<?> refuse(Caller caller, @RequestBody Refusal refusal) {
        var client = caller.requireMember();
        var keys = bundles.keysFor(refusal.delivery(), refusal.partySet(), refusal.place(), client);
        if (keys.isEmpty()) {
            return Problem.of(ProblemType.NOT_FOUND, "The relay has no such bundle for the caller.")
                    .toResponse();
        }
        if (keys.size() > 1) {
            return Problem.of(
                            ProblemType.DELIVERY_AMBIGUOUS,
                            "Deliveries of several sets of parties have this id; the refusal names no parties.")
                    .toResponse();
        }
        var why = new BundleStore.Refusal(
                refusal.type().toString(), client + " refused it: " + refusal.detail(), client.toString());
        boolean isFinal = refusal.isOfFinalType()
                && refusal.judgedDigest()
                        .filter(held.digest(keys.getFirst())::equals)
                        .isPresent();
        if (!isFinal) {
            held.hold(keys.getFirst(), why);
        } else if (bundles.refuse(keys.getFirst(), why)) {
            meters.refused();
        }
        return ResponseEntity.noContent().build();
    }
}
