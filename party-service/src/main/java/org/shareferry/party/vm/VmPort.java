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

/// The client port of our VM. Whatever connects there and does not go on as a client must kills the party's
/// process, so a connection is only begun with everything for it at hand, and never to see whether one could.
final class VmPort {
    private static final int CONNECT_MILLIS = 10_000;

    /// Numbers from here to 2^31-1 are drawn. No program uses them for clients of its own, and nobody can guess one.
    private static final int FIRST_RANDOM_CLIENT = 1 << 30;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Vm vm;
    private final Optional<VmIdentity> identity;

    VmPort(Vm vm, Clock clock) {
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

    /// Reads the certificates, if there is TLS. To be called right before [#connect].
    Optional<SSLSocketFactory> prepare() throws VmUnusableException {
        return identity.isPresent() ? Optional.of(identity.get().socketFactory()) : Optional.empty();
    }

    /// @return a plain connection on which nothing was said yet
    /// @throws IOException when there is nobody to connect to: no VM is listening
    HeardSocket connect() throws IOException {
        int patience = Math.toIntExact(vm.properties().messageTimeout().toMillis());
        var socket = connect(new HeardSocket(), address());
        socket.setSoTimeout(patience);
        return socket;
    }

    /// @param socket not connected yet; closed when it cannot be
    /// @throws ConnectException when nobody listens there
    static <S extends Socket> S connect(S socket, InetSocketAddress address) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address, CONNECT_MILLIS);
            refuseItself(socket);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// Who connects again and again to a port of its own machine that nobody listens on meets itself one day,
    /// if the port is one that the system gives to outgoing connections (RFC 9293, section 3.5: simultaneous
    /// open). It would then keep that port from the VM it waits for.
    private static void refuseItself(Socket socket) throws IOException {
        if (socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
            // Without TIME_WAIT, so that the port is free at once.
            socket.setSoLinger(true, 0);
            throw new ConnectException("Connected to itself: nobody listens at " + socket.getRemoteSocketAddress());
        }
    }

    /// MP-SPDZ finds client sockets by the client's number, for all ports together: a number that a client of the
    /// program's own has, too, would be given to that client.
    private int client() {
        return vm.properties().fixedClient().orElseGet(() -> FIRST_RANDOM_CLIENT | RANDOM.nextInt(FIRST_RANDOM_CLIENT));
    }

    /// Says who we are, and then turns the connection into TLS as its client. The VM goes on with the
    /// handshake when its program accepts, which may take long.
    ///
    /// @param tls as prepared
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
