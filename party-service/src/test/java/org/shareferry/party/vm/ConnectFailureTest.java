// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailureTest {
    static Stream<Arguments> causes() {
        return Stream.of(
                Arguments.of(new NoRouteToHostException("No route to host"), "there is no route to the host"),
                Arguments.of(new ConnectException("Network is unreachable"), "the network is unreachable"),
                Arguments.of(new SocketTimeoutException("Connect timed out"), "the host does not respond"),
                Arguments.of(new SocketException("Permission denied"), "the host cannot be reached"));
    }

    @ParameterizedTest
    @MethodSource("causes")
    void each_connect_failure_has_its_own_explanation(IOException e, String words) {
        assertThat(ConnectFailure.explain(e)).startsWith(words);
    }

    @Test
    void a_refused_connection_is_explained_as_no_listener() throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

        var refused = catchThrowableOfType(IOException.class, () -> VmPort.connect(new FirstByteSocket(), address));

        assertThat(ConnectFailure.explain(refused)).isEqualTo("nothing listens there");
    }

    /// RFC 2606: this name never has an address.
    @Test
    void a_host_name_without_an_address_is_explained() {
        var address = InetSocketAddress.createUnresolved("vm.invalid", 14_000);

        var unknown = catchThrowableOfType(IOException.class, () -> VmPort.connect(new FirstByteSocket(), address));

        assertThat(ConnectFailure.explain(unknown)).isEqualTo("the host name has no address");
    }

    @Test
    void a_silent_peer_and_a_closing_peer_have_different_explanations() {
        assertThat(ConnectFailure.explainSilence(new SocketTimeoutException())).contains("sends nothing");
        assertThat(ConnectFailure.explainSilence(new EOFException())).contains("closes them");
    }

    @Test
    void a_socket_records_its_first_byte() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var socket = VmPort.connect(new FirstByteSocket(), (InetSocketAddress) server.getLocalSocketAddress());
                var accepted = server.accept()) {
            assertThat(socket.hasReceived()).isFalse();

            accepted.getOutputStream().write(7);

            assertThat(socket.getInputStream().read()).isEqualTo(7);
            assertThat(socket.hasReceived()).isTrue();
        }
    }
}
