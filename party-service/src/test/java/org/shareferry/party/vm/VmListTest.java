// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.canary.CanaryFolder;
import org.shareferry.canary.CanaryPass;
import org.shareferry.canary.VmKind;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.party.PartyProperties;
import org.shareferry.service.member.StartupException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Which VMs a service has, each with its port, parties, program and protocol, and what a VM must show.
class VmListTest {
    private static final Domain RING = new Domain.Ring(64, 64);
    private static final Domain SPDZ = new Domain.Ring(128, 64);
    private static final Domain FIELD =
            new Domain.PrimeField(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));
    private static final String DIGEST = "ab".repeat(32);

    @TempDir
    Path folder;

    /// @param settings below `shareferry.party`, `name=value`
    private static List<Vm> vms(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("shareferry.party.protocol", "spdz2k"));
        for (var setting : settings) {
            var parts = setting.split("=", 2);
            all.put("shareferry.party." + parts[0], parts[1]);
        }
        var binder = new Binder(new MapConfigurationPropertySource(all));
        return VmList.of(
                        MemberName.party(1),
                        binder.bindOrCreate("shareferry.party", PartyProperties.class),
                        binder.bindOrCreate("shareferry.party.vm", VmProperties.class),
                        binder.bindOrCreate("shareferry.party", VmsProperties.class))
                .vms();
    }

    @Test
    void without_a_port_there_is_no_vm() {
        assertThat(vms()).isEmpty();
    }

    @Test
    void settings_for_one_vm_count_as_before() {
        assertThat(vms("vm.port=14000", "vm.tls=false")).singleElement().satisfies(vm -> {
            assertThat(vm.name()).isEqualTo("main");
            assertThat(vm.place()).isEqualTo("127.0.0.1:14001");
            assertThat(vm.protocol()).isEqualTo(Protocol.SPDZ2K);
            assertThat(vm.program()).isEqualTo(Bytes.empty());
        });
    }

    @Test
    void each_vm_has_settings_of_its_own_or_those_of_the_service() {
        var vms = vms(
                "program=" + DIGEST,
                "parties=P0,P1",
                "vm.port=14000",
                "vms.b.port=15000",
                "vms.b.one-port=true",
                "vms.a.port=16000",
                "vms.a.protocol=malicious-rep-ring",
                "vms.a.program=" + "cd".repeat(32),
                "vms.a.parties=P2,P1,P0");

        assertThat(vms).extracting(Vm::name).containsExactly("main", "a", "b");
        assertThat(vms).extracting(Vm::tcpPort).containsExactly(14_001, 16_001, 15_000);
        assertThat(vms)
                .extracting(Vm::protocol)
                .containsExactly(Protocol.SPDZ2K, Protocol.MALICIOUS_REP_RING, Protocol.SPDZ2K);
        assertThat(vms).extracting(vm -> vm.program().toHex()).containsExactly(DIGEST, "cd".repeat(32), DIGEST);
        assertThat(vms).extracting(vm -> vm.parties().size()).containsExactly(2, 3, 2);
        assertThat(vms.get(1).parties()).isSorted();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vms.a.tls=false | shareferry.party.vms.a.port is not set",
                "vms.main.port=14000 | \"main\", which is the VM of shareferry.party.vm",
                "vms.a_b.port=14000 | named \"a_b\"",
                "vms.a.port=65535 | shareferry.party.vms.a.port plus the party's number is 65536",
                "vms.a.port=14000;vms.a.party=0 | shareferry.party.vms.a.party is 0",
                "vms.a.port=14000;vms.a.protocol=yao | shareferry.party.vms.a.protocol is \"yao\"",
                "vm.port=14000;vms.a.port=14000 | shareferry.party.vm.port and shareferry.party.vms.a.port are the same",
                "vms.b.port=14001;vms.b.one-port=true;vms.a.port=14000 | 127.0.0.1:14001",
                "vm.port=14000;vms.a.port=14000;vms.a.host=localhost | the same address",
                "vm.port=14000;vms.a.port=14000;vms.a.host=127.0.0.2 | the same address",
                "vm.port=14000;vms.a.port=14000;vms.a.host=::1 | the same address",
                "vm.port=14000;vm.host=vm.example;vms.a.port=14000;vms.a.host=VM.example | the same address"
            })
    void a_contradiction_is_refused_with_the_settings_name(String settings, String told) {
        assertThatThrownBy(() -> vms(settings.split(";")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(told);
    }

    private static Vm running(String protocol) {
        return vms("vms.a.port=14000", "vms.a.protocol=" + protocol).getFirst();
    }

    private void check(Vm vm, VmKind kind) throws DialogRefusedException {
        vm.checkKind(kind, new CanaryFolder(folder));
    }

    private void isRefused(Vm vm, VmKind kind, String why) {
        assertThatThrownBy(() -> check(vm, kind))
                .isInstanceOfSatisfying(
                        DialogRefusedException.class,
                        refused -> assertThat(refused.why()).isEqualTo(VmRefusal.PROTOCOL))
                .hasMessageContaining(why);
    }

    @Test
    void a_vm_that_shows_what_its_protocol_shows_is_taken() {
        assertThatCode(() -> check(running("spdz2k"), new VmKind(SPDZ, 2, 1, 2)))
                .doesNotThrowAnyException();
    }

    @Test
    void each_difference_from_the_protocol_is_an_error_of_its_own() {
        var vm = running("spdz2k");

        isRefused(vm, new VmKind(RING, 2, 1, 2), "spare bits");
        isRefused(vm, new VmKind(FIELD, 2, 1, 2), "not in");
        isRefused(vm, new VmKind(SPDZ, 3, 1, 2), "1 of 3");
        isRefused(vm, new VmKind(SPDZ, 2, 1, 1), "shares of 2 elements");
        isRefused(vm, new VmKind(SPDZ, 2, 1, 1), "shareferry.party.vms.a.protocol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ps-rep-ring", "malicious-rep-ring"})
    void an_honest_majority_protocol_needs_a_recorded_canary_run(String protocol) throws Exception {
        var vm = running(protocol);
        var kind = new VmKind(RING, 3, 1, 2);
        isRefused(vm, kind, "shareferry canary");

        new CanaryFolder(folder)
                .write(new CanaryPass(
                        protocol, kind, Path.of("x"), Sha256.of(Bytes.empty()), List.of(), Instant.EPOCH));

        assertThatCode(() -> check(vm, kind)).doesNotThrowAnyException();
        isRefused(running("rep4-ring"), new VmKind(RING, 4, 1, 3), "shareferry canary");
    }

    @Test
    void a_passive_protocol_of_the_same_kind_needs_none() {
        assertThatCode(() -> check(running("replicated-ring"), new VmKind(RING, 3, 1, 2)))
                .doesNotThrowAnyException();
    }

    @Test
    void parties_of_a_vm_count_before_the_roster() {
        var vm = vms("vms.a.port=14000", "vms.a.parties=P0,P1").getFirst();
        var roster = List.of(MemberName.party(0), MemberName.party(1), MemberName.party(2));

        assertThatCode(() -> vm.checkParties(1, 2, roster)).doesNotThrowAnyException();
        assertThatThrownBy(() -> vm.checkParties(1, 3, roster)).hasMessageContaining("shareferry.party.vms.a.parties");
        assertThatThrownBy(() -> vm.checkParties(0, 2, roster)).hasMessageContaining("VM belongs to party 0");
    }
}
