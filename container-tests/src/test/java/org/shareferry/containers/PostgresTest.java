// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.containers.Sample.assertArrived;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `docker compose --profile postgres up`.
@WithEveryProfile
class PostgresTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Compose compose;

    PostgresTest(Compose compose) {
        this.compose = compose;
    }

    private int rows(String server, String table) {
        var counted = compose.docker(
                        "exec",
                        compose.container(server),
                        "psql",
                        "--username=shareferry",
                        "-tAc",
                        "SELECT count(*) FROM " + table)
                .orFail();
        return Integer.parseInt(counted.output().strip());
    }

    @ParameterizedTest
    @CsvSource({
        "party-service-p0, postgres-p0, envelope",
        "party-service-p1, postgres-p1, envelope",
        "relay-service, postgres-r0, bundle",
        "client-service, postgres-c0, value_chunk"
    })
    void every_service_keeps_what_it_has_in_its_own_server(String service, String server, String table) {
        int before = rows(server, table);

        assertArrived(compose.sample(), compose);

        assertThat(rows(server, table)).isGreaterThan(before);
        assertThat(compose.inside(service, "cat /data/store").output().strip()).isEqualTo("postgres");
        assertThat(compose.inside(service, "find /data -name '*.db*'").output()).isEmpty();
    }

    @Test
    void a_service_waits_for_its_missing_server_and_loses_nothing() {
        compose.cut("relay-service", "site-c0");
        var sample = compose.sampleMeanwhile();
        await().atMost(PATIENCE).until(() -> compose.saidByRunningCommand().contains("Handed over"));
        await().atMost(PATIENCE).until(() -> rows("postgres-r0", "envelope") > 0);

        compose.docker("stop", compose.container("postgres-r0")).orFail();
        compose.docker("restart", compose.container("relay-service")).orFail();
        compose.heal("relay-service", "site-c0");
        await().during(Duration.ofSeconds(10))
                .atMost(PATIENCE)
                .until(() -> !compose.inspect("relay-service", "{{.State.Health.Status}}")
                        .equals("healthy"));
        assertThat(compose.inside("relay-service", "ls /data").output().strip()).isEqualTo("store");
        compose.docker("start", compose.container("postgres-r0")).orFail();

        compose.awaitHealthy("relay-service");
        assertArrived(sample.join(), compose);
    }

    @Test
    void a_start_fails_when_the_server_stays_away() {
        var started = compose.docker(
                "run",
                "--rm",
                "--network=none",
                "--env=SHAREFERRY_POSTGRES_IF_THERE=postgres",
                "--env=SHAREFERRY_POSTGRES_TIMEOUT=1",
                "--entrypoint=bash",
                "shareferry/relay-service",
                "-c",
                "echo postgres >/data/store; exec /opt/shareferry/bin/run");

        assertThat(started.code()).isEqualTo(1);
        assertThat(started.output())
                .contains("the host postgres was not found")
                .contains("docker compose --profile postgres up -d");
    }
}
