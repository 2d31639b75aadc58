// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.shareferry.service.fixture.ScheduledLook;
import org.springframework.scheduling.config.ScheduledTaskHolder;

/// The service finds its own faults as `shareferry doctor` does: before it starts, and while it runs.
class LookedOverHttpTest {
    private static void swapCertificate(PartyHost host, String certificate) throws Exception {
        var folder = host.members().folder();
        for (var kind : new String[] {".key", ".crt"}) {
            Files.copy(
                    folder.resolve(certificate + kind),
                    folder.resolve("P1" + kind),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String management(PartyHost host, String path) throws Exception {
        return host.client("alice")
                .send(HttpRequest.newBuilder(host.management(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void with_an_expired_certificate_it_does_not_start_and_says_what_mends_it() throws Exception {
        try (var host = PartyHost.start()) {
            host.shutDown();
            swapCertificate(host, TestMembers.EXPIRED);

            var thrown = catchThrowable(host::boot);

            assertThat(thrown)
                    .hasMessageContaining("P1.crt")
                    .hasMessageContaining("has ended at")
                    .hasMessageContaining("Mend it with: ");
        }
    }

    @Test
    void a_certificate_that_turns_bad_while_it_runs_is_seen_in_health_and_metrics() throws Exception {
        try (var host = PartyHost.start()) {
            assertThat(management(host, "/actuator/health")).contains("\"status\":\"UP\"");

            swapCertificate(host, TestMembers.EXPIRED);

            await().untilAsserted(() -> {
                assertThat(management(host, "/actuator/prometheus"))
                        .containsPattern("shareferry_doctor_findings\\{[^}]*mark=\"fault\"[^}]*} [1-9]")
                        .containsPattern("shareferry_certificate_remaining_seconds\\{[^}]*P1.crt[^}]*} -");
                assertThat(management(host, "/actuator/health")).contains("\"status\":\"DOWN\"");
            });
        }
    }

    @Test
    void it_looks_again_every_hour() throws Exception {
        try (var host = PartyHost.start()) {
            assertThat(ScheduledLook.of(host.bean(ScheduledTaskHolder.class))).isEqualTo(Duration.ofHours(1));
        }
    }
}
