// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// The reason in the log of a service that ended.
final class FailureReason {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DESCRIPTION = "Description:";
    private static final int LONGEST = 400;

    private FailureReason() {}

    /// @param log lines, most of them JSON (Elastic common schema)
    /// @return the last error in it, else its last line; on one line
    static String of(List<String> log) {
        for (var line : log.reversed()) {
            var entry = parse(line);
            if ("ERROR".equals(entry.path("log").path("level").asString(""))) {
                return shorten(description(entry.path("message").asString("")));
            }
        }
        return shorten(log.isEmpty() ? "there is no log." : log.getLast());
    }

    private static JsonNode parse(String line) {
        try {
            return line.startsWith("{") ? JSON.readTree(line) : MissingNode.getInstance();
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /// Spring Boot puts a frame around the reason why it does not start.
    private static String description(String message) {
        int at = message.indexOf(DESCRIPTION);
        return at < 0 ? message : message.substring(at + DESCRIPTION.length());
    }

    private static String shorten(String text) {
        var line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + " ...";
    }
}
