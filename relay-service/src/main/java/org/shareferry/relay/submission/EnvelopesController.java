// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.relay.submission.Submission.AlreadyStored;
import org.shareferry.relay.submission.Submission.Refusal;
import org.shareferry.relay.submission.Submission.Refused;
import org.shareferry.relay.submission.Submission.Stored;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.batch.CborSequence.Item;
import org.shareferry.service.batch.CborSequence.Unreadable;
import org.shareferry.service.batch.CborSequence.Whole;
import org.shareferry.service.batch.Outcome;
import org.shareferry.service.batch.Outcomes;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "envelopes", description = "Submission of envelopes")
class EnvelopesController {
    private static final Duration KEYS_DELAY = Duration.ofSeconds(2);
    private static final int MAX_IDS = 1_000;
    private static final Outcome TAKEN = Outcome.taken(202);

    /// The maximum number of envelopes in one transaction.
    private static final int AT_ONCE = 128;

    private static final long BYTES_AT_ONCE = 4 << 20;

    private final Submissions submissions;

    EnvelopesController(Submissions submissions) {
        this.submissions = submissions;
    }

    @PostMapping(
            path = "/v1/envelopes",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "submitEnvelopes",
            summary = "Submit an envelope",
            description = "Answers 202 when the envelope is stored durably, also when it was stored before. The same"
                    + " bytes may be sent any number of times; another envelope for the same place is refused. The id"
                    + " and the parties together name a delivery, so envelopes for another set of parties belong to"
                    + " another delivery. Many are submitted at once as `application/cbor-seq` (RFC 8742), where each item"
                    + " is a byte string that holds one envelope in CBOR. The answer to these is 200 with `outcomes`,"
                    + " one for each item in order: `status` and `problem` as the item alone would have been answered."
                    + " A refused envelope does not affect the others.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = Envelope.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_CBOR_VALUE,
                                        schema = @Schema(implementation = Envelope.class)),
                                @Content(
                                        mediaType = CborSequence.MEDIA_TYPE,
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "For a sequence: an outcome for each envelope",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = Outcomes.class),
                        examples = @ExampleObject("{\"outcomes\": [{\"status\": 202}]}")),
                @Content(
                        mediaType = MediaType.APPLICATION_CBOR_VALUE,
                        schema = @Schema(implementation = Outcomes.class))
            })
    @ApiResponse(
            responseCode = "202",
            description = "The envelope is stored durably",
            headers =
                    @Header(
                            name = "Location",
                            description = "The delivery's URI at this relay",
                            schema = @Schema(type = "string")),
            content = @Content)
    @Problems({
        ProblemType.SENDER_NOT_CALLER,
        ProblemType.SENDER_UNKNOWN,
        ProblemType.SIGNATURE_WRONG,
        ProblemType.RECIPIENT_UNKNOWN,
        ProblemType.RECIPIENT_KEY_UNKNOWN,
        ProblemType.KEYS_UNAVAILABLE,
        ProblemType.PARTIES_DIFFER,
        ProblemType.CLOCK_SKEW,
        ProblemType.DELIVERY_EXPIRED,
        ProblemType.ENVELOPE_CONFLICT,
        ProblemType.FACTS_DIFFER,
        ProblemType.ENVELOPE_MALFORMED,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.BODY_TOO_SLOW,
        ProblemType.QUOTA_USED_UP
    })
    ResponseEntity<?> submit(Caller caller, @RequestBody Envelope envelope) {
        return switch (submissions
                .submit(caller.requireMember(), List.of(envelope))
                .getFirst()) {
            case Stored(var delivery) -> accepted(delivery);
            case AlreadyStored(var delivery) -> accepted(delivery);
            case Refused(var why) -> problem(envelope, why).toResponse();
        };
    }

    @PostMapping(
            path = "/v1/envelopes",
            consumes = CborSequence.MEDIA_TYPE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(hidden = true)
    Outcomes submitAll(Caller caller, InputStream body) {
        var sender = caller.requireMember();
        var sequence = new CborSequence(body, Bundle.MAX_SIZE);
        var outcomes = new ArrayList<Outcome>();
        for (var items = sequence.next(AT_ONCE, BYTES_AT_ONCE);
                !items.isEmpty();
                items = sequence.next(AT_ONCE, BYTES_AT_ONCE)) {
            outcomes.addAll(submit(sender, items));
        }
        return new Outcomes(outcomes);
    }

    /// Stores the acceptable envelopes in one transaction.
    private List<Outcome> submit(MemberName sender, List<Item> items) {
        var decoded = new ArrayList<Envelope>();
        var outcomes = new ArrayList<Outcome>();
        for (var item : items) {
            try {
                switch (item) {
                    case Unreadable(Problem problem) -> outcomes.add(Outcome.of(problem));
                    case Whole(Bytes content) -> {
                        decoded.add(Envelope.decode(content));
                        outcomes.add(TAKEN);
                    }
                }
            } catch (MalformedException e) {
                outcomes.add(refused(item, Problem.of(ProblemType.ENVELOPE_MALFORMED, e.reason())));
            }
        }
        var envelopes = decoded.iterator();
        var submitted = submissions.submit(sender, decoded).iterator();
        for (int i = 0; i < items.size(); i++) {
            if (outcomes.get(i) == TAKEN) {
                var envelope = envelopes.next();
                if (submitted.next() instanceof Refused(var why)) {
                    outcomes.set(i, refused(items.get(i), problem(envelope, why)));
                }
            }
        }
        return outcomes;
    }

    private static Outcome refused(Item item, Problem problem) {
        return item instanceof Whole(Bytes content) ? Outcome.of(problem, content) : Outcome.of(problem);
    }

    /// Ids of envelopes.
    @Schema(name = "EnvelopeIds")
    record Ids(List<EnvelopeId> envelopes) {
        Ids {
            envelopes = List.copyOf(envelopes);
        }
    }

    /// The requested ids that the relay does not have.
    @Schema(name = "LackingEnvelopes")
    record Lacking(List<EnvelopeId> lacking) {}

    @PostMapping(
            path = "/v1/envelopes/lacking",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "listLackingEnvelopes",
            summary = "Which envelopes the relay lacks",
            description =
                    "For a party whose relay was restored from a backup. The request has up to 1000 ids of its own"
                            + " envelopes. The response has those that the relay lacks. Submit these envelopes again.")
    @Problems({ProblemType.BODY_TOO_LARGE, ProblemType.TOO_MUCH_AT_ONCE, ProblemType.BODY_TOO_SLOW})
    Lacking lacking(Caller caller, @RequestBody Ids ids) {
        if (ids.envelopes().size() > MAX_IDS) {
            throw new ProblemException(
                    Problem.of(ProblemType.REQUEST_MALFORMED, "At most " + MAX_IDS + " ids are allowed."));
        }
        return new Lacking(submissions.lacking(caller.requireMember(), ids.envelopes()));
    }

    private static ResponseEntity<?> accepted(DeliveryKey delivery) {
        return ResponseEntity.accepted()
                .location(URI.create("/v1/deliveries/" + delivery.id() + "?parties=" + delivery.parties()))
                .build();
    }

    private static Problem problem(Envelope envelope, Refusal why) {
        var sender = envelope.header().sender();
        return switch (why) {
            case Refusal.SenderIsNotCaller() ->
                Problem.of(
                        ProblemType.SENDER_NOT_CALLER,
                        "The envelope's sender is " + sender + ", but the caller is another member.");
            case Refusal.SenderUnknown() ->
                Problem.of(
                        ProblemType.SENDER_UNKNOWN,
                        "The identity key in the header is not the one that the relay's roster pins for " + sender
                                + ".");
            case Refusal.SignatureWrong() ->
                Problem.of(
                        ProblemType.SIGNATURE_WRONG,
                        "The envelope's signature does not verify with the key of " + sender + ".");
            case Refusal.RecipientUnknown(var recipient) ->
                Problem.of(ProblemType.RECIPIENT_UNKNOWN, "The relay's roster has no client " + recipient + ".")
                        .about(Set.of(recipient));
            case Refusal.RecipientKeyUnknown() ->
                Problem.of(
                        ProblemType.RECIPIENT_KEY_UNKNOWN,
                        "The key in the header was not a valid announced key of the client"
                                + " when the envelope was sealed.");
            case Refusal.KeysNotHereYet(var recipient) ->
                Problem.of(ProblemType.KEYS_UNAVAILABLE, recipient + " has not announced its keys to the relay yet.")
                        .about(Set.of(recipient))
                        .retryAfter(KEYS_DELAY);
            case Refusal.PartiesUnknown(var parties) ->
                Problem.of(ProblemType.PARTIES_DIFFER, "The header names parties that are not in the relay's roster.")
                        .about(parties);
            case Refusal.CreatedInTheFuture() ->
                Problem.of(
                        ProblemType.CLOCK_SKEW, "The envelope's creation time is in the future by the relay's clock.");
            case Refusal.Expired() ->
                Problem.of(ProblemType.DELIVERY_EXPIRED, "The envelope was created too long ago.");
            case Refusal.Conflict() ->
                Problem.of(
                        ProblemType.ENVELOPE_CONFLICT,
                        "A different envelope of " + sender + " is stored for "
                                + envelope.header().place() + ".");
            case Refusal.FactsDiffer(var other, var fields) ->
                Problem.of(
                                ProblemType.FACTS_DIFFER,
                                "The delivery is complete; the envelope differs from it in " + String.join(", ", fields)
                                        + ".")
                        .about(Set.of(sender, other));
            case Refusal.QuotaUsedUp(var delay) ->
                Problem.of(ProblemType.QUOTA_USED_UP, sender + " has used up its quota at this relay.")
                        .about(Set.of(sender))
                        .retryAfter(delay);
        };
    }
}
