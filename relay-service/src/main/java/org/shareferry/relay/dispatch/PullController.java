// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

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
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.assembly.BundleStore;
import org.shareferry.relay.dispatch.BundleOutcomes.NotAccepted;
import org.shareferry.relay.dispatch.BundleOutcomes.RefusedFinally;
import org.shareferry.relay.dispatch.BundleOutcomes.RefusedForNow;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;
import org.shareferry.relay.dispatch.ReceiptVerifier.VerifiedReceipt;
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
    private static final int MAX_BUNDLES = 16;
    private static final int MAX_ITEMS = 256;
    private static final int MAX_DETAIL = 500;

    private static final Outcome ACCEPTED = Outcome.taken(204);
    private static final Problem RECEIPT_INVALID = Problem.of(
            ProblemType.ANNOUNCEMENT_WRONG,
            "The receipt is not signed by the caller, or does not name the envelopes that the relay has.");
    private static final Problem NO_SUCH_BUNDLE =
            Problem.of(ProblemType.NOT_FOUND, "The relay has no such bundle for the caller.");
    private static final Problem AMBIGUOUS = Problem.of(
            ProblemType.DELIVERY_AMBIGUOUS,
            "Deliveries of several sets of parties have this id. Add `parties` to the refusal.");

    private static final Duration LATER = Duration.ofSeconds(2);

    private final BundlePolling polling;
    private final BundleMemory memory;
    private final DispatchStore bundles;
    private final ReceiptVerifier receipts;
    private final BundleOutcomes outcomes;

    PullController(
            BundlePolling polling,
            BundleMemory memory,
            DispatchStore bundles,
            ReceiptVerifier receipts,
            BundleOutcomes outcomes) {
        this.polling = polling;
        this.memory = memory;
        this.bundles = bundles;
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
        var client = caller.requireMember();
        boolean isSequence = accept.filter(types -> types.startsWith(CborSequence.MEDIA_TYPE))
                .isPresent();
        var found = polling.await(client, PageLimit.checked(limit, isSequence ? MAX_ITEMS : MAX_BUNDLES), wait);
        var lease =
                memory.forPull(client, found.stream().mapToLong(Waiting::size).sum());
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
                for (var piece : CborSequence.pieces(List.of(new BatchItem(DispatchStore.content(envelopes))))) {
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
            outcomes.refuseUnreadable(key, e);
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
                    + " then for each refusal, in order. A refused one does not affect the others.")
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
        var verified = new ArrayList<VerifiedReceipt>();
        var notAccepted = new ArrayList<NotAccepted>();
        var answers = new ArrayList<Outcome>();
        for (var signed : handedIn.receipts()) {
            var receipt = receipts.verify(client, signed);
            receipt.ifPresent(verified::add);
            answers.add(receipt.map(known -> ACCEPTED).orElseGet(() -> Outcome.of(RECEIPT_INVALID)));
        }
        for (var refusal : handedIn.refusals()) {
            var keys = bundles.keysFor(refusal.delivery(), refusal.partySet(), refusal.place(), client);
            if (keys.size() == 1) {
                notAccepted.add(notAccepted(client, keys.getFirst(), refusal));
            }
            answers.add(keys.size() == 1 ? ACCEPTED : Outcome.of(keys.isEmpty() ? NO_SUCH_BUNDLE : AMBIGUOUS));
        }
        outcomes.store(verified, notAccepted);
        return new Outcomes(answers);
    }

    private NotAccepted notAccepted(MemberName client, BundleKey key, Refusal refusal) {
        var why = new BundleStore.Refusal(
                refusal.type().toString(), client + " refused it: " + refusal.detail(), client.toString());
        boolean isFinal = refusal.isOfFinalType()
                && refusal.judgedDigest().filter(bundles.digest(key)::equals).isPresent();
        return isFinal ? new RefusedFinally(key, why) : new RefusedForNow(key, why);
    }
}
