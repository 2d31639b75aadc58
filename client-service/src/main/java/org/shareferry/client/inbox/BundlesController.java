// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.client.inbox.BundleBatches.Item.Judged;
import org.shareferry.client.inbox.BundleBatches.Item.NoBundle;
import org.shareferry.client.inbox.BundleOutcome.Received;
import org.shareferry.client.inbox.BundleOutcome.ReceivedBefore;
import org.shareferry.client.inbox.BundleOutcome.Refusal;
import org.shareferry.client.inbox.BundleOutcome.Refused;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.batch.Outcome;
import org.shareferry.service.batch.Outcomes;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "bundles", description = "Delivery of bundles")
class BundlesController {
    private static final String BRING =
            "The response has the client's signed receipt once the bundle is stored durably, and again if the"
                    + " bundle is repeated. A receipt says nothing about the content of the envelopes. Send several"
                    + " bundles as a CBOR sequence (application/cbor-seq) of byte strings, one for each bundle. The"
                    + " response then has an outcome for each in order, and one receipt for all bundles of a delivery.";

    private final Inbox inbox;
    private final BundleBatches batches;

    BundlesController(Inbox inbox, BundleBatches batches) {
        this.inbox = inbox;
        this.batches = batches;
    }

    /// A bundle as it travels.
    ///
    /// @param envelopes one of each party
    @Schema(name = "Bundle")
    record BundleBody(List<Envelope> envelopes) {}

    @PostMapping(
            path = "/v1/bundles",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "bringBundles",
            summary = "Bring a bundle, or several",
            description = BRING,
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = BundleBody.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_CBOR_VALUE,
                                        schema = @Schema(implementation = BundleBody.class)),
                                @Content(
                                        mediaType = CborSequence.MEDIA_TYPE,
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "The receipt for one bundle, or an outcome for each of several",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(oneOf = {SignedReceipt.class, Outcomes.class})),
                @Content(
                        mediaType = MediaType.APPLICATION_CBOR_VALUE,
                        schema = @Schema(oneOf = {SignedReceipt.class, Outcomes.class}))
            })
    @Problems({
        ProblemType.FACTS_DIFFER,
        ProblemType.BUNDLE_INCOMPLETE,
        ProblemType.RECIPIENT_UNKNOWN,
        ProblemType.PARTIES_DIFFER,
        ProblemType.CLOCK_SKEW,
        ProblemType.DELIVERY_EXPIRED,
        ProblemType.SENDER_UNKNOWN,
        ProblemType.SIGNATURE_WRONG,
        ProblemType.RECIPIENT_KEY_UNKNOWN,
        ProblemType.CIPHERTEXT_WRONG,
        ProblemType.ENVELOPE_CONFLICT,
        ProblemType.HAND_OVERS_MIXED,
        ProblemType.ENVELOPE_MALFORMED,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW
    })
    ResponseEntity<?> bring(@RequestBody BundleBody body) {
        if (body.envelopes() == null
                || body.envelopes().isEmpty()
                || body.envelopes().contains(null)) {
            return Problem.of(ProblemType.REQUEST_MALFORMED, "A bundle must have envelopes.")
                    .toResponse();
        }
        return switch (inbox.receive(List.of(new Bundle(body.envelopes()))).getFirst()) {
            case Received(var receipt) -> ResponseEntity.ok(receipt);
            case ReceivedBefore(var receipt) -> ResponseEntity.ok(receipt);
            case Refused(var why) -> problem(why).toResponse();
        };
    }

    @PostMapping(
            path = "/v1/bundles",
            consumes = CborSequence.MEDIA_TYPE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(hidden = true)
    Outcomes bringMany(InputStream body) {
        var outcomes = new ArrayList<Outcome>();
        var receipts = new LinkedHashSet<SignedReceipt>();
        for (var item : batches.receive(body)) {
            switch (item) {
                case NoBundle(var why) -> outcomes.add(why);
                case Judged(var bundle, Refused(var why)) -> outcomes.add(Outcome.of(problem(why), bundle.encode()));
                case Judged(var bundle, Received(var receipt)) -> taken(receipt, outcomes, receipts);
                case Judged(var bundle, ReceivedBefore(var receipt)) -> taken(receipt, outcomes, receipts);
            }
        }
        return new Outcomes(outcomes, List.copyOf(receipts));
    }

    private static void taken(SignedReceipt receipt, List<Outcome> outcomes, Set<SignedReceipt> receipts) {
        outcomes.add(Outcome.taken(HttpStatus.OK.value()));
        receipts.add(receipt);
    }

    static Problem problem(Refusal why) {
        return switch (why) {
            case Refusal.FactsDiffer(var members, var fields) ->
                Problem.of(
                                ProblemType.FACTS_DIFFER,
                                "The headers differ in " + String.join(", ", new TreeSet<>(fields)) + ".")
                        .about(members);
            case Refusal.Incomplete(var missing, var surplus) -> {
                var all = new TreeSet<>(missing);
                all.addAll(surplus);
                yield Problem.of(
                                ProblemType.BUNDLE_INCOMPLETE,
                                "Envelopes are missing from " + new TreeSet<>(missing) + ", and surplus from "
                                        + new TreeSet<>(surplus) + ".")
                        .about(all);
            }
            case Refusal.NotForUs(var recipient) ->
                Problem.of(ProblemType.RECIPIENT_UNKNOWN, "The bundle is for another client, " + recipient + ".");
            case Refusal.PartiesDiffer() ->
                Problem.of(
                        ProblemType.PARTIES_DIFFER,
                        "The parties in the headers are not a set of parties of this client.");
            case Refusal.CreatedInTheFuture(var sender) ->
                Problem.of(
                                ProblemType.CLOCK_SKEW,
                                "An envelope's creation time is in the future by the client's clock.")
                        .about(Set.of(sender));
            case Refusal.Expired(var sender) ->
                Problem.of(ProblemType.DELIVERY_EXPIRED, "An envelope was created too long ago.")
                        .about(Set.of(sender));
            case Refusal.SenderUnknown(var sender) ->
                Problem.of(
                                ProblemType.SENDER_UNKNOWN,
                                "The identity key in a header is not the one that the client's roster pins.")
                        .about(Set.of(sender));
            case Refusal.SignatureWrong(var sender) ->
                Problem.of(ProblemType.SIGNATURE_WRONG, "An envelope's signature does not verify.")
                        .about(Set.of(sender));
            case Refusal.RecipientKeyUnknown(var sender) ->
                Problem.of(
                                ProblemType.RECIPIENT_KEY_UNKNOWN,
                                "An envelope is sealed to a key that the client does not have.")
                        .about(Set.of(sender));
            case Refusal.CiphertextWrong(var sender) ->
                Problem.of(ProblemType.CIPHERTEXT_WRONG, "An envelope's ciphertext cannot be decrypted.")
                        .about(Set.of(sender));
            case Refusal.HandOversMixed(var sender) ->
                Problem.of(
                                ProblemType.HAND_OVERS_MIXED,
                                "An envelope differs from an earlier one of the same sender and delivery in enc,"
                                        + " keys or creation time.")
                        .about(Set.of(sender));
            case Refusal.Conflict() ->
                Problem.of(ProblemType.ENVELOPE_CONFLICT, "A different envelope of a party is stored at this place.");
        };
    }
}
