// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.mpspdz.Greeting;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;
import org.shareferry.standin.HeldPorts;

/// One party-service with the VMs of three programs at the same time.
class SeveralVmsTest {
    private static final Domain SMALL_RING = new Domain.Ring(64, 64);
    private static final int REPLICATED_SHARE = 2 * Long.BYTES;

    @TempDir
    static Path canary;

    private static HeldPorts ports;
    private static PartyHost host;

    @BeforeAll
    static void start() throws Exception {
        ports = HeldPorts.inARow(3);
        host = PartyHost.start(
                "shareferry.party.canary=" + canary,
                "shareferry.party.vm.port=" + ports.first(),
                "shareferry.party.vm.one-port=true",
                "shareferry.party.vm.tls=false",
                "shareferry.party.vms.second.port=" + (ports.first() + 1),
                "shareferry.party.vms.second.one-port=true",
                "shareferry.party.vms.second.tls=false",
                "shareferry.party.vms.third.port=" + (ports.first() + 2),
                "shareferry.party.vms.third.one-port=true",
                "shareferry.party.vms.third.tls=false",
                "shareferry.party.vms.third.reconnect-delay=50ms",
                "shareferry.party.vms.third.parties=P0,P1,P2",
                "shareferry.party.vms.third.protocol=ps-rep-ring");
    }

    @AfterAll
    static void stop() throws Exception {
        host.close();
        ports.close();
    }

    private static ScriptedVm accept(int index) throws Exception {
        return ScriptedVm.accepting(ports.first() + index);
    }

    private static List<String> states() throws Exception {
        return host.get("/v1/deliveries").json().path("vms").values().stream()
                .map(vm -> vm.path("name").asString() + " " + vm.path("state").asString())
                .toList();
    }

    private static String metrics() {
        return host.managed("/actuator/prometheus").text();
    }

    @Test
    void two_programs_deliver_concurrently_and_the_status_shows_both() throws Exception {
        try (var first = accept(0);
                var second = accept(1)) {
            first.greet(71);
            second.greet(72);
            await().untilAsserted(
                            () -> assertThat(states()).contains("main connected", "second connected", "third waiting"));
            assertThat(metrics())
                    .containsPattern("shareferry_vm_connected\\{[^}]*vm=\"second\"[^}]*} 1")
                    .containsPattern("shareferry_vm_connected\\{[^}]*vm=\"third\"[^}]*} 0");

            // Both are within a delivery before one of them has its acknowledgement.
            first.head(0, ScriptedVm.ADDITIVE);
            second.head(0, ScriptedVm.ADDITIVE);
            second.share();
            assertThat(second.answer()).isZero();
            first.share();
            assertThat(first.answer()).isZero();
        }

        assertThat(host.get("/v1/deliveries/" + ScriptedVm.id(71, 0)).status()).isEqualTo(200);
        assertThat(host.get("/v1/deliveries/" + ScriptedVm.id(72, 0)).status()).isEqualTo(200);
    }

    @Test
    void the_end_of_one_program_does_not_affect_the_other() throws Exception {
        try (var first = accept(0)) {
            first.greet(73);
            try (var second = accept(1)) {
                second.greet(74);
                second.head(5, ScriptedVm.ADDITIVE);
                assertThat(second.answer()).isEqualTo(1005);
            }
            first.head(0, ScriptedVm.ADDITIVE);
            first.share();
            assertThat(first.answer()).isZero();
        }
    }

    @Test
    void a_protocol_that_needs_a_canary_run_is_accepted_once_a_pass_is_recorded() throws Exception {
        try (var vm = accept(2)) {
            greetAsReplicated(vm, 75);
            assertThat(vm.answer()).isEqualTo(1021);
        }
        record();

        try (var vm = accept(2)) {
            greetAsReplicated(vm, 76);
            assertThat(vm.read()).as("keys and the secret").hasSize(8);
        }
    }

    private static void greetAsReplicated(ScriptedVm vm, long run) throws Exception {
        vm.specify(SMALL_RING);
        vm.send(Greeting.of(new RunId(run, run), 1, 3, 1).words());
        vm.sendBytes(new byte[REPLICATED_SHARE]);
    }

    private static void record() throws Exception {
        new CanaryFolder(canary)
                .write(new CanaryPass(
                        "ps-rep-ring",
                        new VmKind(SMALL_RING, 3, 1, 2),
                        Path.of("ps-rep-ring-party.x"),
                        Sha256.of(Bytes.empty()),
                        List.of(),
                        Instant.EPOCH));
        assertThat(Files.list(canary)).hasSize(1);
    }
}
