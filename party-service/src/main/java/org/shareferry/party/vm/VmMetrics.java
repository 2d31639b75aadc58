// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;
import org.shareferry.party.vm.VmStatus.HandingOver;

/// Metrics of one VM; the label `vm` is its name.
final class VmMetrics {
    private final MeterRegistry meters;
    private final VmContext context;

    private VmMetrics(MeterRegistry meters, VmContext context) {
        this.meters = meters;
        this.context = context;
    }

    static void register(MeterRegistry meters, VmContext context) {
        new VmMetrics(meters, context).register();
    }

    private void register() {
        var vm = context.status().name();
        gauge(
                        "shareferry.vm.connected",
                        "Whether the party's VM is connected",
                        now -> now.isIn(VmStatus.CONNECTED) ? 1 : 0)
                .tag("vm", vm)
                .register(meters);
        for (var state : VmStatus.STATES) {
            gauge("shareferry.vm.state", "Whether the VM is in this state", now -> now.isIn(state) ? 1 : 0)
                    .tag("state", state)
                    .tag("vm", vm)
                    .register(meters);
        }
        gauge(
                        "shareferry.vm.state.since",
                        "Time when this state began",
                        now -> now.since().getEpochSecond())
                .baseUnit("seconds")
                .tag("vm", vm)
                .register(meters);
        gauge(
                        "shareferry.vm.handover.envelopes.sealed",
                        "Sealed envelopes of the delivery in progress",
                        now -> now.handingOver().map(HandingOver::sealed).orElse(0L))
                .tag("vm", vm)
                .register(meters);
        gauge(
                        "shareferry.vm.handover.envelopes.expected",
                        "Expected envelopes of the delivery in progress",
                        now -> now.handingOver().map(HandingOver::of).orElse(0L))
                .tag("vm", vm)
                .register(meters);
        gauge(
                        "shareferry.vm.awaiting.input",
                        "Whether the VM waits for a client's inputs",
                        now -> now.awaiting().isPresent() ? 1 : 0)
                .tag("vm", vm)
                .register(meters);
    }

    private Gauge.Builder<VmContext> gauge(String name, String description, ToLongFunction<VmStatus> figure) {
        return Gauge.builder(name, context, now -> figure.applyAsLong(now.status()))
                .description(description);
    }

    /// Counts a connection that ended.
    /// @param vm the VM's name
    static void ended(MeterRegistry meters, String vm, String outcome) {
        meters.counter("shareferry.vm.connections", "vm", vm, "outcome", outcome)
                .increment();
    }
}
