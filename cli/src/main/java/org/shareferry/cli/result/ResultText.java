// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.shareferry.cli.result.ResultRequests.text;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.RepeatedOutput;
import org.shareferry.cli.output.Table;
import org.shareferry.cli.output.VerdictText;
import org.shareferry.json.PlainText;
import tools.jackson.databind.JsonNode;

/// Results as text and as JSON.
final class ResultText {
    private static final int SHOWN_AS_TEXT = 20;

    private ResultText() {}

    /// A single value and its verdict stand on one line; several have a line each.
    ///
    /// @param result with its values
    static String of(JsonNode result, Paint paint) {
        var values = result.path("values")
                .valueStream()
                .map(JsonNode::asString)
                .map(PlainText::of)
                .toList();
        if (values.size() == 1) {
            return values.getFirst() + "  " + paint.state(text(result, "verdict"));
        }
        var lines = new ArrayList<>(values.subList(0, Math.min(values.size(), SHOWN_AS_TEXT)));
        if (values.size() > SHOWN_AS_TEXT) {
            lines.add("and " + (values.size() - SHOWN_AS_TEXT) + " more: -o csv prints all");
        }
        lines.add(paint.state(VerdictText.of(result)));
        if (isDeleted(result)) {
            lines.add("  Its values were deleted.");
        }
        result.path("reasons").forEach(reason -> lines.add("  " + PlainText.of(reason.asString(""))));
        return String.join("\n", lines);
    }

    /// @return whether the values of a checked result are deleted, alone or with the rest of it
    static boolean isDeleted(JsonNode result) {
        return result.has("valuesDeleted") || text(result, "state").equals("deleted");
    }

    /// @param results without values
    /// @return a line for each below a head, and what differs when one of them changed
    static RepeatedOutput.Snapshot table(List<JsonNode> results, Paint paint) {
        var table = new Table(List.of("result", "label", "values", "scheme", "state", "first bundle"));
        for (var result : results) {
            table.add(List.of(
                    text(result, "id"),
                    text(result, "label"),
                    text(result, "count"),
                    text(result, "scheme"),
                    state(result),
                    text(result, "firstSeen")));
        }
        var text = new StringWriter();
        try (var out = new PrintWriter(text)) {
            table.print(out, paint);
        }
        return new RepeatedOutput.Snapshot(text.toString(), json(results));
    }

    private static String state(JsonNode result) {
        var words = result.has("verdict") ? VerdictText.of(result) : text(result, "state");
        return result.has("verdict") && isDeleted(result) ? words + ", deleted" : words;
    }

    /// @return an array on one line
    static String json(List<JsonNode> results) {
        return results.stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
    }
}
