// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

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
import org.shareferry.cli.demo.FakeService;
import org.shareferry.cli.init.DeploymentMaker;
import org.shareferry.cli.init.Plan;
import org.shareferry.member.MemberName;

class SubmitTest {
    private static final String POST = "POST /v1/deliveries";
    private static final String TAKEN = "{\"id\":\"4c33fafb3e20a3fb9a7abeddcf53e347-0\",\"state\":\"sealed\"}";

    @TempDir
    Path folder;

    private Path site;
    private FakeService party;

    @BeforeEach
    void start() throws Exception {
        site = folder.resolve("site");
        var plan = new Plan(site, 2, List.of(MemberName.client(0)), "spdz2k", Optional.empty(), Optional.empty());
        var deployment = new DeploymentMaker(Clock.systemUTC()).make(plan);
        party = new FakeService(deployment, deployment.of(MemberName.party(1)));
    }

    @AfterEach
    void stop() {
        party.close();
    }

    private Run submit(Object... arguments) {
        var all = new java.util.ArrayList<Object>(List.of("submit"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", site));
        return Run.at(Instant.now(), all.toArray());
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void a_file_is_submitted_to_the_party_in_its_name() throws Exception {
        party.answers(POST, 202, TAKEN);

        var run = submit(file("P1.handover.json", "{\"one\":1}")).succeeded();

        assertThat(run.out()).isEqualTo("P1  4c33fafb3e20a3fb9a7abeddcf53e347-0  sealed\n");
        assertThat(party.bodies()).containsExactly("{\"one\":1}");
    }

    @Test
    void a_submission_is_retried_while_the_service_has_no_key() throws Exception {
        party.answers(POST, 503, "{\"title\":\"No valid recipient key at hand\"}")
                .answers(POST, 202, TAKEN);

        var run =
                submit(file("shares.cbor", "x"), "--member", "P1", "-o", "json").succeeded();

        assertThat(run.out()).contains("\"state\":\"sealed\"");
        assertThat(party.bodies()).containsExactly("x", "x");
    }

    @Test
    void a_refusal_is_reported_at_once() throws Exception {
        party.answers(POST, 422, "{\"title\":\"Hand-over invalid\",\"detail\":\"Too short.\"}");

        submit(file("P1.json", "{}")).failedWith("Hand-over invalid: Too short.");
    }

    @Test
    void invalid_files_are_reported_before_anything_is_handed_over() throws Exception {
        party.answers(POST, 202, TAKEN);
        var good = file("P1.handover.json", "{}");

        submit(good, file("shares.json", "{}")).failedWith("does not name a party");
        submit(good, file("P1.txt", "{}")).failedWith("must end in .json, .cbor or .bin");
        submit(good, folder.resolve("P1.none.json")).failedWith("does not exist");
        submit(file("x.json", "{}"), "--member", "C0").failedWith("C0 has no shares");
        submit(file("y.json", "{}"), "--member", "P9").failedWith("has no member P9");
        submit(good, good, "--member", "P1").failedWith("--member is for one file");
        assertThat(party.bodies()).isEmpty();
    }
}
