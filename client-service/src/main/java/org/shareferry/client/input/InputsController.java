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
import org.shareferry.client.input.InputStore.Waiting;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.WholeQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
@Tag(name = "inputs", description = "Private inputs, for the client's own users only")
class InputsController {
    private static final String GIVE = """
            The input is kept for a request of the program and is used once, or `times` times. A request uses it only if
            its parties, protocol, count, precision, bits and label match, and if the request was made later than the
            input. The response lists the open requests of these parties with this label that do not use it. Values are
            encoded and checked now: round(value * 2^precision), ties to even, from -2^(bits-1) to 2^(bits-1)-1. They are
            never shown again. Without `program`, the digest that each party's operator configured for its VM, this is
            consent to whatever an honest party agrees to run with this label. Formats: JSON with numbers or strings in
            `values` (numbers above 2^53 must be strings); text/csv with a value, or an index and a value, in each line;
            application/octet-stream with signed integers, two's complement, little-endian, of `size` bytes each (default:
            bits / 8, rounded up), already multiplied by 2^precision. With CSV and raw integers the parameters are in the
            query, with comma-separated lists.""";

    private static final String OF_FILES = "For CSV and raw integers. ";

    private static final Logger LOG = LoggerFactory.getLogger(InputsController.class);

    private final Inputs inputs;
    private final InputStore store;
    private final Requests requests;
    private final JsonMapper json;

    InputsController(Inputs inputs, InputStore store, Requests requests, JsonMapper json) {
        this.inputs = inputs;
        this.requests = requests;
        this.store = store;
        this.json = json;
    }

    /// An input as it waits, without its values.
    @Schema(name = "WaitingInput")
    record Shown(
            String id,

            @Schema(description = "An integer of 64 bits, exact for every reader", pattern = InputDocument.INTEGER)
            String label,

            List<MemberName> parties,
            Set<String> protocols,
            long count,
            int precision,
            int bits,
            int times,
            Set<String> acceptUnverified,
            Optional<String> program,
            Instant created,
            Instant until) {
        static Shown of(Waiting waiting) {
            var parameters = waiting.parameters();
            return new Shown(
                    waiting.id(),
                    Long.toString(parameters.label()),
                    parameters.parties().members(),
                    parameters.protocols(),
                    waiting.count(),
                    parameters.precision(),
                    parameters.bits(),
                    waiting.usesLeft(),
                    parameters.acceptUnverified(),
                    Optional.of(parameters.program())
                            .filter(program -> program.size() > 0)
                            .map(Bytes::toHex),
                    waiting.created(),
                    parameters.until());
        }
    }

    /// @param inputs the oldest first
    @Schema(name = "WaitingInputs")
    record All(List<Shown> inputs) {}

    @PostMapping(path = "/v1/inputs", consumes = MediaType.APPLICATION_JSON_VALUE, produces = "application/json")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "giveInput",
            summary = "Give an input beforehand",
            description = GIVE,
            parameters = {
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "label",
                        description = OF_FILES + InputDocument.LABEL,
                        schema = @Schema(type = "string", pattern = InputDocument.INTEGER)),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "parties",
                        description = OF_FILES + "All parties of the request, as P0,P1",
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "protocols",
                        description = OF_FILES + InputDocument.PROTOCOLS,
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "until",
                        description = OF_FILES + "Until when it may be used",
                        schema = @Schema(type = "string", format = "date-time")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "precision",
                        description = OF_FILES + InputDocument.PRECISION,
                        schema = @Schema(type = "integer", format = "int32", defaultValue = "0")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "bits",
                        description = OF_FILES + InputDocument.BITS,
                        schema = @Schema(type = "integer", format = "int32", minimum = "1", maximum = "256")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "times",
                        description = OF_FILES + "How many requests it may answer",
                        schema = @Schema(type = "integer", format = "int32", defaultValue = "1")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "acceptUnverified",
                        description = OF_FILES + InputDocument.ACCEPT,
                        schema = @Schema(type = "string")),
                @Parameter(
                        in = ParameterIn.QUERY,
                        name = "program",
                        description = OF_FILES + InputDocument.PROGRAM,
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
                                        schema = @Schema(implementation = InputDocument.class)),
                                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(
            responseCode = "201",
            description = "It is stored under this id; `next` says whether older requests need an explicit answer",
            content = @Content(schema = @Schema(implementation = StoredInput.class)))
    @Problems({ProblemType.INPUT_INVALID, ProblemType.INPUT_WAITS, ProblemType.BODY_TOO_LARGE, ProblemType.BODY_DAMAGED
    })
    StoredInput give(@Parameter(hidden = true) InputStream body) {
        try (var parser = json.createParser(body);
                var read = JsonBody.read(parser)) {
            return take(
                    read.parameters().toInput(Set.of()),
                    encoder -> read.values().drain(encoder::add));
        }
    }

    @PostMapping(path = "/v1/inputs", consumes = "text/csv", produces = "application/json")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(hidden = true)
    @WholeQuery
    StoredInput giveCsv(HttpServletRequest request, InputStream body) {
        var parameters = Parameters.ofQuery(request.getParameterMap()).toInput(Set.of());
        return take(parameters, encoder -> InputBodies.readCsv(body, encoder));
    }

    @PostMapping(
            path = "/v1/inputs",
            consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE,
            produces = "application/json")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(hidden = true)
    @WholeQuery
    StoredInput giveRaw(HttpServletRequest request, InputStream body) {
        var query = Parameters.ofQuery(request.getParameterMap());
        var parameters = query.toInput(Set.of("size"));
        int size = query.optional("size", "an integer", Integer::valueOf).orElse(Math.ceilDiv(parameters.bits(), 8));
        return take(parameters, encoder -> InputBodies.readRaw(body, size, encoder));
    }

    private StoredInput take(InputParameters parameters, Consumer<InputEncoder> values) {
        var id = inputs.take(parameters, values);
        try {
            var open = requests.acceptingValues(parameters.label(), parameters.parties());
            return StoredInput.of(id, parameters, store.waiting(parameters.label(), parameters.parties()), open);
        } catch (RuntimeException e) {
            // The input is stored: after an error its user would give it again.
            LOG.warn("The open requests could not be read after an input was stored", e);
            return StoredInput.withoutRequests(id);
        }
    }

    @GetMapping(path = "/v1/inputs", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listInputs", summary = "Waiting inputs", description = "Without their values.")
    All all() {
        return new All(store.all().stream().map(Shown::of).toList());
    }

    @DeleteMapping("/v1/inputs/{id}")
    @Operation(operationId = "deleteInput", summary = "Delete a waiting input")
    @ApiResponse(responseCode = "204", description = "The input is deleted", content = @Content)
    @Problems(ProblemType.NOT_FOUND)
    ResponseEntity<Void> delete(@PathVariable String id) {
        if (!store.delete(id)) {
            throw new ProblemException(
                    Problem.of(ProblemType.NOT_FOUND, "No input with this id is waiting; it may have been used."));
        }
        return ResponseEntity.noContent().build();
    }
}
