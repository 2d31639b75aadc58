// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.openapi;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.shareferry.service.batch.Outcome;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/// The problems (RFC 9457) of operations in the OpenAPI document: one response for each status, with an example of each
/// type that has this status.
final class ProblemResponses {
    private static final String SCHEMA = "Problem";
    private static final String MEDIA_TYPE = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;
    private static final Set<HttpStatus> LATER =
            EnumSet.of(HttpStatus.TOO_MANY_REQUESTS, HttpStatus.SERVICE_UNAVAILABLE);

    private ProblemResponses() {}

    /// @param declared what the operation answers with besides what every operation can
    static void add(Operation operation, ProblemType... declared) {
        var types = EnumSet.copyOf(Problems.EVERYWHERE);
        types.addAll(List.of(declared));
        var byStatus = new TreeMap<HttpStatus, MediaType>();
        for (var type : types) {
            byStatus.computeIfAbsent(type.status(), status -> new MediaType().schema(reference()))
                    .addExamples(type.id(), new Example().$ref("#/components/examples/" + type.id()));
        }
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        byStatus.forEach((status, media) ->
                operation.getResponses().addApiResponse(Integer.toString(status.value()), response(status, media)));
    }

    private static ApiResponse response(HttpStatus status, MediaType media) {
        var response = new ApiResponse()
                .description("A problem (RFC 9457)")
                .content(new Content().addMediaType(MEDIA_TYPE, media));
        if (LATER.contains(status)) {
            response.addHeaderObject(
                    HttpHeaders.RETRY_AFTER,
                    new Header()
                            .description("Seconds after which the same request may succeed; absent if unknown")
                            .schema(new IntegerSchema().format("int64")));
        }
        return response;
    }

    private static Schema<?> reference() {
        return new Schema<>().$ref("#/components/schemas/" + SCHEMA);
    }

    /// Adds what the responses of all operations refer to.
    static void addComponents(OpenAPI api) {
        api.getComponents().addSchemas(SCHEMA, schema());
        // A map in Java, so that it also travels in CBOR.
        Optional.ofNullable(api.getComponents().getSchemas().get(Outcome.class.getSimpleName()))
                .ifPresent(outcome -> outcome.addProperty("problem", reference()));
        var used = new TreeSet<String>();
        api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(operation -> operation.getResponses().values().stream())
                .flatMap(response ->
                        Optional.ofNullable(response.getContent()).map(content -> content.get(MEDIA_TYPE)).stream())
                .forEach(media -> used.addAll(media.getExamples().keySet()));
        Arrays.stream(ProblemType.values())
                .filter(type -> used.contains(type.id()))
                .forEach(type -> api.getComponents().addExamples(type.id(), example(type)));
    }

    private static Schema<?> schema() {
        Schema<?> schema = new ObjectSchema()
                .addProperty(
                        "type",
                        new StringSchema()
                                .format("uri-reference")
                                .description(
                                        "One of docs/problem-types.md: a link relative to the address of the request"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema().format("int32"))
                .addProperty("detail", new StringSchema().description("What happened, and where"))
                .addProperty("advice", new StringSchema().description("What to do"))
                .addProperty(
                        "finality",
                        new StringSchema()
                                ._enum(Stream.of(Finality.values())
                                        .map(Finality::text)
                                        .toList())
                                .description("Whether the same request can succeed later: unchanged, after a"
                                        + " correction, or never"))
                .addProperty(
                        "members",
                        new ArraySchema().items(new StringSchema()).description("The members concerned, if any"))
                .addProperty(
                        ContentDigest.JUDGED,
                        new StringSchema()
                                .description("The Content-Digest (RFC 9530) of the request's body as it was received."
                                        + " A refusal is final only when this is that of the body as sent"));
        schema.setRequired(List.of("type", "title", "status", "detail", "advice", "finality"));
        return schema;
    }

    private static Example example(ProblemType type) {
        var body = Problem.of(type, "What happened, and where.").body();
        var value = new LinkedHashMap<String, Object>();
        value.put("type", type.uri().toString());
        value.put("title", type.title());
        value.put("status", body.getStatus());
        value.put("detail", "What happened, and where.");
        value.put("advice", type.advice());
        value.put("finality", type.finality().text());
        return new Example().summary(type.title()).value(value);
    }
}
