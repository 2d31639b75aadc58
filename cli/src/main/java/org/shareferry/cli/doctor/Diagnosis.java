// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.io.PrintWriter;
import java.util.List;
import org.shareferry.cli.output.Paint;
import org.shareferry.doctor.Finding;
import org.shareferry.doctor.Severity;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the doctor found at one place.
///
/// @param patient such as `P0 in demo/P0`
/// @param findings in the order in which they were made
record Diagnosis(String patient, List<Finding> findings) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    Diagnosis {
        findings = List.copyOf(findings);
    }

    /// @return how many findings have this severity
    static long count(List<Diagnosis> all, Severity severity) {
        return all.stream()
                .flatMap(one -> one.findings().stream())
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /// Prints severity, area, what was checked and what was seen; below a problem the command that mends it.
    static void print(List<Diagnosis> all, CalledAs called, PrintWriter out, Paint paint) {
        int area = width(all, finding -> finding.area().text());
        int checked = width(all, Finding::checked);
        for (var one : all) {
            out.println(one.patient());
            for (var finding : one.findings()) {
                out.println(paint.state(String.valueOf(finding.severity().sign())) + " "
                        + pad(finding.area().text(), area) + "  " + pad(finding.checked(), checked) + "  "
                        + finding.cause());
                finding.mend().ifPresent(mend -> out.println(pad("", area + checked + 6) + "mend: " + called.in(mend)));
            }
            out.println();
        }
        out.println(count(all, Severity.FAULT) + " ✗  " + count(all, Severity.WARNING) + " !  "
                + count(all, Severity.OK) + " ✓");
    }

    private static int width(List<Diagnosis> all, java.util.function.Function<Finding, String> cell) {
        return all.stream()
                .flatMap(one -> one.findings().stream())
                .mapToInt(finding -> cell.apply(finding).length())
                .max()
                .orElse(0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /// @return an object with all findings and the numbers of each severity
    static String toJson(List<Diagnosis> all, CalledAs called) {
        var root = JSON.createObjectNode();
        var list = root.putArray("findings");
        for (var one : all) {
            for (var finding : one.findings()) {
                var node = list.addObject()
                        .put("patient", one.patient())
                        .put("area", finding.area().text())
                        .put("checked", finding.checked())
                        .put("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT));
                finding.fault().ifPresent(fault -> node.put("fault", fault.id()));
                node.put("cause", finding.cause());
                finding.mend().ifPresent(mend -> node.put("mend", called.in(mend)));
            }
        }
        root.put("faults", count(all, Severity.FAULT));
        root.put("warnings", count(all, Severity.WARNING));
        return JSON.writeValueAsString(root);
    }
}
