// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shareferry.json.JsonFault;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// An input or an answer in JSON: values as numbers or strings, and parameters before or after them. A number above
/// 2^53 must be a string, because many programs round such numbers when they write them.
///
/// @param parameters all properties except the values
/// @param values wiped by the caller
record JsonBody(Parameters parameters, NumberTexts values) implements AutoCloseable {
    private static final int VALUES_LIMIT = 32 << 20;
    private static final int MAX_ITEMS = 1_000;
    private static final int LONGEST = 1_000;
    private static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

    static JsonBody read(JsonParser in) {
        var values = new NumberTexts(VALUES_LIMIT);
        try {
            return new JsonBody(new Parameters(properties(in, values)), values);
        } catch (JacksonException e) {
            values.close();
            throw malformed("The body " + JsonFault.of(e) + ".");
        } catch (RuntimeException e) {
            values.close();
            throw e;
        }
    }

    private static Map<String, List<String>> properties(JsonParser in, NumberTexts values) {
        var properties = new LinkedHashMap<String, List<String>>();
        boolean hasValues = false;
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw malformed("The body is not a JSON object.");
        }
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = in.currentName();
            if (properties.containsKey(name) || (hasValues && name.equals("values")) || properties.size() > MAX_ITEMS) {
                throw malformed("The body has the property \"" + JsonFault.printable(name) + "\" twice.");
            }
            if (name.equals("values")) {
                hasValues = true;
                readValues(in, values);
            } else {
                properties.put(name, property(in, name));
            }
        }
        if (in.nextToken() != null) {
            throw malformed("There is unexpected data after the body's end.");
        }
        return properties;
    }

    private static void readValues(JsonParser in, NumberTexts values) {
        if (in.nextToken() != JsonToken.START_ARRAY) {
            throw malformed("\"values\" must be an array of numbers or of strings with numbers.");
        }
        long index = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            values.add(value(in, index));
            index++;
        }
    }

    private static String value(JsonParser in, long index) {
        var token = in.currentToken();
        if (token != JsonToken.VALUE_STRING
                && token != JsonToken.VALUE_NUMBER_INT
                && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw InputEncoder.invalid("Value " + index + " is neither a number nor a string.");
        }
        var text = in.getString();
        InputEncoder.requireNumber(text, index);
        if (token != JsonToken.VALUE_STRING && isBeyondExact(text)) {
            throw InputEncoder.invalid("Value " + index
                    + " is above 2^53; write it as a string, because many programs round such numbers.");
        }
        return text;
    }

    private static boolean isBeyondExact(String number) {
        return number.indexOf('e') > 0
                || number.indexOf('E') > 0
                || number.length() > 15 && new BigDecimal(number).abs().compareTo(EXACT) > 0;
    }

    private static List<String> property(JsonParser in, String name) {
        var items = new ArrayList<String>();
        if (in.nextToken() == JsonToken.START_ARRAY) {
            while (in.nextToken() != JsonToken.END_ARRAY && items.size() < MAX_ITEMS) {
                items.add(scalar(in, name));
            }
        } else {
            items.add(scalar(in, name));
        }
        return items;
    }

    private static String scalar(JsonParser in, String name) {
        boolean isScalar = in.currentToken() != null && in.currentToken().isScalarValue();
        var text = isScalar && in.currentToken() != JsonToken.VALUE_NULL ? in.getString() : "";
        if (text.isEmpty() || text.length() > LONGEST) {
            throw malformed(
                    "The property \"" + JsonFault.printable(name) + "\" has no value, or its value is too long.");
        }
        if (in.currentToken() == JsonToken.VALUE_NUMBER_INT && isBeyondExact(text)) {
            throw malformed(
                    "The property \"" + JsonFault.printable(name) + "\" is a number above 2^53; write it as a string.");
        }
        return text;
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(ProblemType.REQUEST_MALFORMED, detail));
    }

    @Override
    public void close() {
        values.close();
    }
}
