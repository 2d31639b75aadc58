// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.WatchedCommand;
import org.shareferry.cli.demo.FakeService;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.member.MemberName;

class ResultsTest {
    private static final MemberName C0 = MemberName.client(0);
    private static final String ID = "4c33fafb3e20a3fb9a7abeddcf53e347-0";
    private static final String HEAD = "\"id\":\"" + ID + "\",\"label\":\"7\",\"scheme\":\"batched\",\"count\":%d,"
            + "\"parties\":[\"P0\",\"P1\"],\"state\":\"checked\",\"firstSeen\":\"2026-01-01T12:00:00Z\"";
    private static final String SHOWN = "GET /v1/results/" + ID + "?parties=P0,P1&numbers=string";

    @TempDir
    Path folder;

    private FakeService client;

    @BeforeEach
    void start() throws Exception {
        var plan = new Plan(folder, 2, List.of(C0), "spdz2k", Optional.empty(), Optional.empty());
        var deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
        client = new FakeService(deployment, deployment.of(C0));
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private Run results(Object... arguments) {
        var all = new java.util.ArrayList<Object>(List.of("results"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", folder));
        return Run.at(Instant.now(), all.toArray());
    }

    private void has(String query, int count, String more) {
        client.answers(
                "GET /v1/results?numbers=string&limit=1" + query,
                200,
                "{\"results\":[{" + HEAD.formatted(count) + more + "}]}");
    }

    private void shows(int count, String more) {
        client.answers(SHOWN, 200, "{" + HEAD.formatted(count) + more + "}");
    }

    @Test
    void a_single_value_is_shown_next_to_its_verdict() {
        has("", 1, ",\"verdict\":\"VERIFIED\"");
        shows(1, ",\"verdict\":\"VERIFIED\",\"values\":[\"4\"]");

        var run = results("get", "--latest").succeeded();

        assertThat(run.out()).isEqualTo("4  VERIFIED\n");
    }

    @Test
    void values_beyond_double_are_exact_in_every_form() throws Exception {
        has("&label=7", 2, ",\"verdict\":\"VERIFIED\"");
        shows(2, ",\"verdict\":\"VERIFIED\",\"reasons\":[],\"values\":[\"9007199254740993\",\"-1\"]");
        var file = folder.resolve("out.json");

        assertThat(results("get", "--label", "7").succeeded().out()).isEqualTo("9007199254740993\n-1\nVERIFIED\n");
        results("get", "--label", "7", "-o", "json", "--out", file).succeeded();
        assertThat(Files.readString(file)).contains("\"9007199254740993\"");
        results("get", "--label", "7", "-o", "json", "--out", file).failedWith("cannot be written: it exists");
    }

    @Test
    void a_rejected_result_shows_the_reason_and_exits_with_1() {
        has("", 2, ",\"verdict\":\"REJECTED\"");
        shows(2, ",\"verdict\":\"REJECTED\",\"reasons\":[\"the check failed in chunk 1\"]");

        var run = results("get", "--latest");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("REJECTED\n  the check failed in chunk 1\n");
        results("get", "--latest", "-o", "csv").failedWith("REJECTED");
    }

    /// Each set of parties of a client can use any label.
    @Test
    void a_result_can_be_selected_by_its_set_of_parties() {
        has("&label=7&parties=P0%2CP1", 1, ",\"verdict\":\"VERIFIED\"");
        shows(1, ",\"verdict\":\"VERIFIED\",\"values\":[\"4\"]");

        var run = results("get", "--label", "7", "--parties", "P0,P1").succeeded();

        assertThat(run.out()).isEqualTo("4  VERIFIED\n");
    }

    @Test
    void control_characters_of_the_service_are_not_printed() {
        has("", 2, ",\"verdict\":\"REJECTED\"");
        shows(2, ",\"verdict\":\"REJECTED\\u009b2J\",\"reasons\":[\"a\\u009b31mb\\u202ec\"]");

        var run = results("get", "--latest");

        assertThat(run.out()).isEqualTo("REJECTED 2J\n  a 31mb c\n");
    }

    @Test
    void lists_use_the_filters() {
        client.answers(
                "GET /v1/results?numbers=string&limit=50&label=7&verdict=VERIFIED",
                200,
                "{\"results\":[{" + HEAD.formatted(2) + ",\"verdict\":\"VERIFIED\"}]}");

        var table = results("list", "--label", "7", "--verdict", "VERIFIED")
                .succeeded()
                .out();
        var json = results("list", "--label", "7", "--verdict", "VERIFIED", "-o", "json")
                .succeeded()
                .out();

        assertThat(table).contains("result", ID, "VERIFIED");
        assertThat(json).startsWith("[{\"id\":\"" + ID + "\",\"label\":\"7\"");
    }

    @Test
    void a_missing_result_or_option_is_reported() {
        client.answers("GET /v1/results?numbers=string&limit=1", 200, "{\"results\":[]}");

        results("get", "--latest").failedWith("No result that fits has arrived at C0");
        results("get").failedWith("Name one result");
        results("get", "x").failedWith("An id is 32 hex digits");
        results("get", "--latest", "-o", "npy").failedWith("--out");
        results("get", "--latest", "--member", "P0").failedWith("P0 has no results");
        results("get", "--latest", "--member", "C7").failedWith("has no member C7");
    }

    @Test
    void each_further_result_is_shown_while_it_is_watched() throws Exception {
        var list = "GET /v1/results?numbers=string&limit=200&label=7";
        var other = ID.replace("-0", "-1");
        var one = "{" + HEAD.formatted(1) + ",\"verdict\":\"VERIFIED\"}";
        var two = one.replace(ID, other);
        client.answers(list, 200, "{\"results\":[" + one + "]}")
                .answers(list, 200, "{\"results\":[" + two + "," + one + "]}");
        shows(1, ",\"verdict\":\"VERIFIED\",\"values\":[\"4\"]");
        client.answers(
                SHOWN.replace(ID, other),
                200,
                "{" + HEAD.formatted(1).replace(ID, other) + ",\"verdict\":\"VERIFIED\",\"values\":[\"5\"]}");

        var out = WatchedCommand.until("5  VERIFIED", "results", "get", "--label", "7", "--watch", "--dir", folder);

        assertThat(out).isEqualTo("4  VERIFIED\n5  VERIFIED\n");
        results("get", "--latest", "--watch", "-o", "csv").failedWith("--watch");
        results("get", ID, "--watch").failedWith("--watch");
    }

    @Test
    void control_characters_are_escaped_in_json() {
        client.answers(
                "GET /v1/results?numbers=string&limit=50",
                200,
                "{\"results\":[{" + HEAD.formatted(1) + ",\"reasons\":[\"a\\u009b2Jb\"]}]}");

        var run = results("list", "-o", "json").succeeded();

        assertThat(run.out()).contains("a\\u009B2Jb").matches("\\p{ASCII}+");
    }

    private static final String REQUEST = "4c33fafb3e20a3fb9a7abeddcf53e347-0";

    private void asks() {
        client.answers(
                "GET /v1/requests",
                200,
                "{\"requests\":[{\"id\":\"" + REQUEST + "\",\"label\":\"7\",\"detail\":\"No input is waiting.\"}]}");
    }

    @Test
    void a_missing_result_is_explained_by_an_open_request() {
        client.answers("GET /v1/results?numbers=string&limit=1", 200, "{\"results\":[]}");
        asks();

        results("get", "--latest")
                .failedWith("A program waits for an input of C0: request " + REQUEST
                        + ", label 7 (shareferry requests shows how to answer it)");
    }

    @Test
    void a_request_without_an_answer_is_shown_as_such() {
        client.answers(
                "GET /v1/results/" + REQUEST + "?numbers=string",
                200,
                "{\"id\":\"" + REQUEST
                        + "\",\"parties\":[\"P0\",\"P1\"],\"scheme\":\"input\",\"verdict\":\"VERIFIED\"}");
        client.answers(
                "GET /v1/results/" + REQUEST + "?parties=P0,P1&numbers=string",
                200,
                "{\"id\":\"" + REQUEST + "\",\"scheme\":\"input\",\"verdict\":\"VERIFIED\"}");
        asks();

        assertThat(results("get", REQUEST).succeeded().out())
                .isEqualTo("VERIFIED\n  This request waits for an answer: No input is waiting.\n");
    }
}
