// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.shareferry.check.Verdict;
import org.shareferry.client.change.Changes;
import org.shareferry.client.change.DeliveryState;
import org.shareferry.client.result.ResultStore.Stored;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Scheme;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.member.Standing;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.PageLimit;
import org.shareferry.service.web.SeenDeliveries;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

@RestController
@Tag(name = "results", description = "Outputs, for the client's own users only")
class ResultsController {
    private static final int MAX_PAGE = 200;
    private static final String LIST =
            "Results without values, ordered by the arrival of their first bundles, the newest first unless `order`"
                    + " says otherwise. `after` takes the `next` of the previous page. Every change of a delivery"
                    + " has a number, in commit order; a page includes all changes up to `asOf`. With"
                    + " text/event-stream the response continues until the caller disconnects: an event `result`"
                    + " for each delivery in its current state, in the order of the numbers, and then for each"
                    + " change. Several changes of a delivery may be merged into one event with the last state. The"
                    + " id of an event is the number of its change. With the header Last-Event-ID, or `since`, the"
                    + " stream continues after that number; with `since=now` it begins with the next change. To"
                    + " keep a copy, read all pages, and then the stream `since` the `asOf` of the first page.";
    private static final String OF_PARTIES =
            "Only results of exactly these parties; each set of parties of a client can use any label";
    private static final String NUMBERS = "`string`: labels and values as strings, exact for every reader; as the media"
            + " type application/json;numbers=string. `number`: as JSON numbers in full precision, which browsers, Node"
            + " and jq round beyond 2^53";
    private static final String FORMAT = "json, csv, npy or raw: instead of the header Accept, for links in browsers";
    private static final String VERDICT = "Shareferry-Verdict";
    private static final String LABEL = "Shareferry-Label";
    private static final String COUNT = "Shareferry-Count";
    private static final String PRECISION = "Shareferry-Precision";
    private static final String WIDTH = "Shareferry-Width";
    private static final String STREAM = "Server-sent events (WHATWG HTML §9.2). The first has only an id. Each event"
            + " `result` has in `data` one result as JSON, without values, with labels as `numbers` says. Every 15 s without"
            + " a change there is a comment.";
    private static final String EXAMPLE_OF_EVENTS = """
            id: 11

            event: result
            id: 12
            data: {"id":"4c33fafb3e20a3fb9a7abeddcf53e347-0","label":"7","state":"checked", …}

            """;
    private static final String EXAMPLE_OF_CSV = "index,value\r\n0,-7\r\n1,9007199254740993\r\n";
    private static final String SHOW_MORE = "As JSON with numbers in full precision or as strings; as text/csv; as"
            + " application/x-npy, an array file of NumPy (int64, or float64 where all values are exact, or rows of"
            + " 64-bit limbs); or as application/octet-stream: signed integers, two's complement, little-endian."
            + " Files have headers Shareferry-Verdict, -Label, -Count, -Precision and -Width (bytes of a raw value)."
            + " There are no values before the check, none of a rejected delivery, and none after their deletion.";
    private static final String EXAMPLE_OF_STRINGS = """
            {"id":"4c33fafb3e20a3fb9a7abeddcf53e347-0","label":"7","scheme":"batched","protocol":"spdz2k",
             "parties":["P0","P1"],"domain":"ring 128/64","count":3,"precision":0,"state":"checked",
             "verdict":"VERIFIED","assumption":{"parties":["P0","P1"],"corrupt":1},"reasons":[],
             "received":{"bundles":2,"of":2},"firstSeen":"2026-01-01T12:00:00Z",
             "ended":"2026-01-01T12:00:01Z","changed":"2026-01-01T12:00:01Z","change":12,"values":["-7","-6","9007199254740993"]}""";
    static final String NOT_ARRIVED = "No bundle of it has arrived here yet; see the relay's status of the delivery.";
    private static final String EXAMPLE = """
            {"id":"4c33fafb3e20a3fb9a7abeddcf53e347-0","label":7,"scheme":"batched","protocol":"spdz2k",
             "parties":["P0","P1"],"domain":"ring 128/64","count":3,"precision":0,"state":"checked",
             "verdict":"VERIFIED","assumption":{"parties":["P0","P1"],"corrupt":1},"reasons":[],
             "received":{"bundles":2,"of":2},"firstSeen":"2026-01-01T12:00:00Z",
             "ended":"2026-01-01T12:00:01Z","changed":"2026-01-01T12:00:01Z","change":12,"values":[-7,-6,-3]}""";

