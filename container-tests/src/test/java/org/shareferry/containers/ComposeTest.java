// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docker compose up`, and what happens when containers and networks fail.
@WithDocker
class ComposeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> SERVICES =
            List.of("party-service-p0", "party-service-p1", "relay-service", "client-service");

    private static final Compose COMPOSE = new Compose("shareferry-compose-test");

    @BeforeAll
    static void start() {
        COMPOSE.close();
        COMPOSE.up();
    }

    @AfterAll
    static void stop() {
        COMPOSE.close();
    }

    private static void assertArrived(Compose.Ran sample) {
        assertThat(sample.code()).as(sample.output() + COMPOSE.logs()).isZero();
        var result = result(sample);
        assertThat(result.path("verdict").asString("")).isEqualTo("VERIFIED");
        assertThat(result.path("values").valueStream().map(JsonNode::asInt))
                .containsExactly(-7, -6, -3, 2, 9, 18, 29, 42, 57, 74);
    }

    /// docker-compose says what it creates before that.
    private static JsonNode result(Compose.Ran sample) {
        var line = sample.output()
                .lines()
                .filter(text -> text.startsWith("{"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(sample.output()));
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void values_arrive() {
        assertArrived(COMPOSE.sample());
    }

    private static boolean reaches(String from, String address) {
        return COMPOSE.inside(from, "timeout 3 bash -c 'exec 3<>/dev/tcp/" + address + "/8443'")
                .isSuccess();
    }

    @Test
    void p1_and_c0_reach_the_relay_and_not_each_other() {
        assertThat(reaches("party-service-p1", COMPOSE.address("relay-service", "site-p1")))
                .isTrue();
        assertThat(reaches("relay-service", COMPOSE.address("client-service", "site-c0")))
                .isTrue();

        for (var address : List.of("client-service", COMPOSE.address("client-service", "site-c0"))) {
            assertThat(reaches("party-service-p1", address)).as(address).isFalse();
        }
        for (var address : List.of("party-service-p1", COMPOSE.address("party-service-p1", "site-p1"))) {
            assertThat(reaches("client-service", address)).as(address).isFalse();
        }
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
        COMPOSE.awaitHealthy(service);
    }

    private static int restarts(String service) {
        return Integer.parseInt(COMPOSE.inspect(service, "{{.RestartCount}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"party-service-p1", "relay-service", "client-service"})
    void a_service_that_is_killed_and_started_again_loses_nothing(String service) {
        // Meanwhile nothing can be delivered, so something is under way when the service dies.
        var network = COMPOSE.network("site-c0");
        var relay = COMPOSE.container("relay-service");
        Compose.assertSuccess(COMPOSE.docker("network", "disconnect", network, relay));
        var sample = COMPOSE.sampleMeanwhile();
        await().atMost(PATIENCE).until(() -> COMPOSE.saidByRunningCommand().contains("Handed over"));

        kill(service);
        Compose.assertSuccess(COMPOSE.docker("network", "connect", "--alias", "relay-service", network, relay));

        assertArrived(sample.join());
    }

    @Test
    void a_cut_between_relay_and_client_heals() {
        var network = COMPOSE.network("site-c0");
        var relay = COMPOSE.container("relay-service");
        Compose.assertSuccess(COMPOSE.docker("network", "disconnect", network, relay));
        var samples =
                IntStream.range(0, 2).mapToObj(i -> COMPOSE.sampleMeanwhile()).toList();

        await().during(Duration.ofSeconds(5))
                .atMost(PATIENCE)
                .until(() -> samples.stream().noneMatch(sample -> sample.isDone()));
        Compose.assertSuccess(COMPOSE.docker("network", "connect", "--alias", "relay-service", network, relay));

        samples.forEach(sample -> assertArrived(sample.join()));
    }
}
