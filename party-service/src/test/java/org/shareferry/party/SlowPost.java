// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/// A hand-over whose body is sent in pieces; each is sent before the next one is written.
final class SlowPost implements AutoCloseable {
    private final SSLSocket socket;

    SlowPost(PartyHost host, int length) throws IOException, GeneralSecurityException {
        var factory = host.members().tls(TestMembers.USER).getSocketFactory();
        socket = (SSLSocket) factory.createSocket("127.0.0.1", host.port());
        socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
        send("POST /v1/deliveries HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + length + "\r\nConnection: close\r\n\r\n");
    }

    void send(String piece) throws IOException {
        socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /// @return the answer's status
    int status() throws IOException {
        var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
