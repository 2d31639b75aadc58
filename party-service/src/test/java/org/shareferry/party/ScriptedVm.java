// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.shareferry.delivery.Domain;
import org.shareferry.mpspdz.CapturedDialog;
import org.shareferry.mpspdz.Specification;

/// The client port of P1's VM, without TLS, which says what a test has it say and when. The other party is
/// not there.
final class ScriptedVm implements AutoCloseable {
    static final long ADDITIVE = 0;

    private static final Domain RING = new Domain.Ring(128, 64);
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int PARTIES = 2;
    private static final int OWN = 1;

    private final ServerSocket server;
    private final Socket socket;
    private final DataInputStream in;

    private ScriptedVm(ServerSocket server, Socket socket) throws IOException {
        this.server = server;
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /// Listens and waits for the service.
    static ScriptedVm accepting(int port) throws IOException {
        var server = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
        try {
            server.setSoTimeout(PATIENCE_MILLIS);
            var socket = server.accept();
            var vm = new ScriptedVm(server, socket);
            var id = new String(vm.read(), StandardCharsets.US_ASCII);
            if (!id.equals(Integer.toString(OWN))) {
                throw new AssertionError("Client " + id + " where P1's service was expected.");
            }
            return vm;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /// Says which run this is, and goes through the exchange of keys.
    void greet(long run) throws IOException {
        send(Specification.encode(RING).toArray());
        send(CapturedDialog.MAGIC, CapturedDialog.VERSION, run, run, OWN, PARTIES);
        read();
        send(1, 2, 3, 4);
    }

    /// Says that a single value follows.
    void head(long sequence, long scheme) throws IOException {
        send(sequence, 0, scheme, 1, 1, 0, 7);
    }

    /// Hands the value's share over.
    void share() throws IOException {
        send(new byte[RING.elementBytes()]);
    }

    void send(long... words) throws IOException {
        var content = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(words);
        send(content.array());
    }

    private void send(byte[] content) throws IOException {
        var framed = ByteBuffer.allocate(Integer.BYTES + content.length).order(ByteOrder.LITTLE_ENDIAN);
        socket.getOutputStream()
                .write(framed.putInt(content.length).put(content).array());
    }

    private byte[] read() throws IOException {
        return in.readNBytes(Integer.reverseBytes(in.readInt()));
    }

    /// @return the first word of the next message
    long answer() throws IOException {
        return ByteBuffer.wrap(read()).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /// @return whether the service closed the connection
    boolean isLeft() throws IOException {
        return in.read() < 0;
    }

    static String id(long run, long sequence) {
        return "%016x%016x-%d".formatted(run, run, sequence);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
    }
}
