// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.Caller;
import org.shareferry.service.member.Standing;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemType;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;

/// The OpenAPI document: how our types look in it, and every operation's problems with an example each.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final Set<ProblemType> EVERYWHERE = EnumSet.of(
            ProblemType.CERTIFICATE_EXPIRED,
            ProblemType.CERTIFICATE_NOT_TRUSTED,
            ProblemType.MEMBER_UNKNOWN,
            ProblemType.NOT_ALLOWED,
            ProblemType.REQUEST_MALFORMED,
            ProblemType.STORE_BUSY,
            ProblemType.INTERNAL);

    static {
        SpringDocUtils.getConfig()
                .replaceWithSchema(
                        Bytes.class, new StringSchema().format("byte").description("base64url, no padding"))
                .replaceWithSchema(RunId.class, text("53b9abd5dfc3b9ff2723a929934da8c3"))
                .replaceWithSchema(DeliveryId.class, text("53b9abd5dfc3b9ff2723a929934da8c3-0"))
                .replaceWithSchema(MemberName.class, text("P1"))
                .replaceWithSchema(PartySet.class, text("P0,P1"))
                .replaceWithSchema(
                        EnvelopeId.class, text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))
                .replaceWithSchema(
                        KeyId.class, text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))
                .replaceWithSchema(Kind.class, text("values"))
                .replaceWithSchema(Scheme.class, text("batched"))
                .replaceWithSchema(Envelope.class, envelope())
                .addRequestWrapperToIgnore(Caller.class, Standing.class);
    }

    private static Schema<?> envelope() {
        var schema = new ObjectSchema();
        for (var part : List.of("enc", "header", "signature", "ciphertext")) {
            schema.addProperty(part, new StringSchema().format("byte").description("base64url, no padding"));
            schema.addRequiredItem(part);
        }
        schema.setDescription("One party's sealed and signed chunk; docs/envelope-format.md gives every byte");
        return schema;
    }

    private static Schema<?> text(String example) {
        var schema = new StringSchema();
        schema.setExample(example);
        return schema;
    }

    @Bean
    OperationCustomizer problemResponses() {
        return (operation, handler) -> {
            var types = EnumSet.copyOf(EVERYWHERE);
            var declared = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), Problems.class);
            if (declared != null) {
                types.addAll(List.of(declared.value()));
            }
            addResponses(operation, types);
            return operation;
        };
    }

    private static void addResponses(Operation operation, Set<ProblemType> types) {
        Map<Integer, Content> byStatus = new TreeMap<>();
        for (var type : types) {
            var content = byStatus.computeIfAbsent(type.status().value(), status -> new Content());
            var media = content.computeIfAbsent("application/problem+json", name -> new MediaType().schema(schema()));
            media.addExamples(type.uri().toString(), example(type));
        }
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        byStatus.forEach((status, content) -> operation
                .getResponses()
                .addApiResponse(
                        Integer.toString(status),
                        new ApiResponse().description("A problem (RFC 9457)").content(content)));
    }

    private static Schema<?> schema() {
        return new ObjectSchema()
                .addProperty("type", new StringSchema().format("uri"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new io.swagger.v3.oas.models.media.IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("advice", new StringSchema())
                .addProperty(
                        "finality",
                        new StringSchema()
                                ._enum(Stream.of(Finality.values())
                                        .map(Finality::text)
                                        .toList())
                                .description("Whether the same request can succeed later: by itself, after someone has"
                                        + " changed something, or never"))
                .addProperty(
                        ContentDigest.JUDGED,
                        new StringSchema()
                                .description("The Content-Digest (RFC 9530) of the request's body as it was received."
                                        + " A refusal is final only when this is that of the body as sent"));
    }

    private static Example example(ProblemType type) {
        var body = Problem.of(type, "What happened, and where.").body();
        return new Example()
                .summary(type.title())
                .value(Map.of(
                        "type", type.uri().toString(),
                        "title", type.title(),
                        "status", body.getStatus(),
                        "detail", "What happened, and where.",
                        "advice", type.advice(),
                        "finality", type.finality().text()));
    }
}
