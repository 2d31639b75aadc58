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
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.member.MemberName;
import org.shareferry.service.fixture.TestSettings;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;
import org.shareferry.site.settings.ConfiguredVm;
import org.shareferry.site.settings.ConfiguredVms;
import org.shareferry.site.settings.PartyProperties;
import org.shareferry.site.settings.SettingsException;
import org.shareferry.site.settings.VmProperties;
import org.shareferry.site.settings.VmsProperties;

/// The checks that a connected VM must pass.
class GreetingCheckTest {
    private static final Domain RING = new Domain.Ring(64, 64);
    private static final Domain SPDZ = new Domain.Ring(128, 64);
    private static final Domain FIELD =
            new Domain.PrimeField(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));

    @TempDir
    Path folder;

    /// @param settings below `shareferry.party`, `name=value`
    private static List<ConfiguredVm> vms(String... settings) throws SettingsException {
        Map<String, String> all = new HashMap<>(Map.of("shareferry.party.protocol", "spdz2k"));
        for (var setting : settings) {
            var parts = setting.split("=", 2);
            all.put("shareferry.party." + parts[0], parts[1]);
        }
        var binder = TestSettings.binder(all);
        return ConfiguredVms.of(
                MemberName.party(1),
                binder.bindOrCreate("shareferry.party", PartyProperties.class),
                binder.bindOrCreate("shareferry.party.vm", VmProperties.class),
                binder.bindOrCreate("shareferry.party", VmsProperties.class));
    }

    private static ConfiguredVm running(String protocol) throws SettingsException {
        return vms("vms.a.port=14000", "vms.a.protocol=" + protocol).getFirst();
    }

    private void check(ConfiguredVm vm, VmKind kind) throws DialogRefusedException {
        new GreetingCheck(vm).checkKind(kind, new CanaryFolder(folder));
    }

    private void isRefused(ConfiguredVm vm, VmKind kind, String why) {
        assertThatThrownBy(() -> check(vm, kind))
                .isInstanceOfSatisfying(
                        DialogRefusedException.class,
                        refused -> assertThat(refused.why()).isEqualTo(VmRefusal.PROTOCOL))
                .hasMessageContaining(why);
    }

    @Test
    void a_vm_that_matches_its_protocol_is_accepted() throws Exception {
        assertThatCode(() -> check(running("spdz2k"), new VmKind(SPDZ, 2, 1, 2)))
                .doesNotThrowAnyException();
    }

    @Test
    void each_difference_from_the_protocol_is_refused() throws Exception {
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
    void a_passive_protocol_needs_no_canary_run() throws Exception {
        assertThatCode(() -> check(running("replicated-ring"), new VmKind(RING, 3, 1, 2)))
                .doesNotThrowAnyException();
    }

    @Test
    void the_parties_of_a_vm_override_the_roster() throws Exception {
        var check =
                new GreetingCheck(vms("vms.a.port=14000", "vms.a.parties=P0,P1").getFirst());
        var roster = List.of(MemberName.party(0), MemberName.party(1), MemberName.party(2));

        assertThatCode(() -> check.checkParties(1, 2, roster)).doesNotThrowAnyException();
        assertThatThrownBy(() -> check.checkParties(1, 3, roster))
                .hasMessageContaining("shareferry.party.vms.a.parties");
        assertThatThrownBy(() -> check.checkParties(0, 2, roster)).hasMessageContaining("VM belongs to party 0");
    }
}
