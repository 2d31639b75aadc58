// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.demo.FakeService;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.member.MemberName;

/// Inputs and requests on the command line.
class InputTest {
    private static final MemberName C0 = MemberName.client(0);
    private static final String ID = "4c33fafb3e20a3fb9a7abeddcf53e347-0";
    private static final String QUERY = "label=7&parties=P0%2CP1&protocols=spdz2k%2Cmascot&bits=64&precision=0&times=1"
            + "&until=2099-01-01T00%3A00%3A00Z";

    @TempDir
    Path folder;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private Deployment deployment;

    @BeforeEach
    void makeDeployment() throws Exception {
        var plan = new Plan(folder.resolve("d"), 2, List.of(C0), "spdz2k", Optional.empty(), Optional.empty());
        deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
    }

    private Run input(Path file, Object... more) {
        var arguments = new ArrayList<Object>(List.of("input", "--dir", folder.resolve("d")));
        arguments.addAll(List.of(more));
        arguments.add(file);
        return Run.at(now, arguments.toArray());
    }

    private static Object[] parameters(Object... more) {
        var all = new ArrayList<Object>(List.of(
                "--label",
                "7",
                "--parties",
                "P0,P1",
                "--protocols",
                "spdz2k,mascot",
                "--bits",
                "64",
                "--until",
                "2099-01-01T00:00:00Z"));
        all.addAll(List.of(more));
        return all.toArray();
    }

    @Test
    void a_files_name_decides_its_format() throws Exception {
        var csv = Files.writeString(folder.resolve("x.csv"), "1\n2\n");
        var raw = Files.writeString(folder.resolve("x.bin"), "12345678");
        var json = Files.writeString(folder.resolve("x.json"), "{\"label\":7}");
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers("POST /v1/inputs?" + QUERY, 201, "{\"id\":\"one\"}");
            client.answers("POST /v1/inputs?" + QUERY + "&size=4", 201, "{\"id\":\"two\"}");
            client.answers("POST /v1/inputs", 201, "{\"id\":\"three\"}");

            assertThat(input(csv, parameters()).succeeded().out()).contains("The input waits at C0 as one");
            assertThat(input(raw, parameters("--size", "4")).succeeded().out()).contains("as two");
            assertThat(input(json).succeeded().out()).contains("as three");

            assertThat(client.bodies()).containsExactly("1\n2\n", "12345678", "{\"label\":7}");
        }
    }

    @Test
    void a_refusal_of_the_client_is_printed() throws Exception {
        var csv = Files.writeString(folder.resolve("x.csv"), "1\n");
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers("POST /v1/inputs?" + QUERY, 409, "{\"title\":\"Another input waits\"}");

            input(csv, parameters()).failedWith("C0 did not take the input. Another input waits");
        }
    }

    @Test
    void missing_options_are_named() {
        input(folder.resolve("x.csv"), "--label", "7").failedWith("--parties is missing");
        input(folder.resolve("none.csv"), parameters()).failedWith("There is no file");
        input(folder.resolve("x.csv"), "--member", "P0").failedWith("P0 gives no inputs");
    }

    /// Digits that are read as raw integers are other values.
    @Test
    void the_format_of_a_file_is_not_guessed() throws Exception {
        var text = Files.writeString(folder.resolve("x.txt"), "12345678");

        input(text, parameters()).failedWith("Add --format csv, raw or json");
        input(Path.of("-"), parameters()).failedWith("Add --format csv, raw or json");
        input(text, parameters("--format", "text")).failedWith("Add --format csv, raw or json");
    }

    /// Its owner would believe that only this program may use it.
    @Test
    void a_condition_that_would_not_be_sent_is_refused() throws Exception {
        var json = Files.writeString(folder.resolve("x.json"), "{\"label\":7}");

        input(json, "--program", "ab".repeat(32)).failedWith("JSON has its own parameters: say program in");
        input(json, "--times", "1").failedWith("instead of by --times");
    }

    @Test
    void the_consent_of_an_input_without_a_program_is_explained() {
        assertThat(Run.of("input", "--help").out().replaceAll("\\s+", " "))
                .contains("Without it, any program that an honest party agrees to run may use the input");
    }

    @Test
    void open_requests_are_shown_and_refused() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "GET /v1/requests",
                    200,
                    "{\"requests\":[{\"id\":\"" + ID + "\",\"label\":7,\"count\":10,\"reason\":\"No input waits.\"}]}");
            client.answers("POST /v1/requests/" + ID + "/answer", 204, "");
            var dir = folder.resolve("d");

            assertThat(Run.at(now, "requests", "--dir", dir).succeeded().out()).contains(ID, "No input waits.");
            assertThat(Run.at(now, "requests", "--dir", dir, "--refuse", ID)
                            .succeeded()
                            .out())
                    .contains("Refused " + ID);
            Run.at(now, "requests", "--dir", dir, "--refuse", "x").failedWith("An id is 32 hex digits");
        }
    }

    @Test
    void programs_get_requests_with_labels_as_text() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "GET /v1/requests",
                    200,
                    "{\"requests\":[{\"id\":\"" + ID + "\",\"label\":9007199254740993,\"count\":10}]}");

            var run = Run.at(now, "requests", "--dir", folder.resolve("d"), "-o", "json")
                    .succeeded();

            assertThat(run.out()).isEqualTo("[{\"id\":\"" + ID + "\",\"label\":\"9007199254740993\",\"count\":10}]\n");
        }
    }

    @Test
    void waiting_inputs_are_shown_and_deleted() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "GET /v1/inputs",
                    200,
                    "{\"inputs\":[{\"id\":\"one\",\"label\":7,\"count\":3,\"parties\":[\"P0\",\"P1\"],"
                            + "\"protocols\":[\"spdz2k\"],\"times\":1,\"until\":\"2099-01-01T00:00:00Z\"}]}");
            client.answers("DELETE /v1/inputs/one", 204, "");
            var dir = folder.resolve("d");

            assertThat(Run.at(now, "inputs", "--dir", dir).succeeded().out()).contains("one", "P0,P1", "spdz2k");
            assertThat(Run.at(now, "inputs", "--dir", dir, "-o", "json")
                            .succeeded()
                            .out())
                    .contains("\"label\":\"7\"");
            assertThat(Run.at(now, "inputs", "--dir", dir, "--delete", "one")
                            .succeeded()
                            .out())
                    .contains("Took back one");
            Run.at(now, "inputs", "--dir", dir, "--delete", "two").failedWith("C0 did not do it");
            Run.at(now, "inputs", "--dir", dir, "--delete", "../results/x").failedWith("--delete takes an id");
        }
    }
}
