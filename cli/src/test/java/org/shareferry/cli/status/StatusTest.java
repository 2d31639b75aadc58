// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.WatchedCommand;
import org.shareferry.cli.demo.FakeService;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.member.MemberName;
import tools.jackson.databind.json.JsonMapper;

class StatusTest {
    private static final String ID = "4c33fafb3e20a3fb9a7abeddcf53e347-0";
    private static final String DELIVERY =
            "\"id\":\"" + ID + "\",\"label\":\"9007199254740993\",\"scheme\":\"batched\",\"count\":10,\"state\":";
    private static final String RESULTS = "GET /v1/results?numbers=string";

    @TempDir
    Path folder;

    private Deployment deployment;

    @BeforeEach
    void makeDeployment() throws Exception {
        var plan = new Plan(folder, 2, List.of(MemberName.client(0)), "spdz2k", Optional.empty(), Optional.empty());
        deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
    }

    private FakeService service(String member) throws Exception {
        return new FakeService(deployment, deployment.of(MemberName.parse(member)));
    }

    @Test
    void status_shows_the_deliveries_of_every_service() throws Exception {
        try (var first = service("P0");
                var second = service("P1");
                var relay = service("R0");
                var client = service("C0")) {
            var delivery = DELIVERY;
            first.answers("GET /v1/deliveries", 200, "{\"deliveries\":[{" + delivery + "\"submitted\"}]}");
            second.answers("GET /v1/deliveries", 200, "{\"deliveries\":[]}");
            relay.answers(
                    "GET /v1/deliveries",
                    200,
                    "{\"deliveries\":[{" + delivery + "\"collecting\",\"waitingFor\":[\"P1\"]}]}");
            client.answers("GET /v1/requests", 200, "{\"requests\":[]}");
            client.answers(
                    RESULTS,
                    200,
                    "{\"results\":[{" + delivery
                            + "\"checked\",\"verdict\":\"VERIFIED\","
                            + "\"assumption\":{\"parties\":[\"P0\",\"P1\"],\"corrupt\":1}}]}");

            var run = Run.at(Instant.now(), "status", "--dir", folder).succeeded();

            assertThat(run.out().lines())
                    .anyMatch(line -> line.matches("P0 +" + ID + " +9007199254740993 +batched +10 +- +submitted"))
                    .anyMatch(line -> line.startsWith("P1") && line.contains("(none)"))
                    .anyMatch(line -> line.matches("R0 .* 9007199254740993 .*collecting, waiting for P1"))
                    .anyMatch(line -> line.endsWith("checked, Verified, even if all parties but one cheat"));
        }
    }

    @Test
    void status_shows_the_progress_of_a_hand_over_from_the_vm() throws Exception {
        try (var first = service("P0")) {
            first.answers(
                    "GET /v1/deliveries",
                    200,
                    "{\"deliveries\":[],\"vms\":[{\"name\":\"main\",\"state\":\"connected\",\"since\":\"2026-01-01T00:00:00Z\","
                            + "\"handingOver\":{\"id\":\"" + ID + "\",\"sealed\":3,\"of\":247}}]}");

            var run = Run.at(Instant.now(), "status", "--dir", folder).failedWith("3 of 4 services do not answer");

            assertThat(run.out())
                    .contains("connected since 2026-01-01T00:00:00Z, 3 of 247 envelopes of " + ID + " sealed");
        }
    }

    @Test
    void services_that_do_not_answer_are_named() throws Exception {
        try (var first = service("P0")) {
            first.answers("GET /v1/deliveries", 200, "{\"deliveries\":[]}");

            var run = Run.at(Instant.now(), "status", "--dir", folder).failedWith("3 of 4 services do not answer");

            assertThat(run.out())
                    .contains("does not answer at "
                            + deployment.of(MemberName.parse("C0")).address());
        }
    }

    @Test
    void ages_count_from_the_first_time_at_each_service() throws Exception {
        var now = Instant.now();
        try (var party = service("P0");
                var relay = service("R0")) {
            party.answers("GET /v1/deliveries", 200, delivery("received", "created", now.minusSeconds(300)));
            relay.answers("GET /v1/deliveries", 200, delivery("received", "firstSeen", now.minusSeconds(7300)));

            var run = Run.at(now, "status", "--dir", folder).failedWith("2 of 4 services do not answer");

            assertThat(run.out().lines())
                    .anyMatch(line -> line.startsWith("P0") && line.endsWith("5 min  received"))
                    .anyMatch(line -> line.startsWith("R0") && line.endsWith("2 h    received"));
        }
    }