    private final ResultStore store;
    private final ResultWriter writer;
    private final ResultEvents events;
    private final Changes changes;

    ResultsController(ResultStore store, ResultWriter writer, ResultEvents events, Changes changes) {
        this.store = store;
        this.writer = writer;
        this.events = events;
        this.changes = changes;
    }

    /// A page of results.
    ///
    /// @param results in the requested order, without values
    /// @param next the `after` of the next page; absent on the last one
    /// @param asOf the number of the last change that the page surely includes
    @Schema(name = ResultSchemas.PAGE)
    record Page(List<Result> results, Optional<String> next, long asOf) {}

    @GetMapping(path = "/v1/results", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listResults",
            summary = "Results, or a stream of their changes",
            description = LIST,
            parameters =
                    @Parameter(
                            in = ParameterIn.HEADER,
                            name = "Last-Event-ID",
                            description = "For an event stream: the id of the last event that was read, or now",
                            schema = @Schema(type = "string")))
    @ApiResponse(
            responseCode = "200",
            description = "A page, or a stream that lasts until the caller disconnects",
            content = {
                @Content(mediaType = NumberForm.STRINGS, schema = @Schema(ref = ResultSchemas.PAGE_IN_STRINGS)),
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Page.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(type = "string", description = STREAM),
                        examples = @ExampleObject(EXAMPLE_OF_EVENTS))
            })
    @Problems(ProblemType.REQUEST_MALFORMED)
    ResponseEntity<ObjectNode> list(
            @Parameter(description = "The `next` of the previous page") @RequestParam Optional<String> after,
            @Parameter(description = "Maximum number of results, up to 200") @RequestParam(defaultValue = "50")
                    int limit,
            @Parameter(description = "Only results with this label") @RequestParam Optional<Long> label,
            @Parameter(description = OF_PARTIES, example = "P0,P1") @RequestParam Optional<PartySet> parties,
            @Parameter(
                            description = "Only results with this verdict",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"VERIFIED", "UNVERIFIED", "REJECTED"}))
                    @RequestParam
                    Optional<String> verdict,
            @Parameter(
                            description = "Only results in this state",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"receiving", "checking", "checked", "expired", "deleted"
                                            }))
                    @RequestParam
                    Optional<String> state,
            @Parameter(
                            description = "Only results that changed at this time or later, as in 2026-01-01T12:00:00Z;"
                                    + " for an event stream, the number of a change, or now")
                    @RequestParam
                    Optional<String> since,
            @Parameter(
                            description = "newest or oldest first, by the arrival of the first bundle",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"newest", "oldest"},
                                            defaultValue = "newest"))
                    @RequestParam(defaultValue = "newest")
                    String order,
            @Parameter(
                            description = NUMBERS,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"string", "number"}))
                    @RequestParam
                    Optional<String> numbers,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.ACCEPT) Optional<String> accept) {
        var form = NumberForm.of(numbers, accept);
        var filter = ResultFilter.parse(label, parties, verdict, state, since, order);
        var begin = after.map(ResultCursor::parse).orElseGet(() -> ResultCursor.start(filter.isNewestFirst()));
        int most = PageLimit.checked(limit, MAX_PAGE);
        // Read first: later changes have higher numbers.
        long asOf = changes.last();
        var results = store.page(filter, begin, most);
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(form.mediaType()))
                .body(writer.page(new Page(results, ResultCursor.next(results, most), asOf), form));
    }

    @GetMapping(path = "/v1/results", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(hidden = true)
    void stream(
            @RequestHeader("Last-Event-ID") Optional<String> lastEventId,
            @RequestParam Optional<String> since,
            @RequestParam Optional<String> numbers,
            Standing standing,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        var form = NumberForm.of(numbers, Optional.empty());
        long begin = events.begin(lastEventId.or(() -> since));
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        events.writeTo(response, standing::holds, begin, form);
    }

    @GetMapping(path = "/v1/results/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "showResult", summary = "One result with its values", description = SHOW_MORE)
    @ApiResponse(
            responseCode = "200",
            description = "JSON with everything that is known of it, or a file of its values",
            headers = {
                @Header(
                        name = VERDICT,
                        description = "For a file: VERIFIED or UNVERIFIED",
                        schema =
                                @Schema(
                                        type = "string",
                                        allowableValues = {"VERIFIED", "UNVERIFIED"})),
                @Header(
                        name = LABEL,
                        description = "For a file: the application's number for it",
                        schema = @Schema(type = "string", pattern = "-?[0-9]+")),
                @Header(
                        name = COUNT,
                        description = "For a file: how many values",
                        schema = @Schema(type = "integer", format = "int64")),
                @Header(
                        name = PRECISION,
                        description = "For a file: f, a value is an integer / 2^f",
                        schema = @Schema(type = "integer", format = "int32")),
                @Header(
                        name = WIDTH,
                        description = "For a file: bytes of a value in application/octet-stream",
                        schema = @Schema(type = "integer", format = "int32"))
            },
            content = {
                @Content(
                        mediaType = NumberForm.STRINGS,
                        schema = @Schema(ref = ResultSchemas.RESULT_IN_STRINGS),
                        examples = @ExampleObject(EXAMPLE_OF_STRINGS)),
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = Result.class),
                        examples = @ExampleObject(EXAMPLE)),
                @Content(
                        mediaType = "text/csv",
                        schema =
                                @Schema(
                                        type = "string",
                                        description = "A heading, then a line with index and value for each value"),
                        examples = @ExampleObject(EXAMPLE_OF_CSV)),
                @Content(
                        mediaType = NpyFormat.MEDIA_TYPE,
                        schema = @Schema(type = "string", format = "binary", description = "An array file of NumPy")),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                        schema =
                                @Schema(
                                        type = "string",
                                        format = "binary",
                                        description = "The integers value * 2^precision, two's complement,"
                                                + " little-endian, of Shareferry-Width bytes each"))
            })
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    void show(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            @Parameter(
                            description = FORMAT,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "csv", "npy", "raw"}))
                    @RequestParam
                    Optional<String> format,
            @Parameter(
                            description = NUMBERS,
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"string", "number"}))
                    @RequestParam
                    Optional<String> numbers,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.ACCEPT) Optional<String> accept,
            HttpServletResponse response)
            throws IOException {
        var form = NumberForm.of(numbers, accept);
        var stored = find(id, parties);
        response.setContentType(form.mediaType());
        writer.writeJson(stored, form, response.getOutputStream());
    }

    @GetMapping(path = "/v1/results/{id}", produces = "text/csv")
    @Operation(hidden = true)
    void csv(
            @PathVariable DeliveryId id,
            @RequestParam Optional<PartySet> parties,
            @RequestParam Optional<String> format,
            HttpServletResponse response)
            throws IOException {
        var stored = findWithValues(id, parties);
        describe(stored, "text/csv;charset=UTF-8", "csv", response);
        writer.writeCsv(stored, response.getOutputStream());
    }

    @GetMapping(path = "/v1/results/{id}", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @Operation(hidden = true)
    void raw(
            @PathVariable DeliveryId id,
            @RequestParam Optional<PartySet> parties,
            @RequestParam Optional<String> format,
            HttpServletResponse response)
            throws IOException {
        var stored = findWithValues(id, parties);
        describe(stored, MediaType.APPLICATION_OCTET_STREAM_VALUE, "raw", response);
        writer.writeRaw(stored, response.getOutputStream());
    }

    @GetMapping(path = "/v1/results/{id}", produces = NpyFormat.MEDIA_TYPE)
    @Operation(hidden = true)
    void npy(
            @PathVariable DeliveryId id,
            @RequestParam Optional<PartySet> parties,
            @RequestParam Optional<String> format,
            HttpServletResponse response)
            throws IOException {
        var stored = findWithValues(id, parties);
        describe(stored, NpyFormat.MEDIA_TYPE, "npy", response);
        writer.writeNpy(stored, response.getOutputStream());
    }

    /// Adds headers with information that a file of values does not contain.
    private static void describe(Stored stored, String mediaType, String extension, HttpServletResponse response) {
        var result = stored.result();
        response.setContentType(mediaType);
        response.setHeader(VERDICT, result.verdict().map(Verdict::name).orElse(""));
        response.setHeader(LABEL, Long.toString(result.label()));
        response.setHeader(COUNT, Long.toString(result.count()));
        response.setHeader(PRECISION, Integer.toString(result.precision()));
        response.setHeader(WIDTH, Integer.toString(stored.decoded().rawSize()));
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + result.id() + "." + extension + "\"");
    }

    @GetMapping(path = "/v1/results/{id}/evidence", produces = CborSequence.MEDIA_TYPE)
    @Operation(
            operationId = "showEvidence",
            summary = "The signed envelopes of a delivery",
            description = "A CBOR sequence (RFC 8742) of byte strings: the text `shareferry evidence v1`, then each"
                    + " envelope of docs/envelope-format.md by kind, index and sender. Signatures prove who sent which"
                    + " envelope. Their content is encrypted to this client, so others must take the client's word"
                    + " for it. `shareferry evidence verify FILE` checks the signatures. Envelopes are kept as long as"
                    + " shareferry.client.envelope-retention says.")
    @ApiResponse(
            responseCode = "200",
            description = "All envelopes that are kept",
            content =
                    @Content(mediaType = CborSequence.MEDIA_TYPE, schema = @Schema(type = "string", format = "binary")))
    @Problems({ProblemType.NOT_FOUND, ProblemType.DELIVERY_AMBIGUOUS, ProblemType.RESULT_NOT_AVAILABLE})
    void evidence(
            @PathVariable DeliveryId id,
            @Parameter(description = SeenDeliveries.PARTIES, example = "P0,P1") @RequestParam
                    Optional<PartySet> parties,
            HttpServletResponse response)
            throws IOException {
        var result = find(id, parties).result();
        var key = result.key();
        var positions = store.envelopes(key);
        boolean isDeleted = result.state() == DeliveryState.DELETED
                || result.valuesDeleted().isPresent();
        if (isDeleted || positions.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.RESULT_NOT_AVAILABLE, "The envelopes of delivery " + id + " are deleted."));
        }
        response.setContentType(CborSequence.MEDIA_TYPE);
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + ".evidence\"");
        writer.writeEvidence(key, positions, response.getOutputStream());
    }

    private Stored find(DeliveryId id, Optional<PartySet> parties) {
        return store.get(store.seen(id, parties).only(NOT_ARRIVED));
    }

    private Stored findWithValues(DeliveryId id, Optional<PartySet> parties) {
        var stored = find(id, parties);
        requireValues(stored.result());
        return stored;
    }

    /// @throws ProblemException when it has none
    static void requireValues(Result result) {
        if (!result.hasValues()) {
            var deleted = result.valuesDeleted()
                    .map(when -> " Its values were deleted at " + when + ".")
                    .orElse("");
            throw new ProblemException(Problem.of(
                    ProblemType.RESULT_NOT_AVAILABLE,
                    "Delivery " + result.id() + " is " + result.state().text()
                            + result.verdict().map(verdict -> " and " + verdict).orElse("")
                            + "." + deleted
                            + (result.scheme() == Scheme.INPUT ? " A request for inputs shows no values." : "")));
        }
    }
}
