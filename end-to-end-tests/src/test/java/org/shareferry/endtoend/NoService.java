// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.shareferry.mpspdz.Dialog;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.Program;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;

/// What a corrupt party has in the place of a service: it takes what its VM hands over, so that the honest
/// parties' VMs come to their end, and submits nothing. For programs that deliver once, in any scheme but
/// committed.
final class NoService {
    private final Program program;
    private final Socket vm;

    private NoService(Program program, Socket vm) {
        this.program = program;
        this.vm = vm;
    }

    /// @return the party's VM, which is heard to its end
    static StandInVm vm(Program program, VmNetwork network) throws IOException {
        var vm = new StandInVm(program, network, FaultInjection.NO_FAULTS, Optional.empty(), 0);
        var socket = new Socket(InetAddress.getLoopbackAddress(), vm.port());
        Thread.ofVirtual().start(new NoService(program, socket)::listen);
        return vm;
    }

    private void listen() {
        try (vm) {
            write(Integer.toString(program.party()).getBytes(StandardCharsets.US_ASCII));
            var in = new DataInputStream(vm.getInputStream());
            // Specification, greeting and a whole share of 0.
            skip(in, 3);
            var secret = new byte[Dialog.SECRET_WORDS * Long.BYTES];
            write(new byte[2 * program.parties() * Long.BYTES + secret.length]);
            // The others' keys.
            skip(in, 1);
            write(secret);
            // The head.
            skip(in, 1);
            var output = program.outputs().getFirst();
            // Values and tail of every chunk, in batched.
            skip(in, 2L * output.shape().chunkCount());
            write(new byte[Long.BYTES]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
}
