// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Pairs of measurements, one of each kind, taken one after the other in random order; and how well one measurement
/// tells of which kind it is.
final class TwoSamples {
    private static final int RESAMPLES = 2_000;

    private final List<double[]> pairs = new ArrayList<>();

    void add(double first, double second) {
        pairs.add(new double[] {first, second});
    }

    /// Where the probability that a measurement of the first kind is larger than one of the second lies, with a
    /// confidence of 95 % (Mann and Whitney's statistic divided by the number of pairs, which is the area under the
    /// ROC curve; percentile bootstrap over the pairs). 0.5 tells nothing, 0 and 1 tell everything.
    record Interval(double low, double area, double high) {
        boolean has(double value) {
            return low <= value && value <= high;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", area, low, high);
        }
    }

    Interval interval() {
        var random = new Random(1);
        var areas = new double[RESAMPLES];
        Arrays.setAll(
                areas,
                i -> area(random.ints(pairs.size(), 0, pairs.size())
                        .mapToObj(pairs::get)
                        .toList()));
        Arrays.sort(areas);
        return new Interval(areas[RESAMPLES / 40], area(pairs), areas[RESAMPLES - 1 - RESAMPLES / 40]);
    }

    private static double area(List<double[]> pairs) {
        var second = pairs.stream().mapToDouble(pair -> pair[1]).sorted().toArray();
        double larger = 0;
        for (var pair : pairs) {
            larger += (countBelow(second, pair[0]) + countBelow(second, Math.nextUp(pair[0]))) / 2.0;
        }
        return larger / ((double) pairs.size() * pairs.size());
    }

    private static int countBelow(double[] sorted, double bound) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d pairs, medians %.2f and %.2f, larger with probability %s",
                pairs.size(),
                median(0),
                median(1),
                interval());
    }

    private double median(int kind) {
        var sorted = pairs.stream().mapToDouble(pair -> pair[kind]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
