// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.service.fixture.CapturedOutput;
import org.shareferry.standin.PlayerData;

/// The status of the VM in `GET /v1/deliveries` and metrics, and warnings about it.
class VmStatusTest {
    private static VmHost vmHost;

    @BeforeAll
    static void start() throws Exception {
        vmHost = VmHost.start("shareferry.party.vm.message-timeout=1m");
    }

    @AfterAll
    static void stop() {
        vmHost.close();
    }

    /// @return the value of a metric, with the given label if there is one
    private static double metric(String name, String... label) throws Exception {
        var labels = label.length == 0 ? "" : "[^}]*" + Pattern.quote(label[0]);
        var figure = Pattern.compile("(?m)^" + name + "\\{" + labels + "[^}]*} (\\S+)$")
                .matcher(vmHost.metrics());
        assertThat(figure.find()).as(name).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    private static void awaitState(String state) {
        await().untilAsserted(() -> assertThat(vmHost.state()).isEqualTo(state));
    }

    private static Instant since() throws Exception {
        return Instant.parse(vmHost.status().path("since").asString());
    }

    @Test
    void the_status_shows_waiting_and_connected_with_their_time() throws Exception {
        awaitState("waiting");
        assertThat(metric("shareferry_vm_connected")).isZero();
        assertThat(metric("shareferry_vm_state", "state=\"waiting\"")).isOne();
        assertThat(metric("shareferry_vm_state", "state=\"unusable\"")).isZero();
        var waitingSince = since();

        // Time passes without a change.
        vmHost.host().clock().advance(Duration.ofHours(1));
        var earliest = vmHost.host().clock().instant().minusSeconds(1);
        assertThat(since()).isEqualTo(waitingSince);
        try (var vm = vmHost.accept()) {
            vm.greet(31);
            awaitState("connected");
            var connectedSince = since();

            assertThat(connectedSince).isBetween(earliest, vmHost.host().clock().instant());
            assertThat(vmHost.status().path("run").asString("")).isEqualTo(ScriptedVm.run(31));
            assertThat(metric("shareferry_vm_connected")).isOne();
            assertThat(metric("shareferry_vm_state", "state=\"connected\"")).isOne();
            assertThat(metric("shareferry_vm_state", "state=\"waiting\"")).isZero();
            assertThat(metric("shareferry_vm_state_since_seconds")).isEqualTo(connectedSince.getEpochSecond());

            // A delivery does not change the state.
            vmHost.host().clock().advance(Duration.ofHours(1));
            vm.head(0, ScriptedVm.ADDITIVE);
            vm.share();
            assertThat(vm.answer()).isZero();
            assertThat(since()).isEqualTo(connectedSince);
        }
        awaitState("waiting");
        assertThat(since()).isAfter(waitingSince);
    }

    @Test
    void the_status_counts_the_sealed_envelopes_of_a_delivery() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(32);
            // Three chunks, the last with the masks, and the closing words.
            vm.head(0, 0, ScriptedVm.COMMITTED, 5, 2, 0, 7, 0);
            awaitSealed(0, 4);
            vm.elements(2);
            awaitSealed(1, 4);
            vm.elements(2);
            awaitSealed(2, 4);
            vm.elements(1);
            vm.masks();
            awaitSealed(3, 4);
        }
        awaitState("waiting");
        assertThat(vmHost.status().has("handingOver")).isFalse();
        assertThat(metric("shareferry_vm_handover_envelopes_sealed")).isZero();
        assertThat(metric("shareferry_vm_handover_envelopes_expected")).isZero();
    }

    private static void awaitSealed(long sealed, long of) throws Exception {
        await().untilAsserted(() -> {
            var coming = vmHost.status().path("handingOver");
            assertThat(coming.path("id").asString("")).isEqualTo(ScriptedVm.id(32, 0));
            assertThat(coming.path("sealed").asLong(-1)).isEqualTo(sealed);
            assertThat(coming.path("of").asLong(-1)).isEqualTo(of);
        });
        assertThat(metric("shareferry_vm_handover_envelopes_sealed")).isEqualTo(sealed);
        assertThat(metric("shareferry_vm_handover_envelopes_expected")).isEqualTo(of);
    }

    @Test
    void the_client_number_is_random_unless_one_is_configured() throws Exception {
        var numbers = new HashSet<Long>();
        for (int visit = 0; visit < 3; visit++) {
            try (var vm = vmHost.accept()) {
                numbers.add(Long.valueOf(vm.client()));
            }
        }
        assertThat(numbers).hasSize(3).allMatch(number -> number >= 1L << 30 && number < 1L << 31);
        try (var other = VmHost.start("shareferry.party.vm.client=47");
                var vm = other.accept()) {
            assertThat(vm.client()).isEqualTo("47");
            vm.greet(33);
            vm.head(0, ScriptedVm.ADDITIVE);
            vm.share();

            assertThat(vm.answer()).isZero();
        }
    }

    /// 0.0.0.0 reaches this machine but is no loopback address. Without TLS the service would not start.
    @Test
    void a_vm_address_outside_of_loopback_causes_a_warning(@TempDir Path certificates) throws Exception {
        for (var name : List.of("C1", "P1")) {
            new PlayerData(certificates).make(name, Instant.now());
        }
        try (var log = CapturedOutput.begin();
                var other = VmHost.start(
                        "shareferry.party.vm.host=0.0.0.0",
                        "shareferry.party.vm.tls=true",
                        "shareferry.party.vm.certificates=" + certificates)) {
            assertThat(log.linesWith("is not this machine's loopback"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("WARN", ":" + other.port(), "anyone who can reach it can take shares"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost"})
    void a_vm_on_loopback_causes_no_warning(String address) throws Exception {
        try (var log = CapturedOutput.begin();
                var other = VmHost.start("shareferry.party.vm.host=" + address)) {
            await().until(() -> other.state().equals("waiting"));

            assertThat(log.text()).contains("Waiting for the VM at").doesNotContain("loopback");
        }
    }
}
