// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;

/// The messages of a connection with a VM: each a uint32 length, little-endian, and as many bytes (MP-SPDZ
/// `Tools/octetStream.h`). A reader always knows how long the next message must be, so no length that comes
/// in decides how much memory is taken.
final class VmChannel implements Closeable {
    private static final int BUFFER = 1 << 16;

    /// How long to read before looking whether the service stops.
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    /// How long to listen to a VM that waits for a word of ours.
    private static final Duration WHILE_IT_WAITS = Duration.ofMillis(20);

    private final Socket socket;
    private final Duration patience;
    private final int glanceMillis;
    private final Stopping stopping;
    private final InputStream in;
    private final OutputStream out;

    /// @param socket after the handshake; closed with this
    /// @param patience how long nothing may come of a message that is due
    VmChannel(Socket socket, Duration patience, Stopping stopping) throws IOException {
        this.socket = socket;
        this.patience = patience;
        this.stopping = stopping;
        var glance = patience.compareTo(BETWEEN_LOOKS) < 0 ? patience : BETWEEN_LOOKS;
        this.glanceMillis = Math.toIntExact(Math.max(1, glance.toMillis()));
        socket.setSoTimeout(glanceMillis);
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    /// @return how long nothing may come of a message that is due
    Duration patience() {
        return patience;
    }

    /// Waits until the VM begins to speak.
    ///
    /// @throws IOException when it does not, or nothing came for as long as our patience
    void awaitBeginning() throws IOException {
        in.mark(1);
        long begin = System.nanoTime();
        while (!stopping.isBegun()) {
            try {
                if (in.read() < 0) {
                    throw new EOFException("The connection was closed before the VM spoke.");
                }
                in.reset();
                return;
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - begin >= patience.toNanos()) {
                    throw e;
                }
            }
        }
        throw new EOFException("This service is stopping.");
    }

    /// Waits without end: between two deliveries a program may compute for days.
    ///
    /// @return whether another message begins; false when the VM has closed the connection, or the service
    ///     stops
    boolean hasNext() throws IOException {
        in.mark(1);
        while (!stopping.isBegun() || in.available() > 0) {
            try {
                int next = in.read();
                in.reset();
                return next >= 0;
            } catch (SocketTimeoutException e) {
                // The program computes.
            }
        }
        return false;
    }

    /// Listens for a moment to a VM that has nothing to say, because it waits for a word of ours.
    ///
    /// @throws EOFException when the VM has closed the connection
    /// @throws DialogRefusedException when it says something
    void requireSilence() throws IOException, DialogRefusedException {
        socket.setSoTimeout((int) WHILE_IT_WAITS.toMillis());
        in.mark(1);
        try {
            if (in.read() < 0) {
                throw new EOFException("The VM closed the connection while it waited for inputs.");
            }
            throw new DialogRefusedException(VmRefusal.LENGTH, "The VM says something where it waits for inputs.");
        } catch (SocketTimeoutException e) {
            // It waits.
        } finally {
            socket.setSoTimeout(glanceMillis);
        }
    }

    /// Reads shares or other secrets, from one message or from several that follow one another.
    ///
    /// @param sizes how many bytes each message must have
    /// @return the bytes of all messages, which the caller closes
    /// @throws DialogRefusedException when one has another length
    SecretBytes readSecret(int... sizes) throws IOException, DialogRefusedException {
        var content =
                new byte[Math.toIntExact(Arrays.stream(sizes).asLongStream().sum())];
        try {
            int end = 0;
            for (int size : sizes) {
                checkLength(size);
                readFully(content, end, end + size);
                end += size;
            }
        } catch (IOException | DialogRefusedException e) {
            Arrays.fill(content, (byte) 0);
            throw e;
        }
        return SecretBytes.takeOver(content);
    }

    /// @param most how many bytes the message may have
    /// @throws DialogRefusedException when it has more
    Bytes readUpTo(int most) throws IOException, DialogRefusedException {
        long length = length();
        if (length > most) {
            throw new DialogRefusedException(
                    VmRefusal.LENGTH, "A message has " + length + " bytes where " + most + " are the most.");
        }
        var content = new byte[(int) length];
        readFully(content);
        return Bytes.of(content);
    }

    /// @param size how many bytes the message must have
    Bytes readBytes(int size) throws IOException, DialogRefusedException {
        checkLength(size);
        var content = new byte[size];
        readFully(content);
        return Bytes.of(content);
    }

