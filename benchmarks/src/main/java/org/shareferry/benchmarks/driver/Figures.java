// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.shareferry.cli.output.Table;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What was measured so far.
final class Figures {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Figure> figures = new ArrayList<>();
    private final Consumer<String> telling;

    /// @param telling is told of each figure at once: a run takes long, and may be broken off
    Figures(Consumer<String> telling) {
        this.telling = telling;
    }

    void add(Figure figure) {
        figures.add(figure);
        telling.accept(
                "  " + cells(figure).stream().filter(cell -> !cell.isEmpty()).collect(Collectors.joining(" ")));
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    /// @return those whose ratio is so bad that no busy machine explains it
    List<Figure> farOff() {
        return figures.stream().filter(Figure::isFarOff).toList();
    }

    /// Prints a row for each figure, and the notes below.
    void print(PrintWriter out) {
        var table = new Table(List.of("row", "what", "measured", "", "ratio", "to", "must", "aim", ""));
        for (var figure : figures) {
            table.add(cells(figure));
        }
        table.print(out);
        figures.stream()
                .filter(figure -> !figure.note().isEmpty())
                .map(figure -> figure.row().text() + ", " + figure.what() + ": " + figure.note())
                .distinct()
                .forEach(out::println);
        out.flush();
    }

    private static List<String> cells(Figure figure) {
        return List.of(
                figure.row().text(),
                figure.what(),
                figure.value().map(Figures::number).orElse("not measured"),
                figure.unit(),
                figure.ratio().map(ratio -> number(ratio.number())).orElse(""),
                figure.ratio().map(Figure.Ratio::to).orElse(""),
                figure.goal().map(goal -> bound(goal, goal.must())).orElse(""),
                figure.goal().map(goal -> bound(goal, goal.aim())).orElse(""),
                figure.standing().map(Goal.Standing::text).orElse(""));
    }

    private static String bound(Goal goal, double number) {
        return (goal.better() == Goal.Better.LARGER ? ">= " : "<= ") + number(number);
    }

    /// @return with three digits that count
    static String number(double number) {
        double size = Math.abs(number);
        if (size >= 100) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 || size == 0 ? "%.2f" : "%.4f", number);
    }

    /// @param about the machine and what ran on it
    /// @return one JSON object on one line
    String toJson(Map<String, String> about) {
        var root = JSON.createObjectNode();
        about.forEach(root::put);
        var list = root.putArray("figures");
        figures.forEach(figure -> write(list.addObject(), figure));
        return JSON.writeValueAsString(root);
    }

    private static void write(ObjectNode node, Figure figure) {
        node.put("row", figure.row().text()).put("what", figure.what()).put("unit", figure.unit());
        figure.value().ifPresentOrElse(value -> node.put("value", value), () -> node.putNull("value"));
        figure.ratio().ifPresent(ratio -> node.put("ratio", ratio.number()).put("to", ratio.to()));
        figure.goal()
                .ifPresent(goal -> node.put("judged", goal.of().name().toLowerCase(Locale.ROOT))
                        .put("better", goal.better().name().toLowerCase(Locale.ROOT))
                        .put("must", goal.must())
                        .put("aim", goal.aim()));
        figure.standing().ifPresent(standing -> node.put("standing", standing.text()));
        if (!figure.note().isEmpty()) {
            node.put("note", figure.note());
        }
    }
}
