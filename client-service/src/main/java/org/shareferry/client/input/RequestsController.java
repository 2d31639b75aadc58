// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.shareferry.client.PartySets;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.SeenDeliveries;
import org.shareferry.service.web.WholeQuery;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "requests", description = "Requests for inputs, for the client's own users only")
class RequestsController {
    private static final int MOST = 1_000;
    private static final String ANSWER = """
            Send `values` as in /v1/inputs, with the request's precision and bits, or {"refuse": true}. A request that
            is not verified gets values only if `acceptUnverified` includes its protocol. CSV and raw integers are
            possible as in /v1/inputs, with `acceptUnverified` and `size` in the query. The answer is committed when
            the response arrives, and can never be changed.""";

    private final Requests requests;
    private final RequestStore store;
    private final PartySets sets;
    private final JsonMapper json;

    RequestsController(Requests requests, RequestStore store, PartySets sets, JsonMapper json) {
        this.requests = requests;
        this.sets = sets;
        this.store = store;
        this.json = json;
    }

    /// @param requests the oldest first
    @Schema(name = "OpenRequests")
    record All(List<ShownRequest> requests) {}

    @GetMapping(path = "/v1/requests", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listRequests",
            summary = "Requests without an answer, and the reasons",
            description = "Up to 1000. `reason` is for programs, `detail` for people. Random values are never shown.")
    All all() {
        return new All(store.open(Instant.EPOCH, Optional.empty(), MOST).stream()
                .map(requests::shown)
                .toList());
    }

    @PostMapping(path = "/v1/requests/{id}/answer", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "answerRequest",
            summary = "Give values late, or refuse",
            description = ANSWER,
            parameters = {
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "acceptUnverified",
                        description = "For CSV and raw integers. " + InputDocument.ACCEPT,
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "size",
                        description = InputDocument.SIZE,
                        schema = @Schema(type = "integer", format = "int32"))
            },
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = InputDocument.Answer.class)),
                                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(responseCode = "204", description = "The answer is committed", content = @Content)
    @Problems({
        ProblemType.NOT_FOUND,
        ProblemType.DELIVERY_AMBIGUOUS,
        ProblemType.INPUT_INVALID,
        ProblemType.REQUEST_NOT_ANSWERED
    })
    ResponseEntity<Void> answer(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            @Parameter(hidden = true) InputStream body) {
        var request = find(id, parties);
        try (var parser = json.createParser(body);
                var read = JsonBody.read(parser)) {
            var said = read.parameters();
            said.requireOnly(Set.of("refuse", "acceptUnverified"));
            if (said.optional("refuse", "true", Boolean::parseBoolean).orElse(false)) {
                return done(requests.refuse(request.key()));
            }
            return give(request, said, encoder -> read.values().drain(encoder::add));
        }
    }

    @PostMapping(path = "/v1/requests/{id}/answer", consumes = "text/csv")
    @WholeQuery
    @Operation(hidden = true)
    ResponseEntity<Void> answerCsv(
            @PathVariable DeliveryId id,
            HttpServletRequest call,
            @RequestParam Optional<PartySet> parties,
            InputStream body) {
        var said = Parameters.ofQuery(call.getParameterMap());
        said.requireOnly(Set.of("parties", "acceptUnverified"));
        return give(find(id, parties), said, encoder -> InputBodies.readCsv(body, encoder));
    }

    @PostMapping(path = "/v1/requests/{id}/answer", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @WholeQuery
    @Operation(hidden = true)
    ResponseEntity<Void> answerRaw(
            @PathVariable DeliveryId id,
            HttpServletRequest call,
            @RequestParam Optional<PartySet> parties,
            InputStream body) {
        var said = Parameters.ofQuery(call.getParameterMap());
        said.requireOnly(Set.of("parties", "acceptUnverified", "size"));
        var request = find(id, parties);
        int size = said.optional("size", "an integer", Integer::valueOf)
                .orElse(Math.ceilDiv(request.facts().bits(), 8));
        return give(request, said, encoder -> InputBodies.readRaw(body, size, encoder));
    }

    private OpenRequest find(DeliveryId id, Optional<PartySet> parties) {
        var seen = store.seen(id, parties);
        if (seen.keys().isEmpty() && store.isAnswered(id, parties)) {
            throw notAnswered(Requests.ANSWERED);
        }
        var key = seen.only();
        // A corrupt party knows the id and could use it with another set of parties first.
        if (parties.isEmpty() && !sets.isOnly(key.parties())) {
            throw new ProblemException(Problem.of(
                    ProblemType.DELIVERY_AMBIGUOUS,
                    "This client has several sets of parties. Choose one with the parameter `parties`."));
        }
        return store.find(key).orElseThrow(() -> notAnswered(Requests.ANSWERED));
    }

    private ResponseEntity<Void> give(OpenRequest request, Parameters said, Consumer<InputEncoder> values) {
        try (var rows = new AnswerValues.InMemory()) {
            var encoder = new InputEncoder(
                    request.facts().precision(), request.facts().bits(), rows::add);
            values.accept(encoder);
            long count = encoder.finish();
            if (count != request.facts().shape().count()) {
                throw InputEncoder.invalid(
                        "The request asks for " + request.facts().shape().count() + " values, not " + count + ".");
            }
            return done(requests.give(request, said.list("acceptUnverified"), rows));
        }
    }

    private static ResponseEntity<Void> done(Optional<String> hindrance) {
        hindrance.ifPresent(why -> {
            throw notAnswered(why);
        });
        return ResponseEntity.noContent().build();
    }

    private static ProblemException notAnswered(String why) {
        return new ProblemException(Problem.of(ProblemType.REQUEST_NOT_ANSWERED, why));
    }
}
