// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON object. Numbers keep their text, so none is rounded.
///
/// @param properties texts, numbers as texts, lists and objects; what is null is left out
record JsonObject(Map<String, Object> properties) {
    private static final JsonFactory FACTORY = new JsonFactory();

    /// @throws IOException when the bytes are no JSON object
    static JsonObject parse(byte[] json) throws IOException {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                return object(parser);
            }
            throw new IOException("The answer is no JSON object.");
        } catch (JacksonException e) {
            throw new IOException("The answer is no JSON.", e);
        }
    }

    private static JsonObject object(JsonParser parser) {
        var properties = new LinkedHashMap<String, Object>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                properties.put(name, value(parser));
            }
        }
        return new JsonObject(properties);
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                var items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield items;
            }
            default -> parser.getString();
        };
    }

    String text(String name) {
        return optional(name).orElseThrow(() -> new IllegalStateException("The service's answer has no " + name + "."));
    }

    Optional<String> optional(String name) {
        return Optional.ofNullable(properties.get(name)).map(Object::toString);
    }

    /// @throws NumberFormatException when it is no integer of 64 bits
    long number(String name) {
        return Long.parseLong(text(name));
    }

    List<String> texts(String name) {
        return items(name).stream().map(Object::toString).toList();
    }

    List<JsonObject> objects(String name) {
        return items(name).stream().map(JsonObject.class::cast).toList();
    }

    private List<?> items(String name) {
        return properties.get(name) instanceof List<?> items ? items : List.of();
    }

    Optional<JsonObject> object(String name) {
        return Optional.ofNullable(properties.get(name)).map(JsonObject.class::cast);
    }
}
