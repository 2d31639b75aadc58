// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FindingsTest {
    private final List<String> told = new ArrayList<>();
    private final Figures findings = new Figures(told::add);

    private static Figure rate(double perSecond, double floor) {
        return Figure.of(Row.SMALL, "deliveries", perSecond, "/s")
                .ratio(perSecond / floor, "floor")
                .goal(Goal.ratioAtLeast(0.2, 0.5));
    }

    private String table() {
        var text = new StringWriter();
        findings.print(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void a_ratio_is_compared_with_its_limit_and_its_goal() {
        assertThat(rate(100, 1000).standing()).contains(Goal.Standing.NOT_MET);
        assertThat(rate(200, 1000).standing()).contains(Goal.Standing.MET);
        assertThat(rate(500, 1000).standing()).contains(Goal.Standing.AIM);
    }

    @Test
    void smaller_is_better_where_the_goal_says_so() {
        var goal = Goal.atMost(5, 3);

        assertThat(goal.standing(5.1)).isEqualTo(Goal.Standing.NOT_MET);
        assertThat(goal.standing(5)).isEqualTo(Goal.Standing.MET);
        assertThat(goal.standing(3)).isEqualTo(Goal.Standing.AIM);
    }

    @Test
    void a_goal_below_the_limit_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Goal.atMost(3, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> Goal.ratioAtLeast(0.5, 0.2));
    }

    @Test
    void only_ratios_can_be_far_off() {
        findings.add(rate(49, 1000));
        findings.add(rate(51, 1000));
        findings.add(Figure.of(Row.START, "ready", 100, "s").goal(Goal.atMost(5, 3)));

        assertThat(findings.farOff()).containsExactly(rate(49, 1000));
    }

    @Test
    void the_table_has_value_ratio_and_standing() {
        findings.add(rate(24, 1500));

        assertThat(table().lines().skip(1))
                .singleElement()
                .asString()
                .matches("small +deliveries +24.0 +/s +0.0160 +floor +>= 0.20 +>= 0.50 +not met");
    }

    @Test
    void a_missing_measurement_is_shown_with_its_reason_and_without_a_number() {
        findings.add(Figure.notMeasured(Row.SMALL, "fsyncs", "perf stat may not count here"));

        assertThat(table()).contains("not measured").endsWith("small, fsyncs: perf stat may not count here\n");
        assertThat(findings.figures().getFirst().standing()).isEmpty();
    }

    @Test
    void each_figure_is_printed_at_once() {
        findings.add(rate(300, 1500));

        assertThat(told).containsExactly("  small deliveries 300 /s 0.20 floor >= 0.20 >= 0.50 met");
    }

    @Test
    void json_has_the_machine_and_all_of_a_figure() {
        findings.add(rate(300, 1500));
        findings.add(Figure.notMeasured(Row.SMALL, "fsyncs", "why"));

        var root = JsonMapper.shared().readTree(findings.toJson(Map.of("cores", "2")));

        assertThat(root.path("cores").asString()).isEqualTo("2");
        assertThat(root.path("figures").path(0)).isEqualTo(JsonMapper.shared().readTree("""
                {"row":"small","what":"deliveries","unit":"/s","value":300.0,"ratio":0.2,"to":"floor","judged":"ratio",
                 "better":"larger","must":0.2,"aim":0.5,"standing":"met"}"""));
        assertThat(root.path("figures").path(1).path("value").isNull()).isTrue();
    }

    @Test
    void numbers_have_three_digits_that_count() {
        assertThat(Figures.number(1515.4)).isEqualTo("1515");
        assertThat(Figures.number(24.04)).isEqualTo("24.0");
        assertThat(Figures.number(0.5)).isEqualTo("0.50");
        assertThat(Figures.number(0.016)).isEqualTo("0.0160");
        assertThat(Figures.number(0)).isEqualTo("0.00");
    }
}
