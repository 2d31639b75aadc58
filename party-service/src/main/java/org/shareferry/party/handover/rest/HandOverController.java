// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.party.handover.rest.BodyReader.Form;
import org.shareferry.party.handover.rest.HandOverReader.Outcome;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.BytesInFlight;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.StreamUtils;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Hand-over by REST, for programs on the party's side.
@RestController
@Tag(name = "Deliveries", description = "Hand over share vectors, and see the status of deliveries")
class HandOverController {
    private static final Logger LOG = LoggerFactory.getLogger(HandOverController.class);

    /// The maximum number of bytes of a refused body to discard, because a caller reads the response after sending
    /// its body.
    private static final long MAX_DRAINED = 64L << 20;

    private final HandOverReader reading;
    private final JsonMapper json;
    private final CBORMapper cbor;
    private final BytesInFlight shares;
    private final long chunkLimit;

    HandOverController(HandOverReader reading, JsonMapper json, CBORMapper cbor, PartyProperties properties) {
        this.reading = reading;
        this.json = json;
        this.cbor = cbor;
        this.chunkLimit = properties.chunkLimit().toBytes();
        int largest = properties.maxHandOvers();
        this.shares = new BytesInFlight(largest * chunkLimit, (largest + 1) / 2 * chunkLimit);
    }

    @Operation(
            operationId = "handOver",
            summary = "Hand a share vector over",
            description = "Streams this party's shares. Each chunk is re-randomised (if there are pairwise keys) and"
                    + " sealed to the client within the request; plain shares are never stored. The"
                    + " response 202 is sent after everything is sealed and committed; then the envelopes"
                    + " are submitted. An incomplete hand-over is dropped completely. A repeated hand-over"
                    + " with the same id and facts seals nothing: the response is 202 with the delivery's"
                    + " state, or 409 if it was refused or has expired.")
    @RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = HandOverDocument.class),
                        examples = @ExampleObject(name = "two values", value = """
                                                {"id":"53b9abd5dfc3b9ff2723a929934da8c3-0","recipient":"C0",\
                                                "domain":{"type":"ring","shareBits":128,"clearBits":64},\
                                                "scheme":"additive","precision":0,"label":7,"count":2,\
                                                "valuesPerChunk":4096,"macsChecked":false,\
                                                "chunks":[{"elements":"KgAAAAAAAAAAAAAAAAAAABcAAAAAAAAAAAAAAAAAAAA"}]}
                                                """)),
                @Content(
                        mediaType = MediaType.APPLICATION_CBOR_VALUE,
                        schema = @Schema(implementation = HandOverDocument.class)),
                @Content(
                        mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
                        schema =
                                @Schema(
                                        type = "string",
                                        format = "binary",
                                        description = "For many values: first the head, which is the CBOR map of a"
                                                + " hand-over without `chunks`. The shares follow"
                                                + " immediately, as MP-SPDZ writes them: for each chunk its"
                                                + " elements and, in batched, its tail, without separators"))
            })
    @ApiResponse(
            responseCode = "202",
            description = "Sealed and committed, now or before, with the current state",
            headers = @Header(name = "Location", description = "The delivery's URI, which shows its status"),
            content = @Content(schema = @Schema(implementation = HandOverController.HandedOver.class)))
    @Problems({
        ProblemType.RECIPIENT_UNKNOWN,
        ProblemType.PARTIES_DIFFER,
        ProblemType.HAND_OVER_INVALID,
        ProblemType.SCHEME_NEEDS_VM,
        ProblemType.BODY_TOO_LARGE,
        ProblemType.BODY_TOO_SLOW,
        ProblemType.DELIVERY_CONFLICT,
        ProblemType.DELIVERY_ENDED,
        ProblemType.KEYS_UNAVAILABLE,
        ProblemType.MEDIA_TYPE_UNSUPPORTED
    })
    @PostMapping(
            path = "/v1/deliveries",
            consumes = {
                MediaType.APPLICATION_JSON_VALUE,
                MediaType.APPLICATION_CBOR_VALUE,
                MediaType.APPLICATION_OCTET_STREAM_VALUE
            },
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    ResponseEntity<?> handOver(
            Caller caller,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_LENGTH) Optional<Long> length,
            InputStream body)
            throws InterruptedException {
        var lease = shares.take(caller.name(), Math.min(chunkLimit, length.orElse(chunkLimit)), Duration.ZERO);
        if (lease.isEmpty()) {
            return HandOverProblems.busy("Too many hand-overs are in progress, in total or by this caller.")
                    .toResponse();
        }
        try (var ignored = lease.get()) {
            var outcome = read(type, body);
            drain(body);
            return switch (outcome) {
                case Outcome.Accepted accepted -> accepted(accepted.delivery(), accepted.state());
                case Outcome.Rejected rejected -> {
                    LOG.info("Hand-over refused: {}.", rejected.problem().type().title());
                    yield rejected.problem().toResponse();
                }
            };
        }
    }

    private Outcome read(MediaType type, InputStream body) {
        boolean isJson = type.isCompatibleWith(MediaType.APPLICATION_JSON);
        // The parser does not close the body, so that the rest of a refused one can be discarded.
        var open = StreamUtils.nonClosing(body);
        try (var reader = isJson
                ? BodyReader.open(() -> json.createParser(open), Form.JSON)
                : BodyReader.open(() -> cbor.createParser(open), Form.CBOR)) {
            return type.isCompatibleWith(MediaType.APPLICATION_OCTET_STREAM)
                    ? reading.read(reader, () -> reader.rest(open))
                    : reading.read(reader);
        } catch (InvalidHandOverException e) {
            return new Outcome.Rejected(e.problem());
        }
    }

    /// A completely handed-over delivery.
    /// @param state of the delivery
    @Schema(name = "HandedOver")
    record HandedOver(
            DeliveryId id,

            @Schema(allowableValues = {"sealed", "submitted", "bundled", "received", "held"})
            String state) {}

    private static ResponseEntity<?> accepted(DeliveryId delivery, String state) {
        return ResponseEntity.accepted()
                .location(URI.create("/v1/deliveries/" + delivery))
                .body(new HandedOver(delivery, state));
    }

    private static void drain(InputStream body) {
        try {
            long left = MAX_DRAINED;
            for (long skipped = body.skip(left); skipped > 0 && left > 0; skipped = body.skip(left)) {
                left -= skipped;
            }
        } catch (IOException | ProblemException e) {
            LOG.debug("The caller did not send its whole body.");
        }
    }
}
