// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.cli.output.Paint;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the doctor found at one place: a member, a folder or a port.
///
/// @param place such as `P0 in demo/P0`
/// @param findings in the order in which they were made
/// @param starts commands in remedies, and the commands that are printed instead
record Diagnosis(String place, List<Finding> findings, Map<String, String> starts) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    Diagnosis {
        findings = List.copyOf(findings);
        starts = Map.copyOf(starts);
    }

    Diagnosis(String place, List<Finding> findings) {
        this(place, findings, Map.of());
    }

    /// @param commands that start services, and the commands that are printed instead
    Diagnosis startedBy(Map<String, String> commands) {
        return new Diagnosis(place, findings, commands);
    }

    private Optional<String> remedy(Finding finding, LauncherName called) {
        return finding.fix().map(fix -> {
            var text = fix;
            for (var start : starts.entrySet()) {
                text = text.replace(start.getKey(), start.getValue());
            }
            return called.in(text);
        });
    }

    /// @return how many findings have this severity
    static long count(List<Diagnosis> all, Severity severity) {
        return all.stream()
                .flatMap(one -> one.findings().stream())
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    /// @return those with problems, and only the problems
    static List<Diagnosis> problems(List<Diagnosis> all) {
        return all.stream()
                .map(one -> new Diagnosis(
                        one.place(),
                        one.findings().stream()
                                .filter(finding -> finding.severity() != Severity.OK)
                                .toList(),
                        one.starts()))
                .filter(one -> !one.findings().isEmpty())
                .toList();
    }

    /// Prints severity, area, what was checked and what was seen; below a problem the command that fixes it.
    static void print(List<Diagnosis> all, LauncherName called, PrintWriter out, Paint paint) {
        int area = width(all, finding -> finding.area().text());
        int checked = width(all, Finding::checked);
        for (var one : all) {
            out.println(one.place());
            for (var finding : one.findings()) {
                out.println(paint.state(String.valueOf(finding.severity().sign())) + " "
                        + pad(finding.area().text(), area) + "  " + pad(finding.checked(), checked) + "  "
                        + finding.cause());
                one.remedy(finding, called)
                        .ifPresent(remedy -> out.println(pad("", area + checked + 6) + "fix: " + remedy));
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
    static String toJson(List<Diagnosis> all, LauncherName called) {
        var root = JSON.createObjectNode();
        var list = root.putArray("findings");
        for (var one : all) {
            for (var finding : one.findings()) {
                var node = list.addObject()
                        .put("place", one.place())
                        .put("area", finding.area().text())
                        .put("checked", finding.checked())
                        .put("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT));
                finding.fault().ifPresent(fault -> node.put("fault", fault.id()));
                node.put("cause", finding.cause());
                one.remedy(finding, called).ifPresent(remedy -> node.put("fix", remedy));
            }
        }
        root.put("faults", count(all, Severity.FAULT));
        root.put("warnings", count(all, Severity.WARNING));
        return JSON.writeValueAsString(root);
    }
}
