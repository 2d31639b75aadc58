// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.Map;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Both forms of results in the OpenAPI document ([NumberForm]). [ResultWriter] writes values and texts without a class
/// that has them, so what it adds to [Result] is said here.
@Configuration(proxyBeanMethods = false)
class ResultSchemas {
    static final String PAGE = "ResultPage";
    static final String RESULT_IN_STRINGS = "#/components/schemas/ResultInStrings";
    static final String PAGE_IN_STRINGS = "#/components/schemas/ResultPageInStrings";

    private static final String VALUES =
            "Only of a single result, once it is checked, unless it is REJECTED or its values were deleted";

    @Bean
    OpenApiCustomizer bothFormsOfResults() {
        return api -> {
            Map<String, Schema> schemas = api.getComponents().getSchemas();
            Schema<?> result = Objects.requireNonNull(schemas.get("Result"));
            schemas.put(
                    name(RESULT_IN_STRINGS),
                    with(result, "label", integer().description("An integer of 64 bits, exact for every reader"))
                            .addProperty(
                                    "values",
                                    values(new StringSchema()
                                            .description("A decimal number, exact for every reader"))));
            result.addProperty("values", values(new NumberSchema().description("In full precision")));
            schemas.put(
                    name(PAGE_IN_STRINGS),
                    with(
                            Objects.requireNonNull(schemas.get(PAGE)),
                            "results",
                            new ArraySchema().items(new Schema<>().$ref(RESULT_IN_STRINGS))));
        };
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static Schema<?> integer() {
        return new StringSchema().pattern("-?[0-9]+");
    }

    private static Schema<?> values(Schema<?> item) {
        return new ArraySchema().items(item).description(VALUES);
    }

    /// @return a copy in which one property is another
    private static Schema<?> with(Schema<?> schema, String name, Schema<?> property) {
        var copy = new ObjectSchema();
        schema.getProperties()
                .forEach((each, described) -> copy.addProperty(each, each.equals(name) ? property : described));
        copy.setRequired(schema.getRequired());
        return copy;
    }
}
