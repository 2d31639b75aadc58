// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.ScheduledLook;
import org.shareferry.service.fixture.SettableClock;
import org.springframework.scheduling.config.ScheduledTaskHolder;

/// The service finds its own faults as `shareferry doctor` does: before it starts, and while it runs.
class LookedOverHttpTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private void expire() throws Exception {
        var start = SettableClock.START;
        Certificate.of("R0", start.minus(Duration.ofDays(20)), start.minusSeconds(1))
                .write(folder, "tls");
    }

    private static String management(RunningRelay running, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + running.managementPort() + path);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void with_an_expired_certificate_it_does_not_start_and_says_what_mends_it() throws Exception {
        var world = new World(folder);
        expire();

        var thrown = catchThrowable(() -> RunningRelay.start(world, clock));

        assertThat(thrown)
                .hasMessageContaining("tls.crt")
                .hasMessageContaining("has ended at")
                .hasMessageContaining("Mend it with: ");
    }

    @Test
    void a_certificate_that_turns_bad_while_it_runs_is_seen_in_health_and_metrics() throws Exception {
        try (var running = RunningRelay.start(new World(folder), clock)) {
            assertThat(management(running, "/actuator/health")).contains("\"status\":\"UP\"");

            expire();

            await().atMost(RunningRelay.patience()).untilAsserted(() -> {
                assertThat(management(running, "/actuator/prometheus"))
                        .containsPattern("shareferry_doctor_findings\\{[^}]*mark=\"fault\"[^}]*} [1-9]")
                        .containsPattern("shareferry_certificate_remaining_seconds\\{[^}]*tls.crt[^}]*} -");
                assertThat(management(running, "/actuator/health")).contains("\"status\":\"DOWN\"");
            });
        }
    }

    @Test
    void it_looks_again_every_hour() {
        try (var running = RunningRelay.start(new World(folder), clock)) {
            assertThat(ScheduledLook.of(running.bean(ScheduledTaskHolder.class)))
                    .isEqualTo(Duration.ofHours(1));
        }
    }
}
