// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ConfiguredVmsTest {
    private static final String DIGEST = "ab".repeat(32);

    /// @param settings below `shareferry.party`, `name=value`; each VM also gets a folder of certificates
    private static List<ConfiguredVm> vms(String... settings) throws SettingsException {
        Map<String, Object> all = new HashMap<>(Map.of("shareferry.party.protocol", "spdz2k"));
        for (var setting : settings) {
            var parts = setting.split("=", 2);
            all.put("shareferry.party." + parts[0], parts[1]);
            if (parts[0].endsWith(".port")) {
                all.putIfAbsent("shareferry.party." + parts[0].replaceFirst("port$", "certificates"), "Player-Data");
            }
        }
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", all));
        var reader = new SettingsReader(environment);
        var party = reader.read(PartyProperties.class);
        var main = reader.read(VmProperties.class);
        var more = reader.read(VmsProperties.class);
        reader.requireNoFaults();
        return ConfiguredVms.of(MemberName.party(1), party.orElseThrow(), main.orElseThrow(), more.orElseThrow());
    }

    @Test
    void no_vm_is_configured_without_a_port() throws Exception {
        assertThat(vms()).isEmpty();
    }

    @Test
    void the_settings_of_the_main_vm_are_read() throws Exception {
        assertThat(vms("vm.port=14000", "vm.tls=false")).singleElement().satisfies(vm -> {
            assertThat(vm.name()).isEqualTo("main");
            assertThat(vm.place()).isEqualTo("127.0.0.1:14001");
            assertThat(vm.protocol()).isEqualTo(Protocol.SPDZ2K);
            assertThat(vm.program()).isEqualTo(Bytes.empty());
        });
    }

    @Test
    void each_vm_has_its_own_settings_or_those_of_the_service() throws Exception {
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

        assertThat(vms).extracting(ConfiguredVm::name).containsExactly("main", "a", "b");
        assertThat(vms).extracting(ConfiguredVm::tcpPort).containsExactly(14_001, 16_001, 15_000);
        assertThat(vms)
                .extracting(ConfiguredVm::protocol)
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
                "vms.a.port=14000;vms.a.protocol=yao | is not a supported MP-SPDZ protocol",
                "vm.port=14000;vms.a.port=14000 | shareferry.party.vm.port and shareferry.party.vms.a.port are the same",
                "vms.b.port=14001;vms.b.one-port=true;vms.a.port=14000 | 127.0.0.1:14001",
                "vm.port=14000;vms.a.port=14000;vms.a.host=localhost | the same address",
                "vm.port=14000;vms.a.port=14000;vms.a.host=127.0.0.2 | the same address",
                "vm.port=14000;vms.a.port=14000;vms.a.host=::1 | the same address",
                "vm.port=14000;vm.host=vm.example;vms.a.port=14000;vms.a.host=VM.example | the same address"
            })
    void contradicting_settings_are_refused_by_name(String settings, String told) {
        assertThatThrownBy(() -> vms(settings.split(";")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(told);
    }
}
