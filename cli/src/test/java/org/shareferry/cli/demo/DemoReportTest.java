// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.shareferry.check.Assumption;
import org.shareferry.member.MemberName;

class DemoReportTest {
    private static final DemoReport.Seconds SECONDS = new DemoReport.Seconds(0, 4.56789, 1.5);

    private static CheckedDelivery arrived(String verdict, List<BigDecimal> values) {
        return new CheckedDelivery(
                "00-0", -7, "batched", verdict, Optional.empty(), List.of(), values.size(), 0, values);
    }

    @Test
    void json_of_a_request_has_masked_inputs_and_no_values() {
        var json = new DemoReport(List.of(arrived("VERIFIED", List.of()).answered("15ab")), SECONDS).toJson();

        assertThat(json).contains("\"m\":\"15ab\"").doesNotContain("\"values\"");
    }

    @Test
    void json_is_one_line_with_all_values_as_numbers() {
        var values = List.of(new BigDecimal("-7"), new BigDecimal("1E+3"), new BigDecimal("0.0000001"));

        var json = new DemoReport(List.of(arrived("VERIFIED", values)), SECONDS).toJson();

        assertThat(json)
                .isEqualTo(
                        "{\"deliveries\":[{\"id\":\"00-0\",\"label\":-7,\"scheme\":\"batched\",\"verdict\":\"VERIFIED\","
                                + "\"count\":3,\"precision\":0,\"values\":[-7,1000,0.0000001]}],"
                                + "\"seconds\":{\"build\":0.0,\"ready\":4.568,\"deliver\":1.5}}");
    }

    @Test
    void a_verified_delivery_shows_its_assumption() {
        var assumption = new Assumption(List.of(MemberName.party(0), MemberName.party(1), MemberName.party(2)), 1);
        var report = new DemoReport(
                List.of(
                        new CheckedDelivery(
                                "00-0",
                                7,
                                "committed",
                                "VERIFIED",
                                Optional.of(assumption),
                                List.of(),
                                0,
                                0,
                                List.of()),
                        new CheckedDelivery(
                                "00-1",
                                7,
                                "batched",
                                "UNVERIFIED",
                                Optional.empty(),
                                List.of("so", "so"),
                                0,
                                0,
                                List.of()),
                        arrived("REJECTED", List.of())),
                SECONDS);

        assertThat(report.sentences())
                .containsExactly(
                        "00-0: Verified, provided at most 1 of P0, P1, P2 cheats.", "00-1 is not verified: so; so.");
        assertThat(report.toJson())
                .contains("\"verdict\":\"VERIFIED\",\"assumption\":{\"parties\":[\"P0\",\"P1\",\"P2\"],\"corrupt\":1},")
                .contains("\"verdict\":\"UNVERIFIED\",\"count\"");
    }

    @Test
    void the_demo_succeeds_unless_a_delivery_was_rejected() {
        var good = arrived("VERIFIED", List.of(BigDecimal.ONE));
        var unproven = arrived("UNVERIFIED", List.of(BigDecimal.ONE));
        var bad = arrived("REJECTED", List.of());

        assertThat(new DemoReport(List.of(good, unproven), SECONDS).isGood()).isTrue();
        assertThat(new DemoReport(List.of(good, bad), SECONDS).isGood()).isFalse();
    }

    @Test
    void the_table_shows_the_first_values_and_no_rejected_ones() {
        var many = IntStream.range(0, 1000).mapToObj(BigDecimal::valueOf).toList();
        var text = new StringWriter();

        new DemoReport(List.of(arrived("VERIFIED", many), arrived("REJECTED", List.of())), SECONDS)
                .toTable()
                .print(new PrintWriter(text, true));

        assertThat(text.toString().lines())
                .hasSize(3)
                .anyMatch(line -> line.endsWith("0 1 2 3 4 5 6 7 8 9 10 11 ... (1000 in all)"))
                .anyMatch(line -> line.endsWith("REJECTED  (none are shown)"));
    }
}
