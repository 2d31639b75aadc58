// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON that commands print for programs. Characters that could control a terminal are escaped, because people read it
/// too, and some of its text comes from other members.
public final class JsonText {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonText() {}

    /// @return an empty object
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /// @return the node on one line, ASCII only
    public static String of(JsonNode node) {
        return JSON.writeValueAsString(node);
    }
}
