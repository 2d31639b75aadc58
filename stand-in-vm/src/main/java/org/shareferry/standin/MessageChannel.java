// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.shareferry.crypto.Bytes;

/// The VM's side of a connection: messages of uint32 length and content, all integers little-endian.
final class MessageChannel {
    /// The lowest number of a refusal.
    private static final long FIRST_ERROR = 1001;

    private static final long LAST_ERROR = 1099;

    private final InputStream in;
    private final OutputStream out;
    private final FaultInjection faults;
    private int message;

    MessageChannel(InputStream in, OutputStream out, FaultInjection faults) throws IOException {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = faults.writesTo(out);
        this.faults = faults;
    }

    /// The program must stop.
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1;
        private final long number;

        StoppedException(long number) {
            this.number = number;
        }

        long number() {
            return number;
        }
    }

    /// @return the number of the next message in either direction
    int message() {
        return message;
    }

    private void next() throws IOException {
        if (faults.cutsBefore(message)) {
            throw new EOFException("Cut before message " + message + ".");
        }
        message++;
    }

    void send(Bytes content) throws IOException {
        next();
        var framed = ByteBuffer.allocate(Integer.BYTES + content.size()).order(ByteOrder.LITTLE_ENDIAN);
        out.write(framed.putInt(content.size()).put(content.toArray()).array());
        out.flush();
    }

    /// Reads words like a VM, which knows their number and ignores surplus ones (MP-SPDZ `read_socket_ints`), and
    /// checks whether they are a refusal: a number followed by zeros.
    long[] words(int count) throws IOException, StoppedException {
        next();
        int length = ByteBuffer.wrap(exactly(Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (length < count * Long.BYTES) {
            throw new IOException(
                    "A VM would abort: it reads " + count + " words, but the message has " + length + " bytes.");
        }
        var words = new long[count];
        ByteBuffer.wrap(exactly(length))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words);
        checkRefusal(words);
        return words;
    }

    /// Reads clear elements like a VM, which knows their number and size.
    Bytes elements(int bytes) throws IOException {
        next();
        int length = ByteBuffer.wrap(exactly(Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (length < bytes) {
            throw new IOException(
                    "A VM would abort: it reads " + bytes + " bytes, but the message has " + length + ".");
        }
        return Bytes.ofRange(exactly(length), 0, bytes);
    }

    private static void checkRefusal(long[] words) throws StoppedException {
        if (words[0] < FIRST_ERROR || words[0] > LAST_ERROR) {
            return;
        }
        for (int i = 1; i < words.length; i++) {
            if (words[i] != 0) {
                return;
            }
        }
        throw new StoppedException(words[0]);
    }

    byte[] exactly(int size) throws IOException {
        var content = in.readNBytes(size);
        if (content.length != size) {
            throw new EOFException("The client left before message " + message + ".");
        }
        return content;
    }

    static Bytes bytes(long... words) {
        var content = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(words);
        return Bytes.of(content.array());
    }

    static long[] wordsOf(Bytes bytes) {
        var words = new long[bytes.size() / Long.BYTES];
        ByteBuffer.wrap(bytes.toArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(words);
        return words;
    }
}
