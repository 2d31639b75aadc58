// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How the service keeps its VM company: for how long, and what it says when something takes too long. The
/// dialog itself
/// is tested end to end, with all parties.
class VmConnectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private PartyHost host;
    private int port;

    @BeforeEach
    void start() throws Exception {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        host = PartyHost.start(
                "shareferry.party.vm.port=" + port,
                "shareferry.party.vm.one-port=true",
                "shareferry.party.vm.tls=false",
                "shareferry.party.vm.patience=" + PATIENCE.toMillis() + "ms",
                "shareferry.party.vm.pause=50ms");
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private String metrics() throws Exception {
        return host.client("alice")
                .send(
                        HttpRequest.newBuilder(host.management("/actuator/prometheus"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private boolean isHere(String id) throws Exception {
        return host.get("/v1/deliveries/" + id).status() == 200;
    }

    private void deliver(ScriptedVm vm, long sequence) throws Exception {
        vm.head(sequence, ScriptedVm.ADDITIVE);
        vm.share();
        assertThat(vm.answer()).isZero();
    }

    private String vmState() throws Exception {
        return host.get("/v1/deliveries").body().path("vm").path("state").asString("");
    }

    @Test
    void a_program_may_compute_for_longer_than_our_patience_before_and_between_deliveries() throws Exception {
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(11);
            Thread.sleep(PATIENCE.multipliedBy(2));
            deliver(vm, 0);
            Thread.sleep(PATIENCE.multipliedBy(2));
            deliver(vm, 1);
        }

        assertThat(isHere(ScriptedVm.id(11, 0))).isTrue();
        assertThat(isHere(ScriptedVm.id(11, 1))).isTrue();
        await().untilAsserted(() ->
                assertThat(metrics()).containsPattern("shareferry_vm_connections_total\\{[^}]*\"completed\"[^}]*} 1"));
    }

    @Test
    void a_program_that_stalls_inside_a_delivery_is_told_to_stop_and_nothing_of_it_stays() throws Exception {
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(12);
            vm.head(0, ScriptedVm.ADDITIVE);

            assertThat(vm.answer()).isEqualTo(1016);
        }

        await().untilAsserted(() -> assertThat(vmState()).isEqualTo("waiting"));
        assertThat(isHere(ScriptedVm.id(12, 0))).isFalse();
        assertThat(metrics()).containsPattern("shareferry_vm_connections_total\\{[^}]*\"refused\"[^}]*} 1");
        assertThat(host.get("/v1/deliveries").body().path("vm").path("problem").asString(""))
                .contains("1016");
    }

    /// As MP-SPDZ always does; an hourly look would miss it.
    @Test
    void a_vm_that_listens_for_everybody_is_a_finding() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")));
        try (var everywhere = new ServerSocket(port)) {
            everywhere.accept().close();

            await().untilAsserted(() -> assertThat(metrics())
                    .containsPattern("shareferry_doctor_findings\\{[^}]*mark=\"warning\"[^}]*} [1-9]"));
            assertThat(host.client("alice")
                            .send(
                                    HttpRequest.newBuilder(host.management("/actuator/health"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("WHOEVER REACHES THIS PORT CAN PICK UP SHARES");
        }
    }

    @Test
    void a_vm_that_says_nothing_at_all_is_left_with_the_reason_in_the_status() throws Exception {
        try (var vm = ScriptedVm.accepting(port)) {
            assertThat(vm.isLeft()).isTrue();
        }

        await().untilAsserted(() -> assertThat(host.get("/v1/deliveries")
                        .body()
                        .path("vm")
                        .path("problem")
                        .asString(""))
                .contains("waited too long"));
    }

    @Test
    void without_a_key_to_seal_to_the_vm_waits_and_goes_on_when_one_comes() throws Exception {
        host.shutDown();
        Files.delete(host.database());
        host.relay().announce(Optional.empty());
        host.boot();
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(13);
            vm.head(0, ScriptedVm.ADDITIVE);
            vm.share();
            Thread.sleep(500);
            host.relay()
                    .announce(Optional.of(host.members()
                            .announcement(TestMembers.C0, host.clock().instant(), Duration.ofDays(60))));

            assertThat(vm.answer()).isZero();
        }
        assertThat(isHere(ScriptedVm.id(13, 0))).isTrue();
    }

    @Test
    void one_run_follows_the_other_and_the_same_run_is_not_taken_twice() throws Exception {
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(14);
            deliver(vm, 0);
        }
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(15);
            deliver(vm, 0);
        }
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(14);
            vm.head(0, ScriptedVm.ADDITIVE);

            assertThat(vm.answer()).isEqualTo(1012);
        }
    }

    @Test
    void a_service_that_stops_lets_go_of_an_idle_vm_at_once() throws Exception {
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(16);
            await().untilAsserted(() -> assertThat(vmState()).isEqualTo("connected"));
            long before = System.nanoTime();

            host.shutDown();

            assertThat(vm.isLeft()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_service_that_stops_lets_a_delivery_under_way_come_to_its_end() throws Exception {
        try (var vm = ScriptedVm.accepting(port)) {
            vm.greet(17);
            vm.head(0, ScriptedVm.ADDITIVE);
            await().untilAsserted(() -> assertThat(host.get("/v1/deliveries")
                            .body()
                            .path("vm")
                            .path("handingOver")
                            .isMissingNode())
                    .isFalse());
            var stopping = Thread.ofVirtual().start(host::shutDown);
            Thread.sleep(200);
            vm.share();

            assertThat(vm.answer()).isZero();
            stopping.join();
        }
        host.boot();
        assertThat(isHere(ScriptedVm.id(17, 0))).isTrue();
    }
}
