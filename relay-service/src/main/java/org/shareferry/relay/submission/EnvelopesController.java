// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.envelope.Envelope;
import org.shareferry.relay.submission.Submission.AlreadyStored;
import org.shareferry.relay.submission.Submission.Refusal;
import org.shareferry.relay.submission.Submission.Refused;
import org.shareferry.relay.submission.Submission.Stored;
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
@Tag(name = "envelopes", description = "Submitting envelopes")
class EnvelopesController {
    private static final Duration KEYS_DELAY = Duration.ofSeconds(2);

    private final Submissions submissions;

    EnvelopesController(Submissions submissions) {
        this.submissions = submissions;
    }

    @PostMapping(
            path = "/v1/envelopes",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Submit an envelope",
            description = "Answers 202 when the envelope is stored durably, also when it was stored before. The same"
                    + " bytes may be sent any number of times; another envelope for the same place is refused. The id"
                    + " and the parties together name a delivery, so envelopes for another set of parties belong to"
                    + " another delivery.")
    @ApiResponse(
            responseCode = "202",
            description = "It is stored, and the relay answers for it from now on",
            headers =
                    @Header(
                            name = "Location",
                            description = "The delivery's address at this relay",
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
        return switch (submissions.submit(caller.requireMember(), envelope)) {
            case Stored(var delivery) -> accepted(delivery);
            case AlreadyStored(var delivery) -> accepted(delivery);
            case Refused(var why) -> problem(envelope, why).toResponse();
        };
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
                        ProblemType.SENDER_NOT_CALLER, "The envelope's sender is " + sender + ", the caller is not.");
            case Refusal.SenderUnknown() ->
                Problem.of(
                        ProblemType.SENDER_UNKNOWN,
                        "The relay's roster does not pin the identity key that the header names for " + sender + ".");
            case Refusal.SignatureWrong() ->
                Problem.of(ProblemType.SIGNATURE_WRONG, "The envelope's signature is not that of " + sender + ".");
            case Refusal.RecipientUnknown(var recipient) ->
                Problem.of(ProblemType.RECIPIENT_UNKNOWN, "The relay's roster has no client " + recipient + ".")
                        .about(Set.of(recipient));
            case Refusal.RecipientKeyUnknown() ->
                Problem.of(
                        ProblemType.RECIPIENT_KEY_UNKNOWN,
                        "The client does not announce the key that the header names as valid when it was sealed.");
            case Refusal.KeysNotHereYet(var recipient) ->
                Problem.of(ProblemType.KEYS_UNAVAILABLE, recipient + " has not announced its keys to the relay yet.")
                        .about(Set.of(recipient))
                        .retryAfter(KEYS_DELAY);
            case Refusal.PartiesUnknown(var parties) ->
                Problem.of(ProblemType.PARTIES_DIFFER, "The header names parties that the relay's roster lacks.")
                        .about(parties);
            case Refusal.CreatedInTheFuture() ->
                Problem.of(ProblemType.CLOCK_SKEW, "By the relay's clock the envelope was created in the future.");
            case Refusal.Expired() ->
                Problem.of(ProblemType.DELIVERY_EXPIRED, "The envelope was created too long ago.");
            case Refusal.Conflict() ->
                Problem.of(
                        ProblemType.ENVELOPE_CONFLICT,
                        "Another envelope of " + sender + " is stored for "
                                + envelope.header().place() + ".");
            case Refusal.FactsDiffer(var other, var fields) ->
                Problem.of(
                                ProblemType.FACTS_DIFFER,
                                "The delivery is complete; the envelope differs from it in " + String.join(", ", fields)
                                        + ".")
                        .about(Set.of(sender, other));
            case Refusal.QuotaUsedUp(var delay) ->
                Problem.of(ProblemType.QUOTA_USED_UP, sender + " has as many bytes here as it may.")
                        .about(Set.of(sender))
                        .retryAfter(delay);
        };
    }
}
