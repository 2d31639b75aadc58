// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.containers.Sample.assertArrived;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `docker compose up` in a clean checkout, and what happens when containers and networks fail.
@WithDocker
class ComposeTest {
    private static final String PROJECT = "shareferry-compose-test";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> SERVICES =
            List.of("party-service-p0", "party-service-p1", "relay-service", "client-service");
    private static final String HEALTHY = " health_status: healthy";

    private static final Compose COMPOSE = Compose.ofCheckout(PROJECT);
    private static final Events EVENTS = new Events(PROJECT);

    @BeforeAll
    static void start() {
        COMPOSE.close();
        COMPOSE.up();
    }

    @AfterAll
    static void stop() {
        COMPOSE.close();
        EVENTS.close();
    }

    @Test
    void a_sample_delivery_arrives() {
        assertArrived(COMPOSE.sample(), COMPOSE);
    }

    @Test
    void a_service_starts_when_those_before_it_are_healthy() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(EVENTS.soFar())
                        .containsSubsequence(
                                "keys start",
                                "party-service-p0 start",
                                "party-service-p0" + HEALTHY,
                                "party-service-p1 start",
                                "party-service-p1" + HEALTHY,
                                "relay-service start",
                                "relay-service" + HEALTHY,
                                "client-service start",
                                "client-service" + HEALTHY));
    }

    private static boolean reaches(String from, String host, int port) {
        return COMPOSE.inside(from, "timeout 3 bash -c 'exec 3<>/dev/tcp/" + host + "/" + port + "'")
                .isSuccess();
    }

    @Test
    void p1_and_c0_reach_the_relay_and_not_each_other() {
        assertThat(reaches("party-service-p1", COMPOSE.address("relay-service", "site-p1"), 8443))
                .isTrue();
        assertThat(reaches("relay-service", COMPOSE.address("client-service", "site-c0"), 8443))
                .isTrue();

        for (var address : List.of("client-service", COMPOSE.address("client-service", "site-c0"))) {
            assertThat(reaches("party-service-p1", address, 8443)).as(address).isFalse();
        }
        for (var address : List.of("party-service-p1", COMPOSE.address("party-service-p1", "site-p1"))) {
            assertThat(reaches("client-service", address, 8443)).as(address).isFalse();
        }
    }

    @Test
    void p1_reaches_the_relay_only() {
        assertThat(COMPOSE.inspect(
                        "party-service-p1", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"))
                .isEqualTo(COMPOSE.network("site-p1") + " " + COMPOSE.network("store-p1"));
        for (var address : List.of(
                "party-service-p0",
                COMPOSE.address("party-service-p0", "site-p0"),
                COMPOSE.address("relay-service", "site-p0"),
                COMPOSE.address("relay-service", "site-c0"))) {
            assertThat(reaches("party-service-p1", address, 8443)).as(address).isFalse();
        }
    }

    /// To an address that other containers reach wherever this machine is connected to anything.
    @ParameterizedTest
    @ValueSource(strings = {"party-service-p0", "party-service-p1", "relay-service", "client-service"})
    void nothing_is_routed_to_the_outside(String service) {
        assertThat(reaches(service, "1.1.1.1", 443)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"party-service-p0", "party-service-p1", "relay-service", "client-service"})
    void a_container_may_change_nothing_but_its_data(String service) {
        assertThat(
                        COMPOSE.inspect(
                                service,
                                "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}} {{.HostConfig.Privileged}}"))
                .isEqualTo("true [ALL] 10001:10001 false");
        assertThat(COMPOSE.inside(service, "echo x > /opt/shareferry/x").isSuccess())
                .isFalse();
        assertThat(COMPOSE.inside(service, "echo x > /member/x").isSuccess()).isFalse();
        assertThat(COMPOSE.inside(service, "echo x > /data/x && rm /data/x").isSuccess())
                .isTrue();
    }

    @Test
    void each_container_has_its_own_private_keys_alone() {
        var keys = SERVICES.stream()
                .map(service -> COMPOSE.inside(service, "cat /member/tls.key /member/identity.pem")
                        .output())
                .toList();

        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.contains("PRIVATE KEY"));
        for (var service : SERVICES) {
            assertThat(COMPOSE.inside(service, "grep -rl 'PRIVATE KEY' / --include=*.pem --include=*.key 2>/dev/null")
                            .output()
                            .lines()
                            .filter(file -> !file.startsWith("/data/")))
                    .as(service)
                    .containsExactlyInAnyOrder("/member/tls.key", "/member/identity.pem");
        }
    }

    /// Kills the JVM, not the container, so that Docker sees a service that died.
    private static void kill(String service) {
        int before = restarts(service);
        COMPOSE.inside(
                service,
                "for process in /proc/[0-9]*; do"
                        + " case $(readlink $process/exe) in */java) kill -9 ${process#/proc/};; esac; done");
        await().atMost(PATIENCE).until(() -> restarts(service) > before);
    }

    private static int restarts(String service) {
        return Integer.parseInt(COMPOSE.inspect(service, "{{.RestartCount}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"party-service-p1", "relay-service", "client-service"})
    void a_service_that_is_killed_and_started_again_loses_nothing(String service) {
        // Meanwhile nothing can be delivered, so something is under way when the service dies.
        COMPOSE.cut("relay-service", "site-c0");
        var sample = COMPOSE.sampleMeanwhile();
        await().atMost(PATIENCE).until(() -> COMPOSE.saidByRunningCommand().contains("Handed over"));

        kill(service);
        COMPOSE.awaitHealthy(service);
        COMPOSE.heal("relay-service", "site-c0");

        assertArrived(sample.join(), COMPOSE);
    }

    @Test
    void deliveries_arrive_after_a_cut_between_relay_and_client() {
        COMPOSE.cut("relay-service", "site-c0");
        var samples =
                IntStream.range(0, 2).mapToObj(i -> COMPOSE.sampleMeanwhile()).toList();

        await().during(Duration.ofSeconds(5))
                .atMost(PATIENCE)
                .until(() -> samples.stream().noneMatch(sample -> sample.isDone()));
        COMPOSE.heal("relay-service", "site-c0");

        samples.forEach(sample -> assertArrived(sample.join(), COMPOSE));
    }

    @Test
    void a_service_that_began_on_sqlite_does_not_start_beside_postgresql() {
        COMPOSE.start("postgres", "postgres-c0");
        kill("client-service");
        await().atMost(PATIENCE)
                .until(() -> COMPOSE.logs("client-service").contains("This service keeps its database in SQLite"));
        assertThat(COMPOSE.inspect("client-service", "{{.State.Health.Status}}"))
                .isNotEqualTo("healthy");

        COMPOSE.compose(PATIENCE, "--profile", "postgres", "rm", "-sf", "postgres-c0")
                .orFail();

        COMPOSE.awaitHealthy("client-service");
        assertArrived(COMPOSE.sample(), COMPOSE);
    }
}
