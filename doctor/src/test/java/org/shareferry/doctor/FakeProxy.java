// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/// An HTTP proxy (RFC 9110 §9.3.6) that answers every CONNECT alike and leads to one port, whatever was asked for.
final class FakeProxy implements AutoCloseable {
    private final ServerSocket server;
    private final String answer;
    private final int target;

    FakeProxy(String answer, int target) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        this.answer = answer;
        this.target = target;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    /// @return what the action gives while the JVM is told of this proxy
    <T> T during(Supplier<T> action) {
        var former = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("127.0.0.1", port())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try {
            return action.get();
        } finally {
            ProxySelector.setDefault(former);
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> tunnel(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void tunnel(Socket client) {
        try (client) {
            var head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            boolean isOpen = answer.contains(" 200 ");
            client.getOutputStream()
                    .write((answer + (isOpen ? "" : "\r\nContent-Length: 0") + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            if (isOpen) {
                try (var neighbour = new Socket("127.0.0.1", target)) {
                    Thread.ofVirtual().start(() -> pass(neighbour, client));
                    pass(client, neighbour);
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
