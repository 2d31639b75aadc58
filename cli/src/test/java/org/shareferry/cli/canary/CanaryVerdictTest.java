// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.site.canary.VmKind;

/// A pass counts only when equal numbers went well and different ones nowhere.
class CanaryVerdictTest {
    private static final Protocol PROTOCOL = Protocol.MALICIOUS_REP_RING;
    private static final VmKind KIND = new VmKind(new Domain.Ring(64, 64), 3, 1, 2);

    private static List<CanaryRunResult> said(boolean first, boolean second, boolean third) {
        return List.of(
                new CanaryRunResult(KIND, first), new CanaryRunResult(KIND, second), new CanaryRunResult(KIND, third));
    }

    private static List<CanaryRunResult> all(VmKind kind, boolean hasWord) {
        return List.of(
                new CanaryRunResult(kind, hasWord),
                new CanaryRunResult(kind, hasWord),
                new CanaryRunResult(kind, hasWord));
    }

    @Test
    void vms_that_stop_only_when_numbers_differ_pass() {
        assertThat(CanaryVerdict.of(PROTOCOL, all(KIND, true), all(KIND, false)))
                .isEqualTo(new CanaryVerdict.Passed(KIND));
    }

    @Test
    void a_single_vm_that_continues_shows_a_passive_protocol() {
        assertThat(CanaryVerdict.of(PROTOCOL, all(KIND, true), said(false, false, true)))
                .isEqualTo(new CanaryVerdict.Passive());
        assertThat(CanaryVerdict.of(PROTOCOL, all(KIND, true), all(KIND, true))).isEqualTo(new CanaryVerdict.Passive());
    }

    @Test
    void a_failed_control_run_proves_nothing() {
        assertThat(CanaryVerdict.of(PROTOCOL, all(KIND, false), all(KIND, false)))
                .isInstanceOf(CanaryVerdict.Undecided.class);
        assertThat(CanaryVerdict.of(PROTOCOL, said(true, true, false), all(KIND, false)))
                .isInstanceOf(CanaryVerdict.Undecided.class);
    }

    @Test
    void vms_of_another_protocol_are_detected() {
        var ring = KIND.domain();
        for (var other : List.of(
                new VmKind(new Domain.Ring(128, 64), 3, 1, 2), new VmKind(ring, 3, 2, 2), new VmKind(ring, 3, 1, 1))) {
            assertThat(CanaryVerdict.of(PROTOCOL, all(other, true), all(other, false)))
                    .isInstanceOf(CanaryVerdict.Undecided.class);
        }
        assertThat(CanaryVerdict.of(PROTOCOL, all(KIND, true), all(new VmKind(ring, 3, 1, 1), false)))
                .isInstanceOf(CanaryVerdict.Undecided.class);
    }
}
