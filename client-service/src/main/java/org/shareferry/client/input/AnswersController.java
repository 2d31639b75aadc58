// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.client.input.AnswerStore.Committed;
import org.shareferry.client.input.AnswerStore.Named;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.PartySet;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "answers", description = "Answers to requests, for the relay and the client's own users")
class AnswersController {
    private static final int AT_ONCE = 200;

    private final AnswerStore store;
    private final CommitSignal commits;

    AnswersController(AnswerStore store, CommitSignal commits) {
        this.store = store;
        this.commits = commits;
    }

    /// A request that was answered.
    @Schema(name = "AnsweredRequest")
    record Answered(DeliveryId delivery, List<MemberName> parties) {
        static Answered of(Named named) {
            return new Answered(named.request().id(), named.request().parties().members());
        }
    }

    /// The answers after a number.
    ///
    /// @param complete nothing with this number or a lower one will be added
    /// @param answers in the order in which they were committed
    @Schema(name = "AnsweredRequests")
    record Next(long complete, List<Answered> answers) {}

    @GetMapping(
            path = "/v1/answers",
            produces = {MediaType.APPLICATION_CBOR_VALUE, MediaType.APPLICATION_JSON_VALUE})
    @Operation(
            operationId = "showAnswer",
            summary = "The signed answer to a request",
            description = "204 when there is none within `wait`, at most 30 s. The statement says whether inputs are"
                    + " given or refused; masked inputs come from /v1/answers/values. 404 also when masked inputs were given"
                    + " and deleted since, after shareferry.client.envelope-retention.")
    @ApiResponse(
            responseCode = "200",
            description = "The answer as it was signed",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = SignedInputStatement.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_CBOR_VALUE,
                        schema = @Schema(implementation = SignedInputStatement.class))
            })
    @ApiResponse(responseCode = "204", description = "There is none yet", content = @Content)
    @Problems(ProblemType.NOT_FOUND)
    ResponseEntity<SignedInputStatement> answer(
            @RequestParam DeliveryId delivery,
            @RequestParam PartySet parties,
            @Parameter(description = "up to 30s", example = "20s")
                    @Schema(type = "string")
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = DurationFormat.Style.SIMPLE, defaultUnit = DurationFormat.Unit.SECONDS)
                    Duration wait)
            throws InterruptedException {
        var request = new DeliveryKey(delivery, parties);
        if (!store.isKnown(request)) {
            throw notFound(request);
        }
        var found = commits.poll(wait, () -> store.find(request), Optional::isPresent);
        if (found.isPresent() && !found.get().isWhole()) {
            throw notFound(request);
        }
        return found.map(answer -> ResponseEntity.ok(answer.signed()))
                .orElseGet(() -> ResponseEntity.noContent().build());
    }

    @GetMapping(path = "/v1/answers/values", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(
            operationId = "showMaskedInputs",
            summary = "The masked inputs of an answer",
            description = "m = x + r: one element for each value, as the scheme committed sends them.")
    @ApiResponse(
            responseCode = "200",
            description = "All of them, with their length",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    @Problems(ProblemType.NOT_FOUND)
    void values(@RequestParam DeliveryId delivery, @RequestParam PartySet parties, HttpServletResponse response)
            throws IOException {
        var request = new DeliveryKey(delivery, parties);
        var found = store.find(request)
                .filter(answer -> answer.isWhole() && answer.maskedSize() > 0)
                .orElseThrow(() -> notFound(request));
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setContentLengthLong(found.maskedSize());
        write(found, response);
    }

    private void write(Committed answer, HttpServletResponse response) throws IOException {
        var out = response.getOutputStream();
        long left = answer.maskedSize();
        for (int index = 0; left > 0; index++) {
            var row = store.row(answer.request(), index).toArray();
            out.write(row);
            left -= row.length;
        }
        out.flush();
    }

    @GetMapping(
            path = "/v1/answers/next",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "listAnswers",
            summary = "Which requests were answered",
            description = "Answers with a higher commit number than `after`, in this order. If there is none, the"
                    + " response waits for one, up to `wait` and at most 30 s.")
    Next next(
            @RequestParam(defaultValue = "0") long after,
            @Parameter(description = "up to 30s", example = "20s")
                    @Schema(type = "string")
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = DurationFormat.Style.SIMPLE, defaultUnit = DurationFormat.Unit.SECONDS)
                    Duration wait)
            throws InterruptedException {
        return commits.poll(wait, () -> page(after), page -> !page.answers().isEmpty());
    }

    private Next page(long after) {
        // Read first: later commits have higher numbers.
        long last = store.last();
        // The higher number is from before the database was restored from a backup.
        var found = store.after(after > last ? 0 : after, AT_ONCE);
        long complete = found.isEmpty() ? last : found.getLast().number();
        return new Next(
                found.size() == AT_ONCE ? complete : Math.max(last, complete),
                found.stream().map(Answered::of).toList());
    }

    private static ProblemException notFound(DeliveryKey request) {
        return new ProblemException(Problem.of(
                ProblemType.NOT_FOUND,
                "There is no such request of " + request + ", or it has no masked inputs, or they were already"
                        + " deleted."));
    }
}
