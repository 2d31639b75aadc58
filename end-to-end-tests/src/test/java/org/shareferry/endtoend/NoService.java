// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;
import org.shareferry.standin.Program;
import org.shareferry.standin.StandInVm;

/// What a corrupt party has in the place of a service: it takes what its VM hands over, so that the honest
/// parties' VMs come to their end, and submits nothing. For programs that deliver once, in any scheme but
/// committed.
final class NoService implements AutoCloseable {
    private final Socket vm;
    private final FutureTask<Boolean> talk;

    /// @param program what the VM runs
    /// @param listening the VM, without TLS
    NoService(Program program, StandInVm listening) throws IOException {
        vm = new Socket(InetAddress.getLoopbackAddress(), listening.port());
        talk = new FutureTask<>(() -> listen(program), true);
        Thread.ofVirtual().start(talk);
    }

    private void listen(Program program) {
        try {
            write(Integer.toString(program.party()).getBytes(StandardCharsets.US_ASCII));
            var in = new DataInputStream(vm.getInputStream());
            // Specification and greeting.
            skip(in, 2);
            write(new byte[2 * program.parties() * Long.BYTES]);
            // The others' keys, and the head.
            skip(in, 2);
            var output = program.outputs().getFirst();
            skip(in, output.shape().placeCount(output.scheme()));
            write(new byte[Long.BYTES]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void skip(DataInputStream in, long messages) throws IOException {
        for (long i = 0; i < messages; i++) {
            in.skipNBytes(Integer.reverseBytes(in.readInt()));
        }
    }

    private void write(byte[] content) throws IOException {
        vm.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + content.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(content.length)
                        .put(content)
                        .array());
    }

    /// Waits for the end of the VM's program.
    @Override
    public void close() throws IOException {
        try {
            talk.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            vm.close();
        }
    }
}
