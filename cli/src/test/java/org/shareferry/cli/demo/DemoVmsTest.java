// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.output.Progress;
import org.shareferry.cli.process.ServiceProcesses;
import org.shareferry.delivery.Protocol;
import org.shareferry.standin.DialogEnd;

class DemoVmsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private DemoVms listen() throws Exception {
        return DemoVms.listen(CapturedRun.shipped().programs(Protocol.SPDZ2K), folder.resolve("mpspdz"), PATIENCE);
    }

    @Test
    void every_partys_vm_listens_on_the_base_port_plus_its_number() throws Exception {
        try (var vms = listen()) {
            int base = vms.setting().basePort();

            assertThat(base).isBetween(20_000, 31_998);
            for (int party = 0; party < 2; party++) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), base + party)) {
                    assertThat(socket.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void no_port_is_open_after_the_end() throws Exception {
        var vms = listen();

        vms.close();

        assertThatThrownBy(() -> new Socket(
                                InetAddress.getLoopbackAddress(), vms.setting().basePort())
                        .close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void every_vm_gets_a_certificate_and_a_private_key() throws Exception {
        try (var vms = listen()) {
            vms.makeCertificates(Clock.systemUTC());

            try (var files = Files.list(folder.resolve("mpspdz"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .contains("P0.pem", "P0.key", "P1.pem", "P1.key");
            }
            var key = folder.resolve("mpspdz").resolve("P1.key");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_service_that_does_not_connect_ends_the_wait() throws Exception {
        try (var vms = listen()) {
            assertThatThrownBy(() -> vms.await(
                            Duration.ZERO, new ServiceProcesses(), new Progress(new PrintWriter(new StringWriter()))))
                    .hasMessageContaining("The service of P0 did not take the shares of its VM in time");
        }
    }

    @Test
    void the_party_whose_vm_was_stopped_is_named_although_others_ended_first() {
        assertThatThrownBy(() -> DemoVms.requireGood(List.of(new DialogEnd.Broken(3), new DialogEnd.Stopped(1007))))
                .hasMessage("The service of P1 stopped its VM with error 1007; P1/service.log has the reason.");
        assertThatThrownBy(() -> DemoVms.requireGood(List.of(new DialogEnd.Broken(3), new DialogEnd.Killed("stoi"))))
                .hasMessageContaining("The VM of P1 died of its service: stoi.");
        assertThatThrownBy(() -> DemoVms.requireGood(List.of(new DialogEnd.Acknowledged(2), new DialogEnd.Broken(5))))
                .hasMessageContaining("The connection of P1 with its VM broke before message 5");
        assertThatCode(() -> DemoVms.requireGood(List.of(new DialogEnd.Acknowledged(2), new DialogEnd.Acknowledged(2))))
                .doesNotThrowAnyException();
    }
}
