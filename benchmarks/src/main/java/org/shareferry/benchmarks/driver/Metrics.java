// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

/// Reads the text form of Prometheus.
final class Metrics {
    private Metrics() {}

    /// @param text lines such as `name{label="value"} 1.0`
    /// @param label that has to be among the labels, such as `area="heap"`
    /// @return the sum of all lines of this name with this label
    static double sum(String text, String name, String label) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
