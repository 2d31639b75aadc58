// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
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

    @Test
    void results_are_deleted_one_after_the_other_until_one_cannot_be() throws Exception {
        try (var client = new FakeService(deployment, deployment.of(C0))) {
            client.answers("DELETE /v1/results/" + FIRST, 204, "");
            client.answers(
                    "DELETE /v1/results/" + SECOND,
                    409,
                    "{\"title\":\"Not available\",\"detail\":\"It has not" + " ended.\"}");

            Run.at(Instant.now(), "delete", "--dir", folder, FIRST).succeeded();
            var run = Run.at(Instant.now(), "delete", "--dir", folder, FIRST, SECOND)
                    .failedWith("C0 did not delete " + SECOND + ". Not available: It has not ended.");

            assertThat(run.out()).contains("Deleted " + FIRST).doesNotContain(SECOND);
        }
    }

    @Test
    void a_malformed_id_or_a_wrong_member_is_refused_before_any_request() throws Exception {
        Run.at(Instant.now(), "delete", "--dir", folder, "../keys").failedWith("An id is 32 hex digits");
        Run.at(Instant.now(), "delete", "--dir", folder, "--member", "P0", FIRST)
                .failedWith("P0 has no results");
    }
}
