// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;

/// A program accepts a client of its own on another port, beside its party-service, which came as client 0.
class ForeignClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Domain RING = new Domain.Ring(128, 64);
    private static final long SECRET = 0x5e_c2e7;

    /// Two parties compute, of which this is one.
    private static VmNetwork network() {
        var network = new VmNetwork(2, PATIENCE);
        Thread.ofVirtual().start(() -> {
            try {
                network.exchange("KEYS of -1", 1, List.of(MessageChannel.bytes(5, 6), MessageChannel.bytes(0, 0)));
            } catch (VmNetwork.GoneException | InterruptedException e) {
                // The test is over.
            }
        });
        return network;
    }

    /// @param id of the foreign client
    /// @param when after how many deliveries it is accepted
    /// @param acknowledged how many deliveries the service gets; fewer than two when the VM stopped
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 1, 1", "0, 2, 2", "1, 0, 2", "1, 1, 2", "1, 2, 2"})
    void a_foreign_client_never_gets_a_share(String id, int when, int acknowledged) throws Exception {
        var shape = new Shape(2, 2);
        var program = new CountingProgram(RING, new RunId(1, 2), 0, 2, Scheme.ADDITIVE, List.of(shape, shape));
        var listening = new CompletableFuture<StandInVm>();
        try (var door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var foreign = new Socket(door.getInetAddress(), door.getLocalPort());
                var accepted = door.accept()) {
            var faults = new FaultInjection() {
                @Override
                public void betweenDeliveries(int done) throws IOException {
                    if (done == when) {
                        listening.join().acceptElsewhere(id, accepted);
                    }
                }
            };
            // It says something, for the VM reads before it writes.
            foreign.getOutputStream().write(new byte[] {16, 0, 0, 0});
            foreign.getOutputStream().write("sixteen letters.".getBytes(StandardCharsets.US_ASCII));
            try (var vm = new StandInVm(program, network(), faults, Optional.empty(), 0);
                    var service = ScriptedClient.connect(vm, "0")) {
                listening.complete(vm);
                assertThat(serve(service)).isEqualTo(acknowledged);
                assertThat(vm.await(PATIENCE))
                        .isInstanceOf(acknowledged == 2 ? DialogEnd.Acknowledged.class : DialogEnd.Broken.class);
            }
            accepted.close();
            assertThat(written(foreign)).isZero();
        }
    }

    /// @return how many bytes came; the connection is reset if the VM left something unread
    private static int written(Socket foreign) {
        try {
            return foreign.getInputStream().readAllBytes().length;
        } catch (IOException e) {
            return 0;
        }
    }

    /// @return how many deliveries came
    private static int serve(ScriptedClient service) throws IOException {
        service.read();
        service.read();
        service.read();
        service.writeWords(0, 7, 0, 8, SECRET, SECRET);
        service.read();
        int deliveries = 0;
        try {
            while (true) {
                service.writeWords(SECRET, SECRET);
                service.read();
                service.read();
                service.writeWords(0);
                deliveries++;
            }
        } catch (IOException e) {
            return deliveries;
        }
    }
}
