// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.member.MemberName;
import tools.jackson.databind.JsonNode;

/// An input of a captured run, from its `expected.json`.
///
/// @param id of the request
/// @param client that gave it
/// @param label of the request
/// @param precision f: the values are integers / 2^f
/// @param bits of the integers
/// @param values the client's values
record CapturedInput(DeliveryId id, MemberName client, long label, int precision, int bits, List<BigDecimal> values) {
    CapturedInput {
        values = List.copyOf(values);
    }

    /// @param delivery of `expected.json`
    /// @throws IllegalArgumentException when its id or its client is not one
    static CapturedInput of(JsonNode delivery) {
        var values = new ArrayList<BigDecimal>();
        for (var value : delivery.path("values")) {
            values.add(value.decimalValue());
        }
        return new CapturedInput(
                DeliveryId.parse(delivery.path("id").asString("")),
                MemberName.client(delivery.path("client").asInt()),
                delivery.path("label").asLong(),
                delivery.path("precision").asInt(),
                delivery.path("bits").asInt(),
                values);
    }

    /// @return how many values, in words
    String counted() {
        return values.size() == 1 ? "1 value" : values.size() + " values";
    }

    /// @return the values as JSON has them, each as text
    List<String> texts() {
        return values.stream().map(BigDecimal::toPlainString).toList();
    }
}