    private static String delivery(String state, String timed, Instant when) {
        return "{\"deliveries\":[{" + DELIVERY + "\"" + state + "\",\"" + timed + "\":\"" + when + "\"}]}";
    }

    @Test
    void programs_get_the_status_as_json_with_labels_as_text() throws Exception {
        var now = Instant.now();
        try (var party = service("P0");
                var client = service("C0")) {
            party.answers("GET /v1/deliveries", 200, delivery("sealed", "created", now.minusSeconds(9)));
            client.answers(RESULTS, 200, "{\"results\":[{" + DELIVERY + "\"checking\"}]}");

            var run = Run.at(now, "status", "--dir", folder, "-o", "json");

            var services = new JsonMapper().readTree(run.out()).path("services");
            assertThat(services.size()).isEqualTo(4);
            var delivery = services.path(0).path("deliveries").path(0);
            assertThat(delivery.path("label").asString()).isEqualTo("9007199254740993");
            assertThat(delivery.path("state").asString()).isEqualTo("sealed");
            assertThat(delivery.path("ageSeconds").asInt()).isEqualTo(9);
            assertThat(services.path(1).path("problem").asString()).startsWith("does not answer at");
        }
    }

    @Test
    void a_watched_status_is_printed_again_when_it_changes_but_not_when_only_ages_do() throws Exception {
        var since = Instant.now();
        try (var party = service("P0")) {
            var sealed = delivery("sealed", "created", since);
            party.answers("GET /v1/deliveries", 200, sealed)
                    .answers("GET /v1/deliveries", 200, sealed)
                    .answers("GET /v1/deliveries", 200, delivery("submitted", "created", since));

            var out = WatchedCommand.until("submitted", "status", "--dir", folder, "--watch");

            assertThat(out.lines().filter(line -> line.startsWith("member"))).hasSize(2);
            assertThat(out.lines().filter(line -> line.endsWith(" sealed"))).hasSize(1);
        }
    }

    private Run statusWithRequests(int code, String requests, Object... more) throws Exception {
        try (var first = service("P0");
                var second = service("P1");
                var relay = service("R0");
                var client = service("C0")) {
            for (var other : List.of(first, second, relay)) {
                other.answers("GET /v1/deliveries", 200, "{\"deliveries\":[]}");
            }
            client.answers(RESULTS, 200, "{\"results\":[{" + DELIVERY + "\"checking\"}]}");
            client.answers("GET /v1/requests", code, requests);
            var arguments = new ArrayList<Object>(List.of("status", "--dir", folder));
            arguments.addAll(List.of(more));
            return Run.at(Instant.now(), arguments.toArray());
        }
    }

    @Test
    void open_requests_of_a_client_are_shown_with_their_reason() throws Exception {
        var request = "{\"requests\":[{\"id\":\"" + ID + "\",\"label\":\"9007199254740993\",\"count\":2,"
                + "\"verdict\":\"VERIFIED\",\"reason\":\"no-input\",\"detail\":\"No input is waiting.\"}]}";

        assertThat(statusWithRequests(200, request).succeeded().out().lines())
                .anyMatch(line -> line.matches("C0 +request " + ID
                        + " +9007199254740993 +input +2 +- +waits for an answer: " + "No input is waiting."));
        var json = new JsonMapper()
                .readTree(statusWithRequests(200, request, "-o", "json")
                        .succeeded()
                        .out());
        var shown = json.path("services").path(3).path("requests").path(0);
        assertThat(shown.path("label").asString()).isEqualTo("9007199254740993");
        assertThat(shown.path("verdict").asString()).isEqualTo("VERIFIED");
        assertThat(shown.path("reason").asString()).isEqualTo("no-input");
    }

    @Test
    void deliveries_of_a_client_are_shown_although_its_requests_cannot_be_read() throws Exception {
        var run = statusWithRequests(500, "{\"title\":\"Internal error\"}")
                .failedWith("C0: The open requests cannot be read. Internal error");

        assertThat(run.out().lines()).anyMatch(line -> line.startsWith("C0") && line.endsWith("checking"));
    }
}
