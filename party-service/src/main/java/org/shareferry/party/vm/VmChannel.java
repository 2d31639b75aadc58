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
/// `Tools/octetStream.h`). A reader always knows the required length of the next message, so a received length never
/// determines the allocated memory.
final class VmChannel implements Closeable {
    private static final int BUFFER = 1 << 16;

    /// The read timeout, after which to check whether the service is stopping.
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /// The read timeout while the VM waits for this service.
    private static final Duration SILENCE_CHECK = Duration.ofMillis(20);

    private final Socket socket;
    private final Duration messageTimeout;
    private final int pollMillis;
    private final Shutdown shutdown;
    private final InputStream in;
    private final OutputStream out;

    /// @param socket after the handshake; closed with this
    /// @param messageTimeout the longest wait for the next byte of a due message
    VmChannel(Socket socket, Duration messageTimeout, Shutdown shutdown) throws IOException {
        this.socket = socket;
        this.messageTimeout = messageTimeout;
        this.shutdown = shutdown;
        var poll = messageTimeout.compareTo(POLL_INTERVAL) < 0 ? messageTimeout : POLL_INTERVAL;
        this.pollMillis = Math.toIntExact(Math.max(1, poll.toMillis()));
        socket.setSoTimeout(pollMillis);
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    /// @return the longest wait for the next byte of a due message
    Duration messageTimeout() {
        return messageTimeout;
    }

    /// Waits for the VM's first byte.
    ///
    /// @throws IOException when the connection ends or the wait is too long
    void awaitBeginning() throws IOException {
        in.mark(1);
        long begin = System.nanoTime();
        while (!shutdown.hasBegun()) {
            try {
                if (in.read() < 0) {
                    throw new EOFException("The connection was closed before the VM sent anything.");
                }
                in.reset();
                return;
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - begin >= messageTimeout.toNanos()) {
                    throw e;
                }
            }
        }
        throw new EOFException("This service is stopping.");
    }

    /// Waits without a limit, because a program may compute for days between two deliveries.
    ///
    /// @return whether another message begins; false if the VM has closed the connection or the service is stopping
    boolean hasNext() throws IOException {
        in.mark(1);
        while (!shutdown.hasBegun() || in.available() > 0) {
            try {
                int next = in.read();
                in.reset();
                return next >= 0;
            } catch (SocketTimeoutException e) {
                // The program is computing.
            }
        }
        return false;
    }

    /// Checks for a moment that a VM that waits for this service sends nothing.
    ///
    /// @throws EOFException when the VM has closed the connection
    /// @throws DialogRefusedException when it sends something
    void requireSilence() throws IOException, DialogRefusedException {
        socket.setSoTimeout((int) SILENCE_CHECK.toMillis());
        in.mark(1);
        try {
            if (in.read() < 0) {
                throw new EOFException("The VM closed the connection while it waited for inputs.");
            }
            throw new DialogRefusedException(VmRefusal.LENGTH, "The VM sent a message while it waits for inputs.");
        } catch (SocketTimeoutException e) {
            // It waits.
        } finally {
            socket.setSoTimeout(pollMillis);
        }
    }

    /// Reads shares or other secrets, from one message or from several that follow one another.
    /// @param sizes the required number of bytes of each message
    /// @return the bytes of all messages; the caller closes them
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

    /// @param most the maximum number of bytes
    /// @throws DialogRefusedException when it has more
    Bytes readUpTo(int most) throws IOException, DialogRefusedException {
        long length = length();
        if (length > most) {
            throw new DialogRefusedException(
                    VmRefusal.LENGTH, "A message has " + length + " bytes; the maximum is " + most + ".");
        }
        var content = new byte[(int) length];
        readFully(content);
        return Bytes.of(content);
    }

    /// @param size the required number of bytes
    Bytes readBytes(int size) throws IOException, DialogRefusedException {
        checkLength(size);
        var content = new byte[size];
        readFully(content);
        return Bytes.of(content);
    }

