// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.Optional;

/// One measured number.
///
/// @param row where it belongs
/// @param what it is
/// @param value in `unit`; empty when it could not be measured
/// @param unit of the value
/// @param ratio to something measured in the same run
/// @param goal what it is to reach
/// @param note how it was measured, or why it was not
record Figure(
        Row row,
        String what,
        Optional<Double> value,
        String unit,
        Optional<Ratio> ratio,
        Optional<Goal> goal,
        String note) {

    /// @param number the figure divided by what it is compared with, or the other way round where the text says so
    /// @param to what it is compared with
    record Ratio(double number, String to) {}

    static Figure of(Row row, String what, double value, String unit) {
        return new Figure(row, what, Optional.of(value), unit, Optional.empty(), Optional.empty(), "");
    }

    static Figure notMeasured(Row row, String what, String why) {
        return new Figure(row, what, Optional.empty(), "", Optional.empty(), Optional.empty(), why);
    }

    Figure ratio(double number, String to) {
        return new Figure(row, what, value, unit, Optional.of(new Ratio(number, to)), goal, note);
    }

    Figure goal(Goal reached) {
        return new Figure(row, what, value, unit, ratio, Optional.of(reached), note);
    }

    Figure note(String text) {
        return new Figure(row, what, value, unit, ratio, goal, text);
    }

    private Optional<Double> judged(Goal judging) {
        return judging.of() == Goal.Judged.VALUE ? value : ratio.map(Ratio::number);
    }

    /// @return how it stands; empty without a goal, or when it was not measured
    Optional<Goal.Standing> standing() {
        return goal.flatMap(set -> judged(set).map(set::standing));
    }

    boolean isFarOff() {
        return goal.flatMap(set -> judged(set).map(set::isFarOff)).orElse(false);
    }
}
