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
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
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
import org.shareferry.json.PlainText;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.relay.bundle.BundleOutcomes.NotTaken;
import org.shareferry.relay.bundle.BundleOutcomes.RefusedForGood;
import org.shareferry.relay.bundle.BundleOutcomes.RefusedForNow;
import org.shareferry.relay.bundle.BundleStore.Waiting;
import org.shareferry.relay.bundle.Receipts.Believed;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.batch.Outcome;
import org.shareferry.service.batch.Outcomes;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.AnswerLeases;
import org.shareferry.service.web.PageLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// For clients to which the relay cannot connect: they pull their bundles and send receipts and refusals.
@RestController
@Tag(name = "pull", description = "For clients without an address in the roster")
class PullController {
    private static final Logger LOG = LoggerFactory.getLogger(PullController.class);
    private static final int MAX_BUNDLES = 16;
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final int MAX_ITEMS = 256;
    private static final int MAX_DETAIL = 500;

    private static final Outcome TAKEN = Outcome.taken(204);
    private static final Problem NOT_BELIEVED = Problem.of(
            ProblemType.ANNOUNCEMENT_WRONG,
            "The receipt is not signed by the caller, or does not name the envelopes that the relay has.");
    private static final Problem NO_SUCH_BUNDLE =
            Problem.of(ProblemType.NOT_FOUND, "The relay has no such bundle for the caller.");
    private static final Problem AMBIGUOUS = Problem.of(
            ProblemType.DELIVERY_AMBIGUOUS,
            "Deliveries of several sets of parties have this id. Add `parties` to the refusal.");

    private static final Duration LATER = Duration.ofSeconds(2);

    private final WaitingBundles waiting;
    private final BundlesOut out;
    private final BundleStore bundles;
    private final HeldBundles held;
    private final Receipts receipts;
    private final BundleOutcomes outcomes;

    PullController(
            WaitingBundles waiting,
            BundlesOut out,
            BundleStore bundles,
            HeldBundles held,
            Receipts receipts,
            BundleOutcomes outcomes) {
        this.waiting = waiting;
        this.out = out;
        this.bundles = bundles;
        this.held = held;
        this.receipts = receipts;
        this.outcomes = outcomes;
    }

    /// One bundle.
    ///
    /// @param envelopes one of each party
    @Schema(name = "Bundle")
    record PulledBundle(List<Envelope> envelopes) {}

    /// The outcomes of pulled bundles.
    ///
    /// @param receipts for accepted bundles
    /// @param refusals of bundles that were not accepted
    @Schema(name = "BundleOutcomes")
    record HandedIn(List<SignedReceipt> receipts, List<Refusal> refusals) {
        HandedIn {
            receipts = List.copyOf(receipts);
            refusals = List.copyOf(refusals);
        }
    }

    /// The bundles that wait for the caller.
    ///
    /// @param bundles the oldest first
    @Schema(name = "Bundles")
    record Pulled(List<PulledBundle> bundles) {}

