// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.shareferry.site.settings.ConfiguredVm;

/// The client port of the party's VM. A connection that does not continue as a client kills the party's process. So
/// the service connects only when certificates and settings are ready, and never just to test the port.
final class VmPort {
    private static final int CONNECT_MILLIS = 10_000;

    /// Random client numbers are from here to 2^31-1. Programs do not use these for their own clients, and others
    /// cannot guess one.
    private static final int FIRST_RANDOM_CLIENT = 1 << 30;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final ConfiguredVm vm;
    private final Optional<VmIdentity> identity;

    VmPort(ConfiguredVm vm, Clock clock) {
        this.vm = vm;
        identity = vm.properties()
                .certificatesForTls()
                .map(folder -> new VmIdentity(
                        folder, vm.properties().fixedClient(), vm.own().number(), clock));
    }

    /// @return host and port, as configured
    String place() {
        return vm.place();
    }

    /// @return host and port
    InetSocketAddress address() {
        return new InetSocketAddress(vm.properties().host(), vm.tcpPort());
    }

    /// Reads the certificates, if there is TLS. Call it immediately before [#connect].
    Optional<SSLSocketFactory> prepare() throws VmUnusableException {
        return identity.isPresent() ? Optional.of(identity.get().socketFactory()) : Optional.empty();
    }

    /// @return a plain connection without any data exchanged
    /// @throws IOException when no VM is listening
    FirstByteSocket connect() throws IOException {
        int timeoutMillis = Math.toIntExact(vm.properties().messageTimeout().toMillis());
        var socket = connect(new FirstByteSocket(), address());
        socket.setSoTimeout(timeoutMillis);
        return socket;
    }

    /// @param socket not connected yet; closed on failure
    /// @throws ConnectException when nothing listens there
    static <S extends Socket> S connect(S socket, InetSocketAddress address) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address, CONNECT_MILLIS);
            refuseSelfConnection(socket);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// Refuses a connection to itself. Repeated attempts to connect to a local port without a listener can succeed
    /// by chance if the system assigns the same port as the source port (RFC 9293, section 3.5: simultaneous open).
    /// The connection would then occupy the port of the VM.
    private static void refuseSelfConnection(Socket socket) throws IOException {
        if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
            // Without TIME_WAIT, so that the port is free at once.
            socket.setSoLinger(true, 0);
            throw new ConnectException("Connected to itself: nothing listens at " + socket.getRemoteSocketAddress());
        }
    }

    /// MP-SPDZ finds client sockets by the client's number, across all ports. With the same number as a client of
    /// the program, messages would go to that client.
    private int client() {
        return vm.properties().fixedClient().orElseGet(() -> FIRST_RANDOM_CLIENT | RANDOM.nextInt(FIRST_RANDOM_CLIENT));
    }

    /// Sends the client number, and then starts TLS as the client. The VM continues the handshake when its program
    /// accepts, which may take long.
    /// @param tls from [#prepare]
    Socket identify(Socket socket, Optional<SSLSocketFactory> tls) throws IOException {
        var id = Integer.toString(client()).getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + id.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(id.length)
                        .put(id)
                        .array());
        if (tls.isEmpty()) {
            return socket;
        }
        var secured = (SSLSocket)
                tls.get().createSocket(socket, vm.properties().host(), address().getPort(), true);
        secured.setUseClientMode(true);
        secured.setEnabledProtocols(new String[] {"TLSv1.2"});
        secured.startHandshake();
        return secured;
    }
}
