// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Ports in a row on loopback that are kept from other programs while a test has them, also while nobody listens
/// there. Each has a socket that is bound and does not listen: connections are refused, and no one else can hold it.
/// On Linux a server with SO_REUSEADDR, as Java's and Docker's are, can listen beside that socket. Other systems do
/// not allow this: there the ports are only looked for.
public final class HeldPorts implements AutoCloseable {
    /// Below the range from which operating systems give ports to outgoing connections.
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;
    private static final int MAX_TRIES = 1_000;
    private static final boolean CAN_HOLD = System.getProperty("os.name").equals("Linux");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int first;
    private final List<Socket> sockets;

    private HeldPorts(int first, List<Socket> sockets) {
        this.first = first;
        this.sockets = List.copyOf(sockets);
    }

    /// @param count how many
    public static HeldPorts inARow(int count) throws IOException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            var held = tryFrom(RANDOM.nextInt(FIRST, LAST - count), count);
            if (held.isPresent()) {
                return held.get();
            }
        }
        throw new BindException("This machine gives no " + count + " free ports in a row on loopback.");
    }

    private static Optional<HeldPorts> tryFrom(int first, int count) throws IOException {
        var sockets = new ArrayList<Socket>();
        for (int port = first; port < first + count; port++) {
            var socket = new Socket();
            sockets.add(socket);
            try {
                // Without SO_REUSEADDR this fails beside any other socket, also one that holds the port.
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.setReuseAddress(true);
            } catch (IOException e) {
                new HeldPorts(first, sockets).close();
                return Optional.empty();
            }
        }
        var held = new HeldPorts(first, sockets);
        if (!CAN_HOLD) {
            held.close();
        }
        return Optional.of(held);
    }

    /// @return the lowest of them
    public int first() {
        return first;
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}