    /// A client's refusal of a bundle.
    /// @param delivery the delivery id
    /// @param parties the parties of the delivery; optional while no other delivery has this id
    /// @param kind of the place
    /// @param index of the place
    /// @param type the problem's type, a URI
    /// @param detail the reason, up to 500 characters
    /// @param judged the Content-Digest (RFC 9530, SHA-256) of the bundle in the encoding of
    ///     docs/envelope-format.md. A refusal without it is not final
    @Schema(name = "BundleRefusal")
    record Refusal(
            DeliveryId delivery,

            @Schema(example = "[\"P0\", \"P1\"]") @Nullable List<MemberName> parties,

            Kind kind,
            @Schema(example = "0") int index,

            @Schema(example = "/problem-types#ciphertext-wrong")
            URI type,

            @Schema(example = "The envelope of P1 does not open.")
            String detail,

            @Schema(example = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:") @Nullable
            String judged) {
        Refusal {
            Objects.requireNonNull(delivery);
            Objects.requireNonNull(kind);
            Objects.requireNonNull(type);
            // Refuse an invalid index and an invalid set of parties.
            new Place(kind, index);
            parties = parties == null ? null : new PartySet(parties).members();
            detail = PlainText.of(detail);
            if (detail.length() > MAX_DETAIL || type.toString().length() > MAX_DETAIL) {
                throw new IllegalArgumentException("The detail of a refusal has at most 500 characters.");
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
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE, CborSequence.MEDIA_TYPE})
    @Operation(
            operationId = "pullBundles",
            summary = "Bundles that wait for the caller",
            description = "The oldest first. With `wait`, the response arrives as soon as there is one, or with an"
                    + " empty list after that time. A bundle is listed until its receipt or refusal has arrived. As"
                    + " `application/cbor-seq` (RFC 8742) each item is a byte string that holds one bundle in CBOR.")
    @ApiResponse(
            responseCode = "200",
            description = "Those that are there, perhaps none",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Pulled.class)),
                @Content(mediaType = MediaType.APPLICATION_CBOR_VALUE, schema = @Schema(implementation = Pulled.class)),
                @Content(mediaType = CborSequence.MEDIA_TYPE, schema = @Schema(type = "string", format = "binary"))
            })
    @Problems({ProblemType.TOO_MUCH_AT_ONCE})
    @Nullable
    ResponseEntity<Pulled> pull(
            Caller caller,
            @Parameter(description = "how long to wait for a bundle, up to 30s", example = "20s")
                    @Schema(type = "string")
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = SIMPLE, defaultUnit = SECONDS)
                    Duration wait,
            @Parameter(description = "maximum number of bundles, up to 16, or 256 in a sequence")
                    @RequestParam(defaultValue = "8")
                    int limit,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.ACCEPT) Optional<String> accept,
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(hidden = true) HttpServletResponse response)
            throws InterruptedException, IOException {
        var patience = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
        var client = caller.requireMember();
        boolean isSequence = accept.filter(types -> types.startsWith(CborSequence.MEDIA_TYPE))
                .isPresent();
        var found = waiting.await(client, PageLimit.checked(limit, isSequence ? MAX_ITEMS : MAX_BUNDLES), patience);
        var lease = out.toPull(client, found.stream().mapToLong(Waiting::size).sum());
        AnswerLeases.keep(request, lease.orElseThrow(PullController::tooMuch));
        if (isSequence) {
            write(found, response);
            return null;
        }
        return ResponseEntity.ok(new Pulled(found.stream()
                .map(Waiting::key)
                .flatMap(key -> readable(key).stream())
                .map(Bundle::envelopes)
                .map(PulledBundle::new)
                .toList()));
    }

    /// Writes the stored bytes piece by piece, without decoding them.
    private void write(List<Waiting> found, HttpServletResponse response) throws IOException {
        response.setContentType(CborSequence.MEDIA_TYPE);
        for (var bundle : found) {
            var envelopes = bundles.stored(bundle.key()).encoded();
            if (!envelopes.isEmpty()) {
                for (var piece : CborSequence.pieces(List.of(new BatchItem(HeldBundles.content(envelopes))))) {
                    piece.stream().transferTo(response.getOutputStream());
                }
            }
        }
    }

    /// A bundle that this version of the relay cannot read is refused. Otherwise it would stay at the head of the
    /// list and block all others.
    private Optional<Bundle> readable(BundleKey key) {
        try {
            return bundles.read(key);
        } catch (MalformedException e) {
            LOG.error("The bundle {} can no longer be read and is refused.", key, e);
            var senders = bundles.envelopeIds(key).keySet().stream()
                    .map(MemberName::toString)
                    .collect(Collectors.joining(", "));
            var why = new BundleStore.Refusal(
                    ProblemType.ENVELOPE_MALFORMED.uri().toString(),
                    "This version of the relay cannot read the stored envelopes. Deliver again in another run.",
                    senders);
            outcomes.store(List.of(), List.of(new RefusedForGood(key, why)));
            return Optional.empty();
        }
    }

    private static ProblemException tooMuch() {
        return new ProblemException(
                Problem.of(ProblemType.TOO_MUCH_AT_ONCE, "Too many responses with bundles are still being read.")
                        .retryAfter(LATER));
    }

    @PostMapping(
            path = "/v1/bundles/outcomes",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "handInOutcomes",
            summary = "Hand in receipts and refusals",
            description = "For bundles that were pulled; any number of times. A receipt counts for every place that it"
                    + " covers. A refusal of a final type that names the judged bundle's digest is final; any other"
                    + " bundle is held, and offered again every `shareferry.relay.held-retry` and by `POST"
                    + " /v1/redeliveries`. Parties see type and detail. The answer has an outcome for each receipt and"
                    + " then for each refusal, in order; one that is not taken hinders no other.")
    @Problems({
        ProblemType.ANNOUNCEMENT_WRONG,
        ProblemType.NOT_FOUND,
        ProblemType.DELIVERY_AMBIGUOUS,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    Outcomes outcomes(Caller caller, @RequestBody HandedIn handedIn) {
        var client = caller.requireMember();
        var believed = new ArrayList<Believed>();
        var notTaken = new ArrayList<NotTaken>();
        var told = new ArrayList<Outcome>();
        for (var signed : handedIn.receipts()) {
            var receipt = receipts.verify(client, signed);
            receipt.ifPresent(believed::add);
            told.add(receipt.map(known -> TAKEN).orElseGet(() -> Outcome.of(NOT_BELIEVED)));
        }
        for (var refusal : handedIn.refusals()) {
            var keys = bundles.keysFor(refusal.delivery(), refusal.partySet(), refusal.place(), client);
            if (keys.size() == 1) {
                notTaken.add(notTaken(client, keys.getFirst(), refusal));
            }
            told.add(keys.size() == 1 ? TAKEN : Outcome.of(keys.isEmpty() ? NO_SUCH_BUNDLE : AMBIGUOUS));
        }
        outcomes.store(believed, notTaken);
        return new Outcomes(told);
    }

    private NotTaken notTaken(MemberName client, BundleKey key, Refusal refusal) {
        var why = new BundleStore.Refusal(
                refusal.type().toString(), client + " refused it: " + refusal.detail(), client.toString());
        boolean isFinal = refusal.isOfFinalType()
                && refusal.judgedDigest().filter(held.digest(key)::equals).isPresent();
        return isFinal ? new RefusedForGood(key, why) : new RefusedForNow(key, why);
    }
}
