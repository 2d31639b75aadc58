// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.cli.output.Progress;
import org.shareferry.member.MemberName;

class DemoDeliveriesTest {
    private static final String RUN = "ab2d26ff14088031f508e9a549c2cf39";

    private static final Path CAPTURES = Path.of("..", "shared-crypto", "src", "test", "resources");

    @TempDir
    Path folder;

    private final StringWriter printed = new StringWriter();
    private CapturedRun capture;
    private Deployment deployment;
    private FakeService firstParty;
    private FakeService secondParty;
    private FakeService client;

    @BeforeEach
    void startServices() throws Exception {
        capture = CapturedRun.in(CAPTURES.resolve("mpspdz").resolve("committed-10"));
        var plan = new Plan(folder.resolve("d"), 2, capture.recipients(), "spdz2k", Optional.empty(), Optional.empty());
        deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
        firstParty = service(MemberName.party(0));
        secondParty = service(MemberName.party(1));
        client = service(MemberName.client(0));
    }

    private FakeService service(MemberName member) throws Exception {
        return new FakeService(deployment, deployment.of(member));
    }

    @AfterEach
    void stopServices() {
        firstParty.close();
        secondParty.close();
        client.close();
    }

    private DemoDeliveries deliveries(Duration patience) throws Exception {
        return new DemoDeliveries(
                deployment,
                capture,
                new DemoInputs("spdz2k", List.of(MemberName.party(0), MemberName.party(1)), false),
                patience,
                new Progress(new PrintWriter(printed)),
                Clock.systemUTC());
    }

    private static String result(int sequence, String rest) {
        return "{\"id\":\"" + RUN + "-" + sequence
                + "\",\"label\":7,\"scheme\":\"batched\",\"count\":2,\"precision\":3," + rest + "}";
    }

    @Test
    void values_are_read_in_full_precision_once_they_are_checked() throws Exception {
        client.answers("GET /v1/results/" + RUN + "-0", 404, "{}")
                .answers("GET /v1/results/" + RUN + "-0", 200, result(0, "\"state\":\"checking\""))
                .answers(
                        "GET /v1/results/" + RUN + "-0",
                        200,
                        result(
                                0,
                                "\"state\":\"checked\",\"verdict\":\"VERIFIED\",\"values\":[-0.125,170141183460469231731687303715884105727]"))
                .answers(
                        "GET /v1/results/" + RUN + "-1",
                        200,
                        result(1, "\"state\":\"checked\",\"verdict\":\"REJECTED\""));

        try (var deliveries = deliveries(Duration.ofSeconds(20))) {
            var arrived = deliveries.await();

            assertThat(arrived).extracting(CheckedDelivery::verdict).containsExactly("VERIFIED", "REJECTED");
            assertThat(arrived.getFirst().values())
                    .extracting(java.math.BigDecimal::toPlainString)
                    .containsExactly("-0.125", "170141183460469231731687303715884105727");
            assertThat(arrived.getLast().values()).isEmpty();
        }
        assertThat(printed.toString()).contains("C0 has " + RUN + "-0: VERIFIED");
    }

    @Test
    void inputs_are_given_before_the_run_and_shown_masked() throws Exception {
        capture = CapturedRun.shipped();
        var run = capture.expected().getFirst().id().run();
        client.answers("POST /v1/inputs", 201, "{\"id\":\"1\"}");
        for (int i = 0; i < 3; i++) {
            client.answers("GET /v1/results/" + run + "-" + i, 200, """
                    {"id":"%s-%d","state":"checked","verdict":"VERIFIED","count":1}""".formatted(run, i));
        }
        for (int i = 0; i < 2; i++) {
            client.answers("GET /v1/answers/values?delivery=" + run + "-" + i + "&parties=P0,P1", 200, "m" + i);
        }

        try (var deliveries = deliveries(Duration.ofSeconds(20))) {
            deliveries.give();
            var arrived = deliveries.await();

            assertThat(arrived)
                    .extracting(CheckedDelivery::masked)
                    .containsExactly(Optional.of("6d30"), Optional.of("6d31"), Optional.empty());
        }
        assertThat(client.bodies())
                .hasSize(2)
                .allMatch(body -> body.contains("\"protocols\":[\"spdz2k\"]") && body.contains("\"bits\":64"))
                .anyMatch(body -> body.contains("\"label\":\"7\"") && body.contains("\"1132903364\""));
        assertThat(printed.toString())
                .contains("C0 gave an input with label 7: 1 value")
                .contains("C0 answered " + run + "-0 with its input, masked");
    }

    @Test
    void a_delivery_that_was_refused_underway_ends_the_wait() throws Exception {
        secondParty.answers(
                "GET /v1/deliveries/" + RUN + "-0",
                200,
                "{\"state\":\"refused\",\"refusal\":{\"type\":\"x\",\"detail\":\"P0 and P1 differ.\"}}");

        try (var deliveries = deliveries(Duration.ofSeconds(20))) {
            assertThatThrownBy(deliveries::await)
                    .hasMessage("Delivery " + RUN + "-0 of P1 was refused: P0 and P1 differ.");
        }
    }

    @Test
    void a_delivery_that_does_not_arrive_ends_the_wait() throws Exception {
        try (var deliveries = deliveries(Duration.ZERO)) {
            assertThatThrownBy(deliveries::await).hasMessageContaining("did not arrive at C0");
        }
    }

    @Test
    void a_stopped_service_is_named() throws Exception {
        firstParty.close();

        try (var deliveries = deliveries(Duration.ofSeconds(20))) {
            assertThatThrownBy(deliveries::await)
                    .hasMessageContaining("The party-service of P0 at https://127.0.0.1:")
                    .hasMessageContaining("does not respond");
        }
    }
}
