// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HeldPortsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void a_server_can_listen_at_a_held_port_repeatedly() throws Exception {
        try (var held = HeldPorts.inARow(3)) {
            for (int port = held.first(); port < held.first() + 3; port++) {
                for (int time = 0; time < 2; time++) {
                    try (var server = new ServerSocket(port, 1, LOOPBACK);
                            var socket = new Socket(LOOPBACK, port);
                            var accepted = server.accept()) {
                        assertThat(accepted.getPort()).isEqualTo(socket.getLocalPort());
                    }
                }
            }
        }
    }

    @Test
    void a_held_port_refuses_connections_while_nobody_listens() throws Exception {
        try (var held = HeldPorts.inARow(1)) {
            assertThatThrownBy(() -> new Socket(LOOPBACK, held.first()).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nobody_else_can_hold_a_held_port() throws Exception {
        try (var held = HeldPorts.inARow(1);
                var other = new Socket()) {
            assertThatThrownBy(() -> other.bind(new InetSocketAddress(LOOPBACK, held.first())))
                    .isInstanceOf(BindException.class);
        }
    }
}
