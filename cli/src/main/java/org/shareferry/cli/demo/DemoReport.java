// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.check.Assumption;
import org.shareferry.cli.output.Table;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/// The results of a demo.
///
/// @param deliveries in the order of their sequence numbers
/// @param seconds how long it took
record DemoReport(List<CheckedDelivery> deliveries, Seconds seconds) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    private static final int SHOWN = 12;

    DemoReport {
        deliveries = List.copyOf(deliveries);
    }

    /// How long things took, in seconds.
    ///
    /// @param build building the project; 0 when it was built
    /// @param ready from the beginning until all services were ready
    /// @param deliver from then on until the last verdict
    record Seconds(double build, double ready, double deliver) {}

    /// @return whether nothing was rejected
    boolean isGood() {
        return deliveries.stream().noneMatch(CheckedDelivery::isRejected);
    }

    /// @return a sentence for each delivery whose check did not fail: what its verdict rests on, or why it proves
    /// nothing
    List<String> sentences() {
        return deliveries.stream()
                .flatMap(delivery -> sentence(delivery).stream())
                .toList();
    }

    private static Optional<String> sentence(CheckedDelivery delivery) {
        return delivery.assumption()
                .map(assumption -> delivery.id() + ": " + assumption.inWords() + ".")
                .or(() -> Optional.of(delivery.reasons())
                        .filter(reasons -> !reasons.isEmpty())
                        .map(reasons -> delivery.id() + " is not verified: " + String.join("; ", reasons) + "."));
    }

    /// @return one JSON object on one line
    String toJson() {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("deliveries");
            for (var delivery : deliveries) {
                out.writeStartObject();
                out.writeStringProperty("id", delivery.id());
                out.writeNumberProperty("label", delivery.label());
                out.writeStringProperty("scheme", delivery.scheme());
                out.writeStringProperty("verdict", delivery.verdict());
                delivery.assumption().ifPresent(assumption -> write(out, assumption));
                out.writeNumberProperty("count", delivery.count());
                out.writeNumberProperty("precision", delivery.precision());
                if (delivery.masked().isPresent()) {
                    out.writeStringProperty("m", delivery.masked().get());
                } else {
                    out.writeArrayPropertyStart("values");
                    delivery.values().forEach(out::writeNumber);
                    out.writeEndArray();
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeObjectPropertyStart("seconds");
            out.writeNumberProperty("build", rounded(seconds.build()));
            out.writeNumberProperty("ready", rounded(seconds.ready()));
            out.writeNumberProperty("deliver", rounded(seconds.deliver()));
            out.writeEndObject();
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Assumption assumption) {
        out.writeObjectPropertyStart("assumption");
        out.writeArrayPropertyStart("parties");
        assumption.parties().forEach(party -> out.writeString(party.toString()));
        out.writeEndArray();
        out.writeNumberProperty("corrupt", assumption.corrupt());
        out.writeEndObject();
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }

    /// @return a row for each delivery
    Table toTable() {
        var table = new Table(List.of("delivery", "label", "scheme", "verdict", "values"));
        for (var delivery : deliveries) {
            table.add(List.of(
                    delivery.id(),
                    Long.toString(delivery.label()),
                    delivery.scheme(),
                    delivery.verdict(),
                    values(delivery)));
        }
        return table;
    }

    private static String values(CheckedDelivery delivery) {
        if (delivery.masked().isPresent()) {
            return delivery.count() == 1
                    ? "(1 private input went in)"
                    : "(" + delivery.count() + " private inputs went in)";
        }
        if (delivery.isRejected()) {
            return "(none are shown)";
        }
        var shown = delivery.values().stream()
                .limit(SHOWN)
                .map(BigDecimal::toPlainString)
                .collect(Collectors.joining(" "));
        return delivery.count() <= SHOWN ? shown : shown + " ... (" + delivery.count() + " in all)";
    }
}
