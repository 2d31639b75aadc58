// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.Collection;

/// Measured values, of which a part is asked for.
final class Samples {
    private final double[] ascending;

    private Samples(double[] ascending) {
        this.ascending = ascending;
    }

    static Samples of(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Nothing was measured.");
        }
        return new Samples(
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray());
    }

    /// @param percent 0 exclusive … 100
    /// @return the smallest value that so many percent of all values do not exceed (nearest rank)
    double percentile(double percent) {
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("A percentile is above 0 and at most 100.");
        }
        int rank = (int) Math.ceil(percent / 100 * ascending.length);
        return ascending[Math.max(rank, 1) - 1];
    }

    double median() {
        return percentile(50);
    }

    int count() {
        return ascending.length;
    }
}
