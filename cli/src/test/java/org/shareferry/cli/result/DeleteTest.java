// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

class DeleteTest {
    private static final MemberName C0 = MemberName.client(0);
    private static final String FIRST = "4c33fafb3e20a3fb9a7abeddcf53e347-0";
    private static final String SECOND = "4c33fafb3e20a3fb9a7abeddcf53e347-1";

    @TempDir
    Path folder;

    private Deployment deployment;

    @BeforeEach
    void makeDeployment() throws Exception {
        var plan = new Plan(folder, 2, List.of(C0), "spdz2k", Optional.empty(), Optional.empty());
        deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
    }

    private Run delete(Object... arguments) {
        var all = new ArrayList<Object>(List.of("results", "delete", "--dir", folder));
        all.addAll(List.of(arguments));
        return Run.at(Instant.now(), all.toArray());
    }

    @Test
    void results_are_deleted_one_after_the_other_until_one_cannot_be() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers("DELETE /v1/results/" + FIRST, 204, "");
            client.answers("DELETE /v1/results/" + FIRST + "/values?parties=P0,P1", 204, "");
            client.answers(
                    "DELETE /v1/results/" + SECOND,
                    409,
                    "{\"title\":\"Not available\",\"detail\":\"It has not" + " ended.\"}");

            delete("--yes", FIRST).succeeded();
            assertThat(delete("--yes", "--values", "--parties", "P0,P1", FIRST)
                            .succeeded()
                            .out())
                    .isEqualTo("Deleted the values of " + FIRST + "\n");
            var run = delete("--yes", FIRST, SECOND)
                    .failedWith("C0 did not delete delivery " + SECOND + ". Not available: It has not ended.");

            assertThat(run.out()).contains("Deleted delivery " + FIRST).doesNotContain(SECOND);
            assertThat(delete("--yes", "-o", "json", FIRST, SECOND).out())
                    .isEqualTo("[{\"id\":\"" + FIRST + "\",\"deleted\":\"delivery\"}]\n");
        }
    }

    private static String result(String id, String more, Duration age) {
        return "{\"id\":\"" + id + "\",\"parties\":[\"P0\",\"P1\"],\"scheme\":\"batched\",\"ended\":\""
                + Instant.now().minus(age) + "\"," + more + "}";
    }

    @Test
    void only_old_ended_results_of_all_pages_are_deleted() throws Exception {
        var list = "GET /v1/results?numbers=string&limit=200&order=oldest";
        var checked = "\"state\":\"checked\",\"verdict\":\"VERIFIED\"";
        var rejected = "\"state\":\"checked\",\"verdict\":\"REJECTED\"";
        var third = FIRST.replace("-0", "-2");
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers(
                    list,
                    200,
                    "{\"results\":[" + result(FIRST, checked, Duration.ofDays(31)) + ","
                            + result(third, "\"state\":\"deleted\"", Duration.ofDays(31)) + ","
                            + result(third, checked, Duration.ofDays(29)) + "],\"next\":\"a=b\"}");
            client.answers(
                    list + "&after=a%3Db",
                    200,
                    "{\"results\":[" + result(SECOND, rejected, Duration.ofDays(40)) + "]}");
            client.answers("DELETE /v1/results/" + FIRST + "?parties=P0,P1", 204, "");
            client.answers("DELETE /v1/results/" + SECOND + "?parties=P0,P1", 204, "");
            client.answers("DELETE /v1/results/" + FIRST + "/values?parties=P0,P1", 204, "");

            var all = delete("--older-than", "30d", "--yes").succeeded();
            var values = delete("--older-than", "30d", "--yes", "--values", "-o", "json")
                    .succeeded();

            assertThat(all.out()).isEqualTo("Deleted delivery " + FIRST + "\nDeleted delivery " + SECOND + "\n");
            assertThat(values.out())
                    .isEqualTo("[{\"id\":\"" + FIRST + "\",\"deleted\":\"values\",\"parties\":\"P0,P1\"}]\n");
        }
    }

    @Test
    void nothing_is_deleted_unless_somebody_says_yes() {
        delete(FIRST).failedWith("Delete delivery " + FIRST + " at C0? This is no terminal");
    }

    @Test
    void a_malformed_id_or_a_wrong_member_is_refused_before_any_request() {
        delete("--yes", "../keys").failedWith("An id is 32 hex digits");
        delete("--yes", "--member", "P0", FIRST).failedWith("P0 has no results");
        delete("--yes").failedWith("Name what to delete");
        delete("--yes", "--older-than", "30d", FIRST).failedWith("Name what to delete");
        delete("--yes", "--older-than", "-1d").failedWith("--older-than is a number");
    }
}