    /// @param count how many words the message must have
    /// @param patience how long nothing may come of it
    long[] readWords(int count, Duration patience) throws IOException, DialogRefusedException {
        int size = Math.multiplyExact(count, Long.BYTES);
        var content = new byte[size];
        checkLength(size, patience);
        readFully(content, 0, size, patience);
        var words = new long[count];
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    /// @param counts how many words the message may have
    List<Long> readWordsOf(int... counts) throws IOException, DialogRefusedException {
        long length = length();
        for (int count : counts) {
            if (length == (long) count * Long.BYTES) {
                var content = new byte[(int) length];
                readFully(content);
                var words =
                        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
                return IntStream.range(0, count).mapToObj(words::get).toList();
            }
        }
        throw new DialogRefusedException(
                VmRefusal.LENGTH,
                "A message has " + length + " bytes where " + counts[counts.length - 1] + " words belong.");
    }

    private void checkLength(int size) throws IOException, DialogRefusedException {
        checkLength(size, patience);
    }

    private void checkLength(int size, Duration patience) throws IOException, DialogRefusedException {
        long length = length(patience);
        if (length != size) {
            var why = length == 2L * size ? VmRefusal.MAC_SHARES : VmRefusal.LENGTH;
            throw new DialogRefusedException(
                    why, "A message has " + length + " bytes where " + size + " belong: " + why.sentence() + ".");
        }
    }

    private long length() throws IOException, DialogRefusedException {
        return length(patience);
    }

    private long length(Duration patience) throws IOException, DialogRefusedException {
        var content = new byte[Integer.BYTES];
        readFully(content, 0, content.length, patience);
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private void readFully(byte[] content) throws IOException, DialogRefusedException {
        readFully(content, 0, content.length);
    }

    private void readFully(byte[] content, int from, int to) throws IOException, DialogRefusedException {
        readFully(content, from, to, patience);
    }

    private void readFully(byte[] content, int from, int to, Duration patience)
            throws IOException, DialogRefusedException {
        for (int filled = from; filled < to; ) {
            int count = read(content, filled, to, patience);
            if (count < 0) {
                throw new EOFException("The VM closed the connection inside a message.");
            }
            filled += count;
        }
    }

    private int read(byte[] content, int from, int to, Duration patience) throws IOException, DialogRefusedException {
        long begin = System.nanoTime();
        while (!stopping.isOverdue()) {
            try {
                return in.read(content, from, to - from);
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - begin >= patience.toNanos()) {
                    throw e;
                }
            }
        }
        throw new DialogRefusedException(
                VmRefusal.STOPPING,
                "This service is stopping, and a delivery did not come to its end within shareferry.party.vm.drain-timeout.");
    }

    /// Sends one message of words.
    void writeWords(long... words) throws IOException {
        begin(words.length);
        for (long word : words) {
            append(word);
        }
        end();
    }

    /// Sends one message of elements, each in more bytes than it has; those above are zero.
    ///
    /// @param source of the elements
    /// @param count how many
    /// @param size bytes of each as they come
    /// @param padded bytes of each as they are sent
    void writeElements(InputStream source, int count, int size, int padded) throws IOException {
        writeInt(Math.multiplyExact(count, padded));
        var element = new byte[padded];
        for (int i = 0; i < count; i++) {
            if (source.readNBytes(element, 0, size) < size) {
                throw new EOFException("There are fewer elements than belong to the message.");
            }
            out.write(element);
        }
        end();
    }

    /// Begins a message of so many words, which [#append] then adds one by one and [#end] sends.
    ///
    /// @throws DialogRefusedException when so many do not fit one message of MP-SPDZ's
    void beginLong(long words) throws IOException, DialogRefusedException {
        if (words > 0xffffffffL / Long.BYTES) {
            throw new DialogRefusedException(VmRefusal.SIZE, "The offsets of so many values do not fit one message.");
        }
        begin(words);
    }

    /// Begins a message of so many words; see [#beginLong].
    void begin(long words) throws IOException {
        writeInt((int) (words * Long.BYTES));
    }

    private void writeInt(int value) throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    /// Adds the next word of a message.
    void append(long word) throws IOException {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (word >>> shift));
        }
    }

    /// Sends what was begun.
    void end() throws IOException {
        out.flush();
    }

    /// Reads and throws away what the VM still sends, until it closes the connection: a VM whose socket is
    /// closed while it writes dies without a word about the reason it was given.
    void drain() throws IOException {
        var rest = new byte[BUFFER];
        long heard = System.nanoTime();
        while (!stopping.isOver() && System.nanoTime() - heard < patience.toNanos()) {
            try {
                if (in.read(rest) < 0) {
                    return;
                }
                heard = System.nanoTime();
            } catch (SocketTimeoutException e) {
                // It may still be computing.
            }
        }
    }

    /// Ends the connection. May be called by another thread, which ends a read or write in progress.
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
