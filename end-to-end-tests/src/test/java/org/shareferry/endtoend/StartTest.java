// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which beans a service has is decided when it is built, or anew where an operator's settings may change it.
@Tag("slow")
class StartTest {
    private static final String DECIDED_BEFORE = "Starting AOT-processed";
    private static final String DOCUMENT = "/v3/api-docs";

    @TempDir
    Path temporary;

    @Test
    void settings_take_effect_with_and_without_prepared_beans() throws Exception {
        try (var site = new Site(temporary.resolve("site"), 2, Site.SPDZ2K)) {
            add(site, "P1", "springdoc.api-docs.enabled: false");
            add(site, "C0", "logging.level.org.shareferry: DEBUG");

            site.startAll();

            for (var member : new String[] {"P0", "R0", "C0"}) {
                assertThat(log(site, member)).as(member).contains(DECIDED_BEFORE);
                assertThat(site.get(member, DOCUMENT).at("/info/version").asString())
                        .as(member)
                        .isEqualTo(Programs.version());
            }
            assertThat(log(site, "C0")).contains("\"DEBUG\"");
            assertThat(log(site, "P1"))
                    .doesNotContain(DECIDED_BEFORE)
                    .contains("because these settings may change the set of beans: [springdoc.api-docs.enabled]");
            assertThat(status(site, "P1")).isEqualTo("404");
            // Neither party has the port of a VM.
            assertThat(site.get("P0", "/v1/deliveries").path("vms")).isEmpty();
        }
    }

    private static void add(Site site, String member, String setting) throws IOException {
        Files.writeString(
                site.home(member).resolve("application.yml"), "\n---\n" + setting + "\n", StandardOpenOption.APPEND);
    }

    private static String log(Site site, String member) {
        return Site.read(site.home(member).resolve("service.log"));
    }

    private static String status(Site site, String member) {
        return site.curl(member, DOCUMENT, "-o", "/dev/null", "-w", "%{http_code}")
                .output();
    }
}
