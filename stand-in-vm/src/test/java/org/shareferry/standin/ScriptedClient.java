// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A client of a VM that says and reads what a test wants, without knowing the dialog.
final class ScriptedClient implements AutoCloseable {
    private Socket socket;

    private ScriptedClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
    }

    static ScriptedClient connect(StandInVm vm) throws IOException {
        return new ScriptedClient(new Socket(InetAddress.getLoopbackAddress(), vm.port()));
    }

    static ScriptedClient connect(StandInVm vm, String id) throws IOException {
        var client = connect(vm);
        client.write(id.getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    Socket socket() {
        return socket;
    }

    /// Goes on over another socket, such as TLS over the first.
    void over(Socket other) {
        socket = other;
    }

    void write(byte[] content) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + content.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(content.length)
                        .put(content)
                        .array());
    }

    void writeWords(long... words) throws IOException {
        var content = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(words);
        write(content.array());
    }

    byte[] read() throws IOException {
        var length = exactly(Integer.BYTES);
        return exactly(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private byte[] exactly(int size) throws IOException {
        var content = socket.getInputStream().readNBytes(size);
        if (content.length < size) {
            throw new EOFException("The VM closed the connection.");
        }
        return content;
    }

    /// @return whether nothing comes any more
    boolean isClosedByVm() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
