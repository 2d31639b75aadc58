// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Columns of text, as wide as they need to be.
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /// @param head the names of the columns
    public Table(List<String> head) {
        rows.add(List.copyOf(head));
    }

    /// @param row one cell for each column
    public void add(List<String> row) {
        if (row.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("A row has one cell for each column.");
        }
        rows.add(List.copyOf(row));
    }

    /// Prints head and rows.
    public void print(PrintWriter out) {
        print(out, Paint.none());
    }

    /// Prints head and rows in colours.
    public void print(PrintWriter out, Paint paint) {
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                var cell = row.get(column);
                boolean isLast = column == row.size() - 1;
                line.append(row.equals(rows.getFirst()) ? paint.head(cell) : paint.state(cell))
                        .append(isLast ? "" : " ".repeat(width(column) - cell.length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
