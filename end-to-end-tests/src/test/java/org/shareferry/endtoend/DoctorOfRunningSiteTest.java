// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Of a site that runs as `shareferry init` set it up the doctor has nothing to say.
@Tag("slow")
class DoctorOfRunningSiteTest {
    @TempDir
    Path temporary;

    @Test
    void a_site_that_runs_has_no_fault_and_no_warning() {
        try (var site = new Site(temporary.resolve("site"), 2, Site.SPDZ2K)) {
            site.startAll();
            // The relay fetches C0's keys by itself, and the doctor asks it for them.
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> site.curl("R0", "/v1/members/C0/keys").output().contains("\"signature\""));

            // This requires exit code 0.
            var output = Site.shareferry("doctor", "--json", "--dir", temporary.resolve("site"));

            var found = JsonMapper.shared().readTree(output);
            assertThat(found.get("findings").values())
                    .as(output)
                    .hasSizeGreaterThan(40)
                    .allSatisfy(finding ->
                            assertThat(finding.get("severity").asString()).isEqualTo("ok"));
            assertThat(found.get("findings").findValuesAsString("checked"))
                    .contains("keys of C0", "own service of R0", "own service of C0");
        }
    }
}
