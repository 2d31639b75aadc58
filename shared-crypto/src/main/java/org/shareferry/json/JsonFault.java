// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.json;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// Describes what is wrong with JSON or CBOR, and where. The text contains nothing of the input except printable
/// characters of property names, so it can be returned and logged.
public final class JsonFault {
    private static final Pattern DUPLICATE = Pattern.compile("Duplicate Object property \"(.*)\"", Pattern.DOTALL);
    private static final int LONGEST_NAME = 40;

    private JsonFault() {}

    /// @return a predicate without a full stop, to follow a subject: `has the property "id" twice near byte 12`
    public static String of(JacksonException e) {
        return fault(e) + place(e).orElse("");
    }

    private static String fault(JacksonException e) {
        var message = String.valueOf(e.getOriginalMessage());
        var duplicate = DUPLICATE.matcher(message);
        if (duplicate.lookingAt()) {
            return "has the property \"" + printable(duplicate.group(1)) + "\" twice";
        }
        if (message.contains("base64")) {
            return "has bytes that are not base64url without padding" + property(e);
        }
        return switch (e) {
            case InputCoercionException outOfRange -> "has a number that is out of range" + property(e);
            case UnexpectedEndOfInputException end -> "ends before it is complete";
            case JacksonIOException brokenOff -> "could not be read to its end";
            case StreamConstraintsException large -> "has a string, a number or a nesting beyond the limits";
            case UnrecognizedPropertyException unknown ->
                "has the unknown property \"" + printable(unknown.getPropertyName()) + "\"";
            case DatabindException other when message.startsWith("No content to map") -> "is empty";
            case DatabindException other
            when message.startsWith("Trailing token") -> "has unexpected data after its end";
            case DatabindException other -> "has a missing value or one of the wrong type" + property(e);
            default -> message.contains("end-of-input") ? "ends before it is complete" : "is not well-formed";
        };
    }

    /// The path of the property, if the parser knows it, beginning with the outermost.
    private static String property(JacksonException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(printable(step.getPropertyName()));
            }
        }
        return path.isEmpty() ? "" : " at \"" + path + "\"";
    }

    private static Optional<String> place(JacksonException e) {
        var location = e.getLocation();
        if (location == null) {
            return Optional.empty();
        }
        if (location.getByteOffset() >= 0) {
            return Optional.of(" near byte " + location.getByteOffset());
        }
        return location.getLineNr() > 0 && location.getColumnNr() > 0
                ? Optional.of(" near line " + location.getLineNr() + ", column " + location.getColumnNr())
                : Optional.empty();
    }

    /// @param name as received
    /// @return its printable characters, at most 40
    public static String printable(String name) {
        var kept = name.replaceAll("[^A-Za-z0-9_.-]", "?");
        return kept.substring(0, Math.min(LONGEST_NAME, kept.length()));
    }
}
