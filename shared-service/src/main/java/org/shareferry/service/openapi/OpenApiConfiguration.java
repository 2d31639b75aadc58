// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.openapi;

import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
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
import org.shareferry.service.problem.ProblemType;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;

/// The OpenAPI document: how our types look in it, who may call, and every operation's problems. What it says of one
/// service is committed in docs/api.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final String MUTUAL_TLS = "mutualTls";

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
                .replaceWithSchema(
                        Kind.class,
                        oneOf(Arrays.stream(Kind.values()).map(Kind::text).toList()))
                .replaceWithSchema(
                        Scheme.class,
                        oneOf(Arrays.stream(Scheme.values()).map(Scheme::text).toList()))
                .replaceWithSchema(Envelope.class, envelope())
                .addRequestWrapperToIgnore(Caller.class, Standing.class);
    }

    private static Schema<?> envelope() {
        var schema = new ObjectSchema();
        for (var part : List.of("enc", "header", "signature", "ciphertext")) {
            schema.addProperty(part, new StringSchema().format("byte").description("base64url, no padding"));
            schema.addRequiredItem(part);
        }
        schema.setDescription("One party's sealed and signed chunk; docs/envelope-format.md specifies every byte");
        return schema;
    }

    private static Schema<?> text(String example) {
        var schema = new StringSchema();
        schema.setExample(example);
        return schema;
    }

    private static Schema<?> oneOf(List<String> texts) {
        return new StringSchema()._enum(texts);
    }

    @Bean
    ModelConverter requiredProperties() {
        return new RequiredProperties();
    }

    @Bean
    OperationCustomizer problemResponses() {
        return (operation, handler) -> {
            var declared = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), Problems.class);
            ProblemResponses.add(operation, declared == null ? new ProblemType[0] : declared.value());
            return operation;
        };
    }

    /// What concerns the whole document. Its order does not depend on that in which Spring finds controllers.
    @Bean
    OpenApiCustomizer wholeDocument() {
        return api -> {
            if (api.getComponents() == null) {
                api.setComponents(new Components());
            }
            api.getComponents()
                    .addSecuritySchemes(
                            MUTUAL_TLS,
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.MUTUALTLS)
                                    .description(
                                            "TLS 1.3. The client certificate identifies the caller: a member in the"
                                                    + " roster, or one of the service's own users."));
            api.setSecurity(List.of(new SecurityRequirement().addList(MUTUAL_TLS)));
            api.setServers(List.of(new Server().url("/")));
            api.getInfo().setVersion(ProjectVersion.current());
            ProblemResponses.addComponents(api);
            sort(api);
        };
    }

    private static void sort(OpenAPI api) {
        var sorted = new Paths();
        new TreeMap<>(api.getPaths()).forEach(sorted::addPathItem);
        api.setPaths(sorted);
        var schemas = api.getComponents().getSchemas();
        if (schemas != null) {
            api.getComponents().setSchemas(new TreeMap<>(schemas));
        }
    }
}
