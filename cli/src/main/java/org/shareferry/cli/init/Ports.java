// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.shareferry.cli.CommandException;

/// Which ports services get.
final class Ports {
    /// The last TCP port there is.
    static final int LAST = 65_535;

    private static final int FIRST_FREE = 20_000;
    private static final int LAST_FREE = 32_000;
    private static final int MAX_TRIES = 10_000;

    private Ports() {}

    /// @param base the first of consecutive ports; without it, currently free ports
    /// @param count how many
    /// @param vms ports on which VMs will listen: no service gets one of them
    static Iterator<Integer> take(Optional<Integer> base, int count, Set<Integer> vms) throws CommandException {
        if (base.isEmpty()) {
            return free(count, vms).iterator();
        }
        if (base.get() < 1 || base.get() + count - 1 > LAST) {
            throw new CommandException("--base-port " + base.get() + " leaves no room for " + count
                    + " ports; take one from 1024 to " + (LAST - count + 1) + ".");
        }
        var taken = IntStream.range(base.get(), base.get() + count).boxed().toList();
        var clash = taken.stream().filter(vms::contains).findFirst();
        if (clash.isPresent()) {
            throw new CommandException("--base-port " + base.get() + " gives services the ports " + taken.getFirst()
                    + " to " + taken.getLast() + ", but on " + clash.get()
                    + " a VM is to listen; choose another --base-port or --vm-port.");
        }
        return taken.iterator();
    }

    /// All are held at the same time, so that none comes twice. They are taken from below the range from
    /// which operating systems give ports to outgoing connections: one from there may be in use again before
    /// its service has started.
    private static List<Integer> free(int count, Set<Integer> vms) throws CommandException {
        var held = new ArrayList<Socket>();
        var random = new SecureRandom();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                if (tries == MAX_TRIES) {
                    throw new CommandException("This machine gives no " + count
                            + " free ports on loopback; end other programs and try again.");
                }
                int port = random.nextInt(FIRST_FREE, LAST_FREE);
                if (!vms.contains(port)) {
                    open(port).ifPresent(held::add);
                }
            }
            return held.stream().map(Socket::getLocalPort).toList();
        } finally {
            for (var socket : held) {
                close(socket);
            }
        }
    }

    /// Without SO_REUSEADDR, which server sockets have: with it, a port would look free that another process has bound
    /// and where it does not listen yet.
    private static Optional<Socket> open(int port) {
        var socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return Optional.of(socket);
        } catch (IOException e) {
            close(socket);
            return Optional.empty();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that never connected has nothing to lose.
        }
    }
}
