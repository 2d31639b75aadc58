// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.service.fixture.CapturedOutput;

/// How long the service waits for its VM, and what it reports. The dialog itself is tested end to end, with all
/// parties.
class VmConnectorTest {
    private static final Duration PATIENCE = VmHost.PATIENCE;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final Set<Thread.State> WAITING = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private VmHost vmHost;
    private PartyHost host;

    @BeforeEach
    void start() throws Exception {
        vmHost = VmHost.start("shareferry.party.vm.drain-timeout=" + LAST_WORDS.toMillis() + "ms");
        host = vmHost.host();
    }

    @AfterEach
    void stop() {
        vmHost.close();
    }

    private void deliver(ScriptedVm vm, long sequence) throws Exception {
        vm.head(sequence, ScriptedVm.ADDITIVE);
        vm.share();
        assertThat(vm.answer()).isZero();
    }

    private void stayConnected(Duration howLong) {
        await().until(() -> vmHost.state().equals("connected"));
        await().during(howLong).until(() -> vmHost.state().equals("connected"));
    }

    @Test
    void a_program_can_compute_longer_than_the_message_timeout_between_deliveries() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(11);
            stayConnected(PATIENCE.multipliedBy(2));
            deliver(vm, 0);
            stayConnected(PATIENCE.multipliedBy(2));
            deliver(vm, 1);
        }

        assertThat(vmHost.has(ScriptedVm.id(11, 0))).isTrue();
        assertThat(vmHost.has(ScriptedVm.id(11, 1))).isTrue();
        await().untilAsserted(() -> assertThat(vmHost.metrics())
                .containsPattern("shareferry_vm_connections_total\\{[^}]*\"completed\"[^}]*} 1"));
    }

    @Test
    void a_program_that_stalls_within_a_delivery_is_stopped_and_the_delivery_is_dropped() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(12);
            vm.head(0, ScriptedVm.ADDITIVE);

            assertThat(vm.answer()).isEqualTo(1016);
        }

        await().untilAsserted(() -> assertThat(vmHost.state()).isEqualTo("waiting"));
        assertThat(vmHost.has(ScriptedVm.id(12, 0))).isFalse();
        assertThat(vmHost.metrics()).containsPattern("shareferry_vm_connections_total\\{[^}]*\"refused\"[^}]*} 1");
        assertThat(vmHost.problem()).contains("1016");
    }

    /// MP-SPDZ listens only for a short time, which an hourly check would miss.
    @Test
    void a_vm_that_listens_on_all_addresses_is_reported() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")));
        try (var everywhere = new ServerSocket(vmHost.port())) {
            everywhere.accept().close();

            await().untilAsserted(() -> assertThat(vmHost.metrics())
                    .containsPattern("shareferry_doctor_findings\\{[^}]*level=\"warning\"[^}]*} [1-9]"));
            assertThat(vmHost.managed("/actuator/health")).contains("ANYONE WHO CAN REACH THIS PORT CAN TAKE SHARES");
        }
    }

    @Test
    void a_silent_vm_is_disconnected_and_the_status_shows_why() throws Exception {
        try (var vm = vmHost.accept()) {
            assertThat(vm.isLeft()).isTrue();

            // The port still accepts, and the next connection is silent too.
            await().untilAsserted(() -> assertThat(vmHost.cause())
                    .startsWith("127.0.0.1:" + vmHost.port())
                    .contains("sends nothing within shareferry.party.vm.message-timeout"));
            assertThat(vmHost.state()).isEqualTo("waiting");
        }
    }

    /// As published container ports and tunnels without a VM behind them.
    @Test
    void a_port_that_accepts_and_closes_is_logged_once_and_not_counted() throws Exception {
        try (var log = CapturedOutput.begin()) {
            try (var tunnel = new ServerSocket(vmHost.port(), 10, InetAddress.getLoopbackAddress())) {
                for (int visit = 0; visit < 5; visit++) {
                    tunnel.accept().close();
                }
                await().untilAsserted(() -> assertThat(vmHost.cause())
                        .startsWith("127.0.0.1:" + vmHost.port())
                        .contains("closes them before a VM sends anything"));
                assertThat(vmHost.state()).isEqualTo("waiting");
            }
            assertThat(vmHost.metrics()).doesNotContain("shareferry_vm_connections_total{");
            assertThat(vmHost.problem()).isEmpty();
            assertThat(log.linesWith("closes them before a VM sends anything")).hasSize(1);
            assertThat(log.linesWith("waiting for the VM to accept")).hasSizeLessThan(2);
            assertThat(log.linesWith("the VM")).noneMatch(line -> line.contains("WARN"));
        }
        try (var vm = vmHost.accept()) {
            vm.greet(21);
            deliver(vm, 0);
        }
    }

    private void bootWithoutKey(String... settings) throws Exception {
        host.shutDown();
        Files.delete(host.members().database());
        host.relay().announce(Optional.empty());
        host.boot(settings);
    }

    @Test
    void a_program_without_a_recipient_key_is_stopped_after_the_key_timeout() throws Exception {
        bootWithoutKey("shareferry.party.vm.key-timeout=300ms");
        try (var vm = vmHost.accept()) {
            vm.greet(20);
            vm.head(0, ScriptedVm.ADDITIVE);

            assertThat(vm.read()).containsExactly(1007);
        }
        await().untilAsserted(() -> assertThat(vmHost.problem()).contains("1007", ScriptedVm.run(20)));
    }

    @Test
    void a_program_waits_for_a_recipient_key_and_continues() throws Exception {
        bootWithoutKey();
        try (var vm = vmHost.accept()) {
            vm.greet(13);
            vm.head(0, ScriptedVm.ADDITIVE);
            vm.share();
            stayConnected(Duration.ofMillis(500));
            host.relay()
                    .announce(Optional.of(host.members()
                            .announcement(TestMembers.C0, host.clock().instant(), Duration.ofDays(60))));

            assertThat(vm.answer()).isZero();
        }
        assertThat(vmHost.has(ScriptedVm.id(13, 0))).isTrue();
    }

    @Test
    void runs_are_served_one_after_the_other_and_each_run_once() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(14);
            deliver(vm, 0);
        }
        try (var vm = vmHost.accept()) {
            vm.greet(15);
            deliver(vm, 0);
        }
        try (var vm = vmHost.accept()) {
            vm.begin(14);

            assertThat(vm.read()).containsExactly(1012, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void a_stopping_service_disconnects_from_an_idle_vm_at_once() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(16);
            vm.knowService();
            await().untilAsserted(() -> assertThat(vmHost.state()).isEqualTo("connected"));
            long before = System.nanoTime();

            host.shutDown();

            assertThat(vm.isLeft()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_stopping_service_completes_a_delivery_in_progress() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(17);
            vm.head(0, ScriptedVm.ADDITIVE);
            await().until(() -> vmHost.status().has("handingOver"));
            var stopping = Thread.ofVirtual().start(host::shutDown);
            await().until(() -> WAITING.contains(stopping.getState()));
            vm.share();

            assertThat(vm.answer()).isZero();
            stopping.join();
        }
        host.boot();
        assertThat(vmHost.has(ScriptedVm.id(17, 0))).isTrue();
    }

    @Test
    void a_delivery_that_exceeds_the_drain_timeout_is_refused() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(18);
            deliver(vm, 0);
            vm.head(1, 0, ScriptedVm.ADDITIVE, 1000, 1, 0, 7, 0);
            vm.share();
            await().until(() -> vmHost.status().has("handingOver"));
            var stopping = Thread.ofVirtual().start(host::shutDown);
            long begin = System.nanoTime();
            await().pollInterval(Duration.ofMillis(20)).until(() -> goesOnUntilToldToStop(vm));

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(LAST_WORDS.minusMillis(100), LAST_WORDS.plusSeconds(3));
            assertThat(vm.answer()).isEqualTo(1016);
            vm.close();
            stopping.join();
        }
        host.boot();
        assertThat(vmHost.has(ScriptedVm.id(18, 0))).isTrue();
        assertThat(vmHost.has(ScriptedVm.id(18, 1))).isFalse();
    }

    /// Sends continuously, but slowly.
    private static boolean goesOnUntilToldToStop(ScriptedVm vm) throws Exception {
        if (vm.hearsNothing()) {
            vm.share();
            return false;
        }
        return true;
    }

    /// In committed the VM reads a digest and a commitment next.
    @Test
    void a_silent_delivery_is_refused_after_the_drain_timeout() throws Exception {
        vmHost.close();
        vmHost = VmHost.start("shareferry.party.vm.drain-timeout=300ms", "shareferry.party.vm.message-timeout=1m");
        host = vmHost.host();
        try (var vm = vmHost.accept()) {
            vm.greet(19);
            vm.head(0, ScriptedVm.COMMITTED);
            await().until(() -> vmHost.status().has("handingOver"));
            var stopping = Thread.ofVirtual().start(host::shutDown);

            assertThat(vm.read()).containsExactly(1016, 0, 0, 0, 0, 0, 0, 0);
            // The service still reads what the VM writes.
            vm.share();
            vm.masks();
            vm.close();
            stopping.join();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "shareferry.party.vm.party=0, a member must compute as the party with its own number",
        "shareferry.party.vm.host=192.0.2.1, must be on this machine's loopback when tls is false",
        "shareferry.party.vm.host=127.x.example, must be on this machine's loopback when tls is false"
    })
    void unsafe_settings_prevent_the_start(String setting, String reason) {
        assertThatThrownBy(() -> VmHost.start(setting)).hasStackTraceContaining(reason);
    }
}
