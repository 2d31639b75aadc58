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
            client.answers(
                    "POST /v1/inputs?" + QUERY,
                    201,
                    "{\"id\":\"one\",\"detail\":\"The input waits for the next request.\"}");
            client.answers("POST /v1/inputs?" + QUERY + "&size=4", 201, "{\"id\":\"two\"}");
            client.answers("POST /v1/inputs", 201, "{\"id\":\"three\"}");
            client.answers(
                    "GET /v1/inputs", 200, "{\"inputs\":[{\"id\":\"one\"},{\"id\":\"two\"},{\"id\":\"three\"}]}");
            client.answers("GET /v1/requests", 200, "{\"requests\":[]}");

            assertThat(input(csv, parameters()).succeeded().out())
                    .isEqualTo("C0 has stored the input as one.\nThe input waits for the next request.\n");
            assertThat(input(raw, parameters("--size", "4")).succeeded().out()).contains("as two");
            assertThat(input(json).succeeded().out()).contains("as three");

            assertThat(client.bodies()).containsExactly("1\n2\n", "12345678", "{\"label\":7}");
        }
    }

    /// Gives an input for which the program has already asked.
    private Run tooLate(Object... more) throws Exception {
        var csv = Files.writeString(folder.resolve("x.csv"), "1\n");
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "POST /v1/inputs?" + QUERY,
                    201,
                    "{\"id\":\"one\",\"next\":\"answer-requests\",\"detail\":\"\",\"openRequests\":[{\"id\":\"" + ID
                            + "\",\"label\":\"7\",\"parties\":[\"P0\",\"P1\"],\"protocol\":\"semi2k\",\"verdict\":\"UNVERIFIED\","
                            + "\"reason\":\"asked-before-input\",\"detail\":\"The request is older.\",\"acceptsValues\":true}]}");
            return input(csv, parameters(more)).succeeded();
        }
    }

    @Test
    void an_input_after_its_request_prints_the_command_that_answers_the_request() throws Exception {
        assertThat(tooLate().out())
                .isEqualTo("C0 has stored the input as one.\nIt does not answer the open request " + ID
                        + ": The request is older.\nRequest " + ID + " is not VERIFIED (protocol semi2k): cheating"
                        + " parties could learn your values. It gets values only if you accept this, see shareferry"
                        + " input --help.\nTo answer request " + ID + ", write its values to standard input, one on"
                        + " each line:\n  shareferry input --request " + ID + " --parties P0,P1 --format csv --dir "
                        + folder.resolve("d") + " -\n");
    }

    @Test
    void programs_get_a_given_input_as_json() throws Exception {
        assertThat(tooLate("-o", "json").out())
                .isEqualTo(
                        "{\"client\":\"C0\",\"input\":\"one\",\"next\":\"answer-requests\",\"openRequests\":[{\"id\":\""
                                + ID + "\",\"label\":\"7\",\"parties\":[\"P0\",\"P1\"],\"verdict\":\"UNVERIFIED\","
                                + "\"reason\":\"asked-before-input\",\"detail\":\"The request is older.\"}]}\n");
    }

    private Run answer(Object... arguments) {
        var all = new ArrayList<Object>(List.of("input", "--dir", folder.resolve("d"), "--request", ID));
        all.addAll(List.of(arguments));
        return Run.at(now, all.toArray());
    }

    @Test
    void an_open_request_is_answered_with_values() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers("POST /v1/requests/" + ID + "/answer?parties=P0%2CP1", 204, "");

            var run = answer("--parties", "P0,P1", "--accept-unverified", "semi2k", "12", "-7.5")
                    .succeeded();

            assertThat(run.out()).isEqualTo("C0 has answered request " + ID + ". The answer can never be changed.\n");
            assertThat(client.bodies())
                    .containsExactly("{\"values\":[\"12\",\"-7.5\"],\"acceptUnverified\":[\"semi2k\"]}");
        }
    }

    @Test
    void an_open_request_is_answered_with_a_file() throws Exception {
        var raw = Files.writeString(folder.resolve("x.raw"), "12345678");
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers("POST /v1/requests/" + ID + "/answer?acceptUnverified=semi2k&size=4", 204, "");

            var run = answer("--format", "raw", "--size", "4", "--accept-unverified", "semi2k", "-o", "json", raw)
                    .succeeded();

            assertThat(run.out()).isEqualTo("{\"client\":\"C0\",\"answered\":\"" + ID + "\"}\n");
            assertThat(client.bodies()).containsExactly("12345678");
        }
    }

    @Test
    void an_answer_that_the_client_refuses_is_an_error() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "POST /v1/requests/" + ID + "/answer",
                    409,
                    "{\"title\":\"Not answered\",\"detail\":\"The request already has an answer.\"}");

            answer("1").failedWith("C0 did not answer request " + ID + ". Not answered: The request already has");
        }
    }

    @Test
    void wrong_arguments_of_an_answer_are_named() {
        answer("--bits", "64", "1").failedWith("The request has its own bits; leave --bits out");
        answer("--until", "2099-01-01T00:00:00Z", "1").failedWith("--until does not apply to an answer; leave it out.");
        answer("--times", "2", "1").failedWith("--times does not apply to an answer; leave it out.");
        answer("--size", "4", "1").failedWith("--size is for raw integers; leave it out.");
        answer("--format", "csv", "--size", "4", "a").failedWith("--size is for raw integers; leave it out.");
        answer("--format", "json", "--size", "4", "a").failedWith("--size is for raw integers; leave it out.");
        answer("--format", "json", "--accept-unverified", "semi2k", "100%.json")
                .failedWith("Set accept-unverified in 100%.json, not with --accept-unverified.");
        answer("--format", "csv", "a", "b").failedWith("--format is for a file");
        answer("--parties", "P0", "1").failedWith("An id is 32 hex digits");
        input(Path.of("1"), parameters("2")).failedWith("values without a file need --request");
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
    void an_option_that_would_be_ignored_is_refused() throws Exception {
        var json = Files.writeString(folder.resolve("x.json"), "{\"label\":7}");

        input(json, "--program", "ab".repeat(32)).failedWith("Set program in " + json + ", not with --program.");
        input(json, "--times", "1").failedWith("not with --times");
        input(Path.of("x.csv"), parameters("--size", "4")).failedWith("--size is for raw integers; leave it out.");
    }

    @Test
    void the_help_explains_what_an_input_without_a_program_allows() {
        assertThat(Run.of("input", "--help").out().replaceAll("\\s+", " "))
                .contains("Without it, any program that an honest party agrees to run may use the input");
    }

    @Test
    void open_requests_are_shown_and_refused() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "GET /v1/requests",
                    200,
                    "{\"requests\":[{\"id\":\"" + ID
                            + "\",\"label\":\"7\",\"count\":10,\"parties\":[\"P0\",\"P1\"],\"verdict\":\"VERIFIED\",\"reason\":\"no-input\","
                            + "\"detail\":\"No input waits.\",\"acceptsValues\":true},{\"id\":\"other\"}]}");
            client.answers("POST /v1/requests/" + ID + "/answer", 204, "");
            var dir = folder.resolve("d");

            assertThat(Run.at(now, "requests", "--dir", dir).succeeded().out())
                    .contains(
                            ID,
                            "No input waits.",
                            "\nTo answer request " + ID + ", write its values to standard input, one on each line:\n"
                                    + "  shareferry input --request " + ID + " --parties P0,P1 --format csv --dir "
                                    + dir
                                    + " -\n")
                    .doesNotContain("not VERIFIED");
            assertThat(Run.at(now, "requests", "--dir", dir, "--refuse", ID)
                            .succeeded()
                            .out())
                    .contains("Refused " + ID);
            Run.at(now, "requests", "--dir", dir, "--refuse", "x").failedWith("An id is 32 hex digits");
            Run.at(now, "requests", "--dir", dir, "--refuse", ID.replace("-0", "-1"))
                    .failedWith("C0 did not refuse request " + ID.replace("-0", "-1") + ". ");
        }
    }

    @Test
    void programs_get_requests_with_labels_as_text() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    "GET /v1/requests",
                    200,
                    "{\"requests\":[{\"id\":\"" + ID + "\",\"label\":\"9007199254740993\",\"count\":10}]}");

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
                    "{\"inputs\":[{\"id\":\"one\",\"label\":\"7\",\"count\":3,\"parties\":[\"P0\",\"P1\"],"
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
            Run.at(now, "inputs", "--dir", dir, "--delete", "two").failedWith("C0 did not delete input two. ");
            Run.at(now, "inputs", "--dir", dir, "--delete", "../results/x").failedWith("--delete takes an id");
        }
    }
}