    /// @param count the required number of words
    /// @param timeout the longest wait for the next byte
    long[] readWords(int count, Duration timeout) throws IOException, DialogRefusedException {
        int size = Math.multiplyExact(count, Long.BYTES);
        var content = new byte[size];
        checkLength(size, timeout);
        readFully(content, 0, size, timeout);
        var words = new long[count];
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    /// @param counts the allowed numbers of words
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
                "A message has " + length + " bytes instead of " + counts[counts.length - 1] + " words.");
    }

    private void checkLength(int size) throws IOException, DialogRefusedException {
        checkLength(size, messageTimeout);
    }

    private void checkLength(int size, Duration timeout) throws IOException, DialogRefusedException {
        long length = length(timeout);
        if (length != size) {
            var why = length == 2L * size ? VmRefusal.MAC_SHARES : VmRefusal.LENGTH;
            throw new DialogRefusedException(
                    why, "A message has " + length + " bytes instead of " + size + ": " + why.sentence() + ".");
        }
    }

    private long length() throws IOException, DialogRefusedException {
        return length(messageTimeout);
    }

    private long length(Duration timeout) throws IOException, DialogRefusedException {
        var content = new byte[Integer.BYTES];
        readFully(content, 0, content.length, timeout);
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    private void readFully(byte[] content) throws IOException, DialogRefusedException {
        readFully(content, 0, content.length);
    }

    private void readFully(byte[] content, int from, int to) throws IOException, DialogRefusedException {
        readFully(content, from, to, messageTimeout);
    }

    private void readFully(byte[] content, int from, int to, Duration timeout)
            throws IOException, DialogRefusedException {
        for (int filled = from; filled < to; ) {
            int count = read(content, filled, to, timeout);
            if (count < 0) {
                throw new EOFException("The VM closed the connection in the middle of a message.");
            }
            filled += count;
        }
    }

    private int read(byte[] content, int from, int to, Duration timeout) throws IOException, DialogRefusedException {
        long begin = System.nanoTime();
        while (!shutdown.isOverdue()) {
            try {
                return in.read(content, from, to - from);
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - begin >= timeout.toNanos()) {
                    throw e;
                }
            }
        }
        throw new DialogRefusedException(
                VmRefusal.STOPPING,
                "This service is stopping, and a delivery did not end within shareferry.party.vm.drain-timeout.");
    }

    /// Sends one message of words.
    void writeWords(long... words) throws IOException {
        begin(words.length);
        for (long word : words) {
            append(word);
        }
        end();
    }

    /// Sends one message of elements, each padded with zero bytes at its high end.
    ///
    /// @param source of the elements
    /// @param count the number of elements
    /// @param size bytes of each element in the source
    /// @param padded bytes of each element in the message
    void writeElements(InputStream source, int count, int size, int padded) throws IOException {
        writeInt(Math.multiplyExact(count, padded));
        var element = new byte[padded];
        for (int i = 0; i < count; i++) {
            if (source.readNBytes(element, 0, size) < size) {
                throw new EOFException("There are fewer elements than the message needs.");
            }
            out.write(element);
        }
        end();
    }

    /// Begins a message of this many words; [#append] adds them one by one and [#end] sends it.
    ///
    /// @throws DialogRefusedException when they do not fit one message of MP-SPDZ
    void beginLong(long words) throws IOException, DialogRefusedException {
        if (words > 0xffffffffL / Long.BYTES) {
            throw new DialogRefusedException(VmRefusal.SIZE, "The offsets of this many values do not fit one message.");
        }
        begin(words);
    }

    /// Begins a message of this many words; see [#beginLong].
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

    /// Sends the rest of the message.
    void end() throws IOException {
        out.flush();
    }

    /// Discards further data from the VM until it closes the connection. A VM whose socket is closed while it
    /// writes dies without printing the refusal.
    void drain() throws IOException {
        var rest = new byte[BUFFER];
        long lastReadNanos = System.nanoTime();
        while (!shutdown.isOver() && System.nanoTime() - lastReadNanos < messageTimeout.toNanos()) {
            try {
                if (in.read(rest) < 0) {
                    return;
                }
                lastReadNanos = System.nanoTime();
            } catch (SocketTimeoutException e) {
                // It may still be computing.
            }
        }
    }

    /// Ends the connection. May be called by another thread to end a read or write in progress.
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
