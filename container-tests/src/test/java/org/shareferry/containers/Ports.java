// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Ports of this machine for containers, which can be given neither a port that is held nor one of their own choice.
/// They come from a range from which neither operating systems nor other tests take any. A lock keeps runs of these
/// tests apart.
final class Ports {
    private static final int FIRST = 18_000;
    private static final int LAST = 20_000;
    private static final FileLock LOCK = lock();

    private static int next = FIRST;

    private Ports() {}

    /// Waits while another run has the range; the end of this JVM gives it back.
    private static FileLock lock() {
        var file = Path.of(System.getProperty("java.io.tmpdir"), "shareferry-container-ports.lock");
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .lock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return one that nobody uses and that was not returned before
    static synchronized String next() {
        while (LOCK.isValid() && next < LAST) {
            int port = next++;
            try (var socket = new Socket()) {
                socket.bind(new InetSocketAddress(port));
                return Integer.toString(port);
            } catch (IOException e) {
                // Some other program listens there.
            }
        }
        throw new IllegalStateException("There is no free port from " + FIRST + " to " + (LAST - 1) + ".");
    }
}
