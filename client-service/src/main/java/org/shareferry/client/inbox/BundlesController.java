// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.client.inbox.Reception.Received;
import org.shareferry.client.inbox.Reception.Refusal;
import org.shareferry.client.inbox.Reception.Refused;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "bundles", description = "Bringing bundles")
class BundlesController {
    private final Inbox inbox;

    BundlesController(Inbox inbox) {
        this.inbox = inbox;
    }

    /// A bundle as it travels.
    ///
    /// @param envelopes one of each party
    record BundleBody(List<Envelope> envelopes) {}

    @PostMapping(
            path = "/v1/bundles",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE},
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            summary = "Bring a bundle",
            description =
                    "Answers with the client's signed receipt when the bundle is stored durably, and with the same"
                            + " receipt when it comes again. The receipt says nothing of what is in the envelopes.")
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
            return Problem.of(ProblemType.REQUEST_MALFORMED, "A bundle has envelopes.")
                    .toResponse();
        }
        return switch (inbox.receive(new Bundle(body.envelopes()))) {
            case Received(var receipt) -> ResponseEntity.ok(receipt);
            case Refused(var why) -> problem(why).toResponse();
        };
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
                                "Missing are envelopes of " + new TreeSet<>(missing) + ", surplus those of "
                                        + new TreeSet<>(surplus) + ".")
                        .about(all);
            }
            case Refusal.NotForUs(var recipient) ->
                Problem.of(ProblemType.RECIPIENT_UNKNOWN, "The bundle is for " + recipient + ".");
            case Refusal.PartiesDiffer() ->
                Problem.of(
                        ProblemType.PARTIES_DIFFER,
                        "The parties that the headers name are not those that the client requires.");
            case Refusal.CreatedInTheFuture(var sender) ->
                Problem.of(ProblemType.CLOCK_SKEW, "By the client's clock an envelope was created in the future.")
                        .about(Set.of(sender));
            case Refusal.Expired(var sender) ->
                Problem.of(ProblemType.DELIVERY_EXPIRED, "An envelope was created too long ago.")
                        .about(Set.of(sender));
            case Refusal.SenderUnknown(var sender) ->
                Problem.of(
                                ProblemType.SENDER_UNKNOWN,
                                "The client's roster does not pin the identity key that a header names.")
                        .about(Set.of(sender));
            case Refusal.SignatureWrong(var sender) ->
                Problem.of(ProblemType.SIGNATURE_WRONG, "An envelope's signature is not that of its sender.")
                        .about(Set.of(sender));
            case Refusal.RecipientKeyUnknown(var sender) ->
                Problem.of(ProblemType.RECIPIENT_KEY_UNKNOWN, "An envelope is sealed to a key that the client has not.")
                        .about(Set.of(sender));
            case Refusal.CiphertextWrong(var sender) ->
                Problem.of(ProblemType.CIPHERTEXT_WRONG, "An envelope's ciphertext does not open.")
                        .about(Set.of(sender));
            case Refusal.HandOversMixed(var sender) ->
                Problem.of(
                                ProblemType.HAND_OVERS_MIXED,
                                "An envelope differs from an earlier one of its sender for the delivery in enc, keys or"
                                        + " creation time.")
                        .about(Set.of(sender));
            case Refusal.Conflict() ->
                Problem.of(ProblemType.ENVELOPE_CONFLICT, "Another envelope of a party is stored for this place.");
        };
    }
}
