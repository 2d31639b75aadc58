// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.shareferry.client.change.Changes;
import org.shareferry.client.result.ResultStore.Stored;
import org.shareferry.client.retention.RetentionStore;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.service.member.Standing;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.DeliveryCursor;
import org.shareferry.service.web.SeenDeliveries;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "results", description = "Outputs, for the client's own people only")
class ResultsController {
    private static final int MAX_PAGE = 200;
    private static final String LIST =
            "Ascending by id and parties, without values; `after` takes the `next` of the page before."
                    + " Every change of a delivery has a number, in the order in which changes were stored; `asOf` is the number"
                    + " of the last change that a page surely includes. Asked for text/event-stream, the answer goes on until"
                    + " the caller leaves: an event `result` for each delivery as it is, in the order of the numbers, and then"
                    + " for each that changes. A delivery that changed several times may be told once, as it is last. An event's"
                    + " id is the number of its change; with the header Last-Event-ID, or `since`, the stream goes on after"
                    + " that number, and with `since=now` it begins with the next change. To keep a copy: read all pages, then"
                    + " the stream `since` the `asOf` of the first page.";
    private static final String EXAMPLE = """
            {"id":"4c33fafb3e20a3fb9a7abeddcf53e347-0","label":7,"scheme":"batched","protocol":"spdz2k",
             "parties":["P0","P1"],"domain":"ring 128/64","count":3,"precision":0,"state":"checked",
             "verdict":"VERIFIED","assumption":{"parties":["P0","P1"],"corrupt":1},"reasons":[],
             "received":{"bundles":2,"of":2},"firstSeen":"2026-01-01T12:00:00Z",
             "changed":"2026-01-01T12:00:01Z","change":12,"values":[-7,-6,-3]}""";

    private final ResultStore store;
    private final ResultWriter writer;
    private final ResultEvents events;
    private final Changes changes;
    private final RetentionStore retention;

    ResultsController(
            ResultStore store, ResultWriter writer, ResultEvents events, Changes changes, RetentionStore retention) {
        this.store = store;
        this.writer = writer;
        this.events = events;
        this.changes = changes;
        this.retention = retention;
    }

    /// A page of results.
    ///
    /// @param results ascending by id and parties, without values
    /// @param next the `after` of the next page; absent on the last one
    /// @param asOf the number of the last change that the page surely includes
    record Page(List<Result> results, Optional<String> next, long asOf) {}

    @GetMapping(path = "/v1/results", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listResults", summary = "Results, or a stream of their changes", description = LIST)
    Page list(@RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "50") int limit) {
        // Read first: what changes meanwhile has a higher number.
        long asOf = changes.last();
        int most = Math.clamp(limit, 1, MAX_PAGE);
        var results = store.page(DeliveryCursor.parse(after), most);
        return new Page(
                results, DeliveryCursor.next(results.stream().map(Result::key).toList(), most), asOf);
    }

    @GetMapping(path = "/v1/results", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "listResults", summary = "Results, or a stream of their changes", description = LIST)
    void stream(
            @RequestHeader("Last-Event-ID") Optional<String> lastEventId,
            @RequestParam Optional<String> since,
            Standing standing,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        long begin = events.begin(lastEventId.or(() -> since));
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        events.writeTo(response, standing::holds, begin);
    }

    @GetMapping(path = "/v1/results/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "showResult",
            summary = "One result with its values",
            description = "As JSON with numbers in full precision, as text/csv, or as application/octet-stream: signed"
                    + " integers, two's complement, little-endian. Browsers, Node's JSON.parse and jq read JSON numbers"
                    + " as doubles and round `values`, `label` and `count` beyond 2^53, without an error: for such"
                    + " values take another parser or another form. There are no values before the check, and none of a"
                    + " rejected delivery.")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Result.class),
                            examples = @ExampleObject(EXAMPLE)))
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    void show(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            HttpServletResponse response)
            throws IOException {
        var stored = find(id, parties);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        writer.writeJson(stored, response.getOutputStream());
    }

    @GetMapping(path = "/v1/results/{id}", produces = "text/csv")
    @Operation(operationId = "showResult", summary = "One result with its values")
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    void csv(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            HttpServletResponse response)
            throws IOException {
        var stored = findWithValues(id, parties);
        response.setContentType("text/csv;charset=UTF-8");
        writer.writeCsv(stored, response.getOutputStream());
    }

    @GetMapping(path = "/v1/results/{id}", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(operationId = "showResult", summary = "One result with its values")
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    void raw(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            HttpServletResponse response)
            throws IOException {
        var stored = findWithValues(id, parties);
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        writer.writeRaw(stored, response.getOutputStream());
    }

    @DeleteMapping("/v1/results/{id}")
    @Operation(
            operationId = "deleteResult",
            summary = "Delete the values and envelopes of a delivery",
            description = "For a delivery that is checked or has expired. At once nothing of it is shown but that it is"
                    + " deleted, and within a minute its values and envelopes are gone. Its id stays until all its"
                    + " envelopes would be refused for their age. A backup made before still has everything.")
    @ApiResponse(responseCode = "204", description = "It is deleted, or was before", content = @Content)
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    ResponseEntity<Void> delete(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties) {
        var key = store.seen(id, parties).only();
        if (!retention.delete(key) && !store.get(key).result().state().equals("deleted")) {
            throw new ProblemException(Problem.of(
                    ProblemType.RESULT_NOT_AVAILABLE,
                    "Delivery " + id + " has not ended; it can be deleted when it is checked or has expired."));
        }
        return ResponseEntity.noContent().build();
    }

    private Stored find(DeliveryId id, Optional<PartySet> parties) {
        return store.get(store.seen(id, parties).only());
    }

    private Stored findWithValues(DeliveryId id, Optional<PartySet> parties) {
        var stored = find(id, parties);
        if (!stored.result().hasValues()) {
            throw new ProblemException(Problem.of(
                    ProblemType.RESULT_NOT_AVAILABLE,
                    "Delivery " + id + " is " + stored.result().state()
                            + stored.result()
                                    .verdict()
                                    .map(verdict -> " and " + verdict)
                                    .orElse("") + "."));
        }
        return stored;
    }
}
