// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import static org.springframework.format.annotation.DurationFormat.Style.SIMPLE;
import static org.springframework.format.annotation.DurationFormat.Unit.SECONDS;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.relay.answer.AnswerOutcome.Begun;
import org.shareferry.relay.answer.StoredAnswers.Masked;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.batch.CborSequence.Item;
import org.shareferry.service.batch.CborSequence.Unreadable;
import org.shareferry.service.batch.CborSequence.Whole;
import org.shareferry.service.member.Caller;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.BytesInFlight.Lease;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "answers", description = "Answers of clients to requests for inputs")
class AnswersController {
    private static final Duration LATER = Duration.ofSeconds(2);
    private static final String DELIVERY = "the request's delivery id";
    private static final String PARTIES = "the parties that asked, separated by commas";

    private final AnswerAcceptance answers;
    private final StoredAnswers store;
    private final AnswerMemory room;
    private final AnswerBodies bodies;

    AnswersController(AnswerAcceptance answers, StoredAnswers store, AnswerMemory room, AnswerBodies bodies) {
        this.answers = answers;
        this.store = store;
        this.room = room;
        this.bodies = bodies;
    }

    @GetMapping(
            path = "/v1/answers",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "showAnswer",
            summary = "The answer to a request for inputs",
            description =
                    "The signed statement, as soon as the relay has it with all its masked values. With `wait` the"
                            + " response is delayed until there is an answer, or is 204 after that time. Verify the"
                            + " signature with your own roster, and compare the statement with your request.")
    @ApiResponse(
            responseCode = "200",
            description = "The first answer; it is never replaced",
            content = @Content(schema = @Schema(implementation = SignedInputStatement.class)))
    @ApiResponse(responseCode = "204", description = "There is none yet", content = @Content)
    @Problems({ProblemType.NOT_FOUND})
    ResponseEntity<?> answer(
            Caller caller,
            @Parameter(description = DELIVERY) @RequestParam DeliveryId delivery,
            @Parameter(description = PARTIES, example = "P0,P1") @RequestParam PartySet parties,
            @Parameter(description = "how long to wait for the answer, up to 30s", example = "20s")
                    @Schema(type = "string")
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = SIMPLE, defaultUnit = SECONDS)
                    Duration wait)
            throws InterruptedException {
        var key = known(caller, new DeliveryKey(delivery, parties));
        return answers.await(key, wait)
                .<ResponseEntity<?>>map(ResponseEntity::ok)
                .orElseGet(() -> ResponseEntity.noContent().build());
    }

    private DeliveryKey known(Caller caller, DeliveryKey key) {
        if (!answers.isKnown(caller.requireMember(), key)) {
            throw notFound("The relay has no request " + key + " of the caller.");
        }
        return key;
    }

    private static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(ProblemType.NOT_FOUND, detail));
    }

    @GetMapping(path = "/v1/answers/values", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(
            operationId = "showMaskedInputs",
            summary = "The masked values of an answer",
            description = "m = x + r: all elements in order, in the encoding of the request's domain. The statement"
                    + " contains their SHA-256. A refusal has no masked values.")
    @ApiResponse(
            responseCode = "200",
            description = "All masked values, with Content-Length",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    @Problems({ProblemType.NOT_FOUND, ProblemType.TOO_MUCH_AT_ONCE})
    void values(
            Caller caller,
            @Parameter(description = DELIVERY) @RequestParam DeliveryId delivery,
            @Parameter(description = PARTIES, example = "P0,P1") @RequestParam PartySet parties,
            @Parameter(hidden = true) HttpServletResponse response)
            throws InterruptedException, IOException {
        var key = known(caller, new DeliveryKey(delivery, parties));
        var masked = store.masked(key).orElseThrow(() -> notFound("There are no masked values for " + key + "."));
        try (var lease = lease(caller)) {
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            response.setContentLengthLong(masked.size());
            long left = masked.size();
            for (int index = 0; left > 0; index++) {
                var part = store.part(masked, index)
                        .orElseThrow(() -> new IOException("The answer was deleted during the download."));
                part.stream().transferTo(response.getOutputStream());
                left -= part.size();
            }
        }
    }

    private Lease lease(Caller caller) throws InterruptedException {
        return room.take(caller.requireMember())
                .orElseThrow(() -> new ProblemException(
                        Problem.of(ProblemType.TOO_MUCH_AT_ONCE, "Too many transfers of masked values are in progress.")
                                .retryAfter(LATER)));
    }

    @PostMapping(path = "/v1/answers", consumes = CborSequence.MEDIA_TYPE)
    @Operation(
            operationId = "giveAnswer",
            summary = "Answer a request for inputs",
            description =
                    "For clients to which the relay cannot connect. The body is a CBOR sequence (RFC 8742) of byte"
                            + " strings: first the signed statement (`statement` and `signature`, in CBOR), then"
                            + " the masked values in order, in byte strings of up to 1 MiB. The first answer is"
                            + " never replaced. The same bytes may be sent again; a different answer is refused and"
                            + " kept as evidence.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = CborSequence.MEDIA_TYPE,
                                            schema = @Schema(type = "string", format = "binary"))))
    @ApiResponse(
            responseCode = "202",
            description = "The answer is stored durably with all its masked values",
            content = @Content)
    @Problems({
        ProblemType.NOT_FOUND,
        ProblemType.ANSWER_DIFFERS,
        ProblemType.ANSWER_INVALID,
        ProblemType.BODY_DAMAGED,
        ProblemType.BODY_TOO_SLOW,
        ProblemType.TOO_MUCH_AT_ONCE,
        ProblemType.QUOTA_USED_UP
    })
    ResponseEntity<?> take(
            Caller caller,
            @Parameter(description = DELIVERY) @RequestParam DeliveryId delivery,
            @Parameter(description = PARTIES, example = "P0,P1") @RequestParam PartySet parties,
            @Parameter(hidden = true) HttpServletRequest request)
            throws InterruptedException, IOException {
        try (var lease = lease(caller)) {
            var sequence = new CborSequence(request.getInputStream(), AnswerUpload.PART, Integer.MAX_VALUE);
            var signed = signed(sequence);
            var key = new DeliveryKey(delivery, parties);
            var taking = answers.take(caller.requireMember(), key, signed);
            if (taking instanceof Begun(var intake)) {
                return answer(caller, take(intake, sequence));
            }
            drain(sequence, store.masked(key).map(Masked::size).orElse(0L));
            return answer(caller, taking);
        }
    }

    /// Reads the rest of the body: a client reads the response only after sending everything.
    private static void drain(CborSequence sequence, long most) {
        for (long left = most; left > 0; ) {
            var item = sequence.next(1, 1);
            left -= item.isEmpty() ? left : content(item.getFirst()).size();
        }
    }

    private SignedInputStatement signed(CborSequence sequence) {
        return sequence.next(1, 1).stream()
                .findFirst()
                .flatMap(item -> bodies.read(content(item), SignedInputStatement.class))
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemType.REQUEST_MALFORMED,
                        "The first byte string is not a signed statement: a CBOR map of `statement` and"
                                + " `signature`.")));
    }

    private static Bytes content(Item item) {
        return switch (item) {
            case Whole(Bytes content) -> content;
            case Unreadable(Problem problem) -> throw new ProblemException(problem);
        };
    }

    private static AnswerOutcome take(AnswerUpload begun, CborSequence sequence) {
        try (var intake = begun) {
            for (var items = sequence.next(1, 1); !items.isEmpty(); items = sequence.next(1, 1)) {
                var refused = intake.add(content(items.getFirst()));
                if (refused.isPresent()) {
                    return refused.get();
                }
            }
            return intake.complete();
        }
    }

    private static ResponseEntity<?> answer(Caller caller, AnswerOutcome taking) {
        return switch (taking) {
            case Begun begun -> throw new IllegalStateException("An answer was begun but not finished.");
            case AnswerOutcome.Stored stored -> ResponseEntity.accepted().build();
            case AnswerOutcome.StoredBefore before -> ResponseEntity.accepted().build();
            case AnswerOutcome.Differs differs ->
                Problem.of(
                                ProblemType.ANSWER_DIFFERS,
                                caller + " has already given a different answer to this request.")
                        .about(Set.of(caller.requireMember()))
                        .toResponse();
            case AnswerOutcome.Invalid(var why) ->
                Problem.of(ProblemType.ANSWER_INVALID, why).toResponse();
            case AnswerOutcome.Unknown unknown ->
                Problem.of(ProblemType.NOT_FOUND, "The relay has no such request for the caller.")
                        .toResponse();
            case AnswerOutcome.QuotaUsedUp full ->
                Problem.of(ProblemType.QUOTA_USED_UP, caller + " has used up its quota at this relay.")
                        .about(Set.of(caller.requireMember()))
                        .retryAfter(LATER)
                        .toResponse();
        };
    }
}
