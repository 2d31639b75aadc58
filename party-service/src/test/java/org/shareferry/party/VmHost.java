// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.standin.HeldPorts;
import tools.jackson.databind.JsonNode;

/// P1's service, waiting for its VM, and the VM's port.
///
/// @param host the service
/// @param held the VM's port
record VmHost(PartyHost host, HeldPorts held) implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /// Without TLS unless the settings say otherwise.
    ///
    /// @param settings further properties, `name=value`
    static VmHost start(String... settings) throws Exception {
        var held = HeldPorts.inARow(1);
        var all = new ArrayList<>(List.of(
                "shareferry.party.vm.port=" + held.first(),
                "shareferry.party.vm.one-port=true",
                "shareferry.party.vm.tls=false",
                "shareferry.party.vm.message-timeout=" + PATIENCE.toMillis() + "ms",
                "shareferry.party.vm.reconnect-delay=50ms"));
        all.addAll(List.of(settings));
        try {
            return new VmHost(PartyHost.start(all.toArray(String[]::new)), held);
        } catch (Exception e) {
            held.close();
            throw e;
        }
    }

    int port() {
        return held.first();
    }

    /// @return the VM, to which the service has just connected
    ScriptedVm accept() throws IOException {
        return ScriptedVm.accepting(held.first());
    }

    /// @return the state of the connector
    JsonNode status() throws Exception {
        return host.get("/v1/deliveries").json().path("vms").path(0);
    }

    String state() throws Exception {
        return status().path("state").asString("");
    }

    String problem() throws Exception {
        return status().path("problem").asString("");
    }

    /// @return the cause of the waiting
    String cause() throws Exception {
        return status().path("cause").asString("");
    }

    String metrics() throws Exception {
        return managed("/actuator/prometheus");
    }

    /// @return the body of the management port
    String managed(String path) {
        return host.managed(path).text();
    }

    /// @return whether the delivery was handed over
    boolean has(String id) throws Exception {
        return host.get("/v1/deliveries/" + id).status() == 200;
    }

    @Override
    public void close() {
        host.close();
        try {
            held.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
