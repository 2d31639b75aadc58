// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says in the OpenAPI document which properties are always there: every component of a record, but those that are
/// `Optional`, `@Nullable` or left out when they are empty.
final class RequiredProperties implements ModelConverter {
    private static final String PREFIX = "#/components/schemas/";

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> resolved = chain.next().resolve(type, context, chain);
        var raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (resolved != null && raw.isRecord()) {
            var described = resolved.get$ref() == null
                    ? resolved
                    : context.getDefinedModels().get(resolved.get$ref().substring(PREFIX.length()));
            if (described != null && described.getProperties() != null) {
                require(described, raw);
            }
        }
        return resolved;
    }

    private static void require(Schema<?> schema, Class<?> raw) {
        Arrays.stream(raw.getRecordComponents())
                .filter(component -> isAlwaysThere(component, raw))
                .map(RecordComponent::getName)
                .filter(name -> schema.getProperties().containsKey(name))
                .filter(name ->
                        schema.getRequired() == null || !schema.getRequired().contains(name))
                .forEach(schema::addRequiredItem);
    }

    private static boolean isAlwaysThere(RecordComponent component, Class<?> raw) {
        if (component.getType() == Optional.class
                || component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return false;
        }
        var own = component.getAccessor().getAnnotation(JsonInclude.class);
        var include = own == null ? raw.getAnnotation(JsonInclude.class) : own;
        return include == null
                || include.value() == JsonInclude.Include.ALWAYS
                || component.getType().isPrimitive();
    }
}
