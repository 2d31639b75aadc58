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

/// Consecutive ports on loopback that are reserved for a test, even while nothing listens there. Each has a bound
/// socket that does not listen, so connections are refused and nobody else can reserve it. On Linux a server with
/// SO_REUSEADDR, such as Java's and Docker's, can listen beside that socket. Other systems do not allow this; there
/// the ports are only searched for, not reserved.
public final class HeldPorts implements AutoCloseable {
    /// Below the range of ephemeral ports.
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

    /// @param count the number of ports
    public static HeldPorts inARow(int count) throws IOException {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            var held = tryFrom(RANDOM.nextInt(FIRST, LAST - count), count);
            if (held.isPresent()) {
                return held.get();
            }
        }
        throw new BindException("There are no " + count + " consecutive free ports on loopback.");
    }

    private static Optional<HeldPorts> tryFrom(int first, int count) throws IOException {
        var sockets = new ArrayList<Socket>();
        for (int port = first; port < first + count; port++) {
            var socket = new Socket();
            sockets.add(socket);
            try {
                // Without SO_REUSEADDR this fails if another socket has the port, even a reserving one.
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
