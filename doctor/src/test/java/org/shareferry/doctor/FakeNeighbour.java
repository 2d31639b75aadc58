// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.shareferry.pem.CertifiedKey;

/// Somebody who listens with TLS, asks for a client certificate, and gives one answer to all.
final class FakeNeighbour implements AutoCloseable {
    private final ServerSocket server;
    private volatile String answer = "";
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean isEndless;
    private volatile boolean isSilent;

    /// @param protocol such as `TLSv1.3`
    FakeNeighbour(MadeCertificate own, List<MadeCertificate> trusted, String protocol) throws Exception {
        this(List.of(own), trusted, protocol);
    }

    /// @param chain its own certificate, and those of the authorities behind it
    FakeNeighbour(List<MadeCertificate> chain, List<MadeCertificate> trusted, String protocol) throws Exception {
        var own = new CertifiedKey.Usable(
                chain.stream().map(MadeCertificate::certificate).toList(),
                chain.getFirst().keys().getPrivate());
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (var one : trusted) {
            trust.setCertificateEntry("t" + one.certificate().getSerialNumber(), one.certificate());
        }
        var trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(own.keyManagers(), trustManagers.getTrustManagers(), new SecureRandom());
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(() -> serve(context, protocol));
    }

    FakeNeighbour(MadeCertificate own, List<MadeCertificate> trusted) throws Exception {
        this(own, trusted, "TLSv1.3");
    }

    int port() {
        return server.getLocalPort();
    }

    FakeNeighbour answers(int status, String body) {
        answer = "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\nDate: %s\r\n\r\n" + body;
        return this;
    }

    /// A body that goes on as long as somebody takes it.
    FakeNeighbour answersWithoutEnd() {
        answer = "HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: " + Long.MAX_VALUE + "\r\n\r\n";
        isEndless = true;
        return this;
    }

    /// A body that stops before its end.
    FakeNeighbour answersHalf() {
        answer = "HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf";
        isSilent = true;
        return this;
    }

    FakeNeighbour withClock(Duration fast) {
        ahead = fast;
        return this;
    }

    private void serve(SSLContext context, String protocol) {
        while (!server.isClosed()) {
            try {
                var plain = server.accept();
                Thread.ofVirtual().start(() -> talk(plain, context, protocol));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void talk(Socket plain, SSLContext context, String protocol) {
        try (plain) {
            try {
                var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
                socket.setUseClientMode(false);
                socket.setNeedClientAuth(true);
                socket.setEnabledProtocols(new String[] {protocol});
                answer(socket);
                socket.close();
            } catch (IOException e) {
                // Closed with something unread, the connection would be reset, and our alert lost on the way.
                plain.setSoTimeout(10_000);
                plain.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // That is what some tests want.
        }
    }

    private void answer(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(ahead).atZone(ZoneOffset.UTC));
        socket.getOutputStream().write(answer.replace("%s", date).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        while (isEndless) {
            socket.getOutputStream().write(new byte[1 << 16]);
        }
        if (isSilent) {
            // Until the other side gives up.
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
