// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class VmPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /// The system assigns the target port as the source port, which can happen if no VM listens there.
    @Test
    void a_connection_to_itself_is_refused_and_frees_the_port() throws Exception {
        var meeting = new Socket();
        meeting.bind(new InetSocketAddress(LOOPBACK, 0));
        var address = (InetSocketAddress) meeting.getLocalSocketAddress();

        assertThatThrownBy(() -> VmPort.connect(meeting, address)).isInstanceOf(ConnectException.class);

        try (var vm = new ServerSocket(address.getPort(), 1, LOOPBACK);
                var socket = VmPort.connect(new Socket(), address)) {
            assertThat(socket.getPort()).isEqualTo(vm.getLocalPort());
        }
    }
}
