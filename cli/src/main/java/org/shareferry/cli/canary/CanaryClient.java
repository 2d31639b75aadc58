// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
import org.shareferry.mpspdz.Specification;
import org.shareferry.site.canary.VmKind;

/// The client of one VM in a canary run: it reads the VM's greeting, sends it a number, and waits for the word.
/// Messages are as in MP-SPDZ: a uint32 length and that number of bytes, little-endian.
final class CanaryClient {
    /// The first and last message of the program (`shareferry_canary.mpc`).
    private static final long WORD = 0x52524546L;

    /// No program uses this number for its clients.
    private static final String NUMBER = Integer.toString(1 << 30);

    private static final int MAX_MESSAGE = 1024;
    private static final int RETRY_MILLIS = 100;
    private static final int GREETING_WORDS = 4;

    private final int port;
    private final Path certificate;
    private final Duration patience;

    /// @param port on which the VM will listen
    /// @param certificate of the VM, PEM
    /// @param patience how long each step may take
    CanaryClient(int port, Path certificate, Duration patience) {
        this.port = port;
        this.certificate = certificate;
        this.patience = patience;
    }

    /// @param m the number for the VM, 8 bytes
    /// @throws IOException when the VM ends before it has the number, or neither writes the word nor ends
    CanaryRunResult run(Bytes m) throws IOException, InterruptedException {
        try (var socket = secure(connect())) {
            var in = new DataInputStream(socket.getInputStream());
            var domain = specification(read(in));
            var greeting = ByteBuffer.wrap(read(in)).order(ByteOrder.LITTLE_ENDIAN);
            if (greeting.remaining() != GREETING_WORDS * Long.BYTES || greeting.getLong() != WORD) {
                throw new IOException("the VM does not run the canary");
            }
            greeting.getLong();
            int parties = Math.toIntExact(greeting.getLong());
            long threshold = greeting.getLong();
            int elements = read(in).length / domain.elementBytes();
            write(socket, Arrays.copyOf(m.toArray(), domain.elementBytes()));
            return new CanaryRunResult(new VmKind(domain, parties, threshold, elements), hasWord(in));
        }
    }

    private static Domain specification(byte[] message) throws IOException {
        try {
            return Specification.parse(Bytes.of(message));
        } catch (MalformedException e) {
            throw new IOException(e.reason(), e);
        }
    }

    private Socket connect() throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    /// Sends the client number, then switches to TLS and accepts only the VM's certificate.
    private SSLSocket secure(Socket socket) throws IOException {
        try {
            write(socket, NUMBER.getBytes(StandardCharsets.US_ASCII));
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            try (var pem = Files.newInputStream(certificate)) {
                trusted.setCertificateEntry(
                        "vm", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLSv1.2");
            context.init(null, trust.getTrustManagers(), null);
            var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", port, true);
            secured.startHandshake();
            return secured;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS 1.2 is not possible", e);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /// A VM that ends closes its connection, cleanly or not. One that keeps running without the word proves nothing.
    private static boolean hasWord(DataInputStream in) throws IOException {
        try {
            var message = read(in);
            return message.length == Long.BYTES
                    && ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getLong() == WORD;
        } catch (EOFException | SSLException | SocketException e) {
            return false;
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = Integer.reverseBytes(in.readInt());
        if (length < 0 || length > MAX_MESSAGE) {
            throw new IOException("the VM announces a message of " + Integer.toUnsignedString(length) + " bytes");
        }
        var message = new byte[length];
        in.readFully(message);
        return message;
    }

    private static void write(Socket socket, byte[] content) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + content.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(content.length)
                        .put(content)
                        .array());
    }
}
