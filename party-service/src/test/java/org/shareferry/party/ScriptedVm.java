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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.Coin;
import org.shareferry.check.CoinStretch;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.mpspdz.Greeting;
import org.shareferry.mpspdz.Specification;

/// A simulated client port of P1's VM, without TLS. The test controls each message. There is no other party.
final class ScriptedVm implements AutoCloseable {
    static final long ADDITIVE = 0;
    static final long COMMITTED = 4;
    static final long INPUT = 5;
    static final long TAKE = 6;
    static final Domain RING = new Domain.Ring(128, 64);

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int PARTIES = 2;
    private static final int OWN = 1;

    private final ServerSocket server;
    private final Socket socket;
    private final DataInputStream in;
    private final String client;
    private long[] secret = {};

    private ScriptedVm(ServerSocket server, Socket socket) throws IOException {
        this.server = server;
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.client = new String(readBytes(), StandardCharsets.US_ASCII);
    }

    /// Listens and waits for the service.
    static ScriptedVm accepting(int port) throws IOException {
        var server = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
        try {
            server.setSoTimeout(PATIENCE_MILLIS);
            return new ScriptedVm(server, server.accept());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /// @return the client number of the service
    String client() {
        return client;
    }

    /// Sends the greeting and exchanges keys.
    void greet(long run) throws IOException {
        begin(run);
        var told = read();
        secret = Arrays.copyOfRange(told, 2 * PARTIES, told.length);
        send(1, 2, 3, 4);
    }

    /// Sends the greeting.
    void begin(long run) throws IOException {
        specify(RING);
        send(Greeting.of(new RunId(run, run), OWN, PARTIES, PARTIES - 1).words());
        zero(RING);
    }

    /// Sends the masks and runs the closing steps of a committed delivery with a simulated service of P0: its digest is
    /// all ones, its coin share all twos, and all combinations are zero.
    ///
    /// @param rows of values
    /// @return the closing words
    ClosingWords commit(DeliveryId id, int rows) throws IOException {
        masks();
        var own = readBytes();
        var digest = filled(1);
        try (var share = SecretBytes.copyOf(filled(2).toArray())) {
            sendForPairs(digest, Coin.commitment(id, 0, digest, share));
        }
        var coinShare = Bytes.of(readBytes());
        sendForPairs(filled(2));
        if (read().length != 8 * rows || read().length != CoinStretch.BIT_WORDS) {
            throw new IOException("Offsets and bits have other lengths.");
        }
        var combinations = new byte[Scheme.MASKS * Long.BYTES];
        sendBytes(combinations);
        return new ClosingWords(
                List.of(digest, Bytes.ofRange(own, 0, Coin.SIZE)),
                List.of(filled(2), coinShare),
                Bytes.of(combinations));
    }

    private static Bytes filled(int fill) {
        var bytes = new byte[Coin.SIZE];
        Arrays.fill(bytes, (byte) fill);
        return Bytes.of(bytes);
    }

    /// Sends P0's words, alternating with random words for P0.
    void sendForPairs(Bytes... said) throws IOException {
        var words = new ArrayList<Long>();
        for (var unit : said) {
            var content = ByteBuffer.wrap(unit.toArray()).order(ByteOrder.LITTLE_ENDIAN);
            while (content.hasRemaining()) {
                words.add(content.getLong());
                words.add(-7L);
            }
        }
        send(words.stream().mapToLong(Long::longValue).toArray());
    }

    void specify(Domain domain) throws IOException {
        sendBytes(Specification.encode(domain).toArray());
    }

    /// Sends a share of zero as in SPDZ2k and MASCOT: the share and its MAC.
    void zero(Domain domain) throws IOException {
        sendBytes(new byte[2 * domain.elementBytes()]);
    }

    /// Sends the head of a delivery of one value.
    void head(long sequence, long scheme) throws IOException {
        head(sequence, 0, scheme, 1, 1, 0, 7, 0);
    }

    /// Reads the service's secret and sends a head.
    void head(long... words) throws IOException {
        knowService();
        send(words);
    }

    void knowService() throws IOException {
        if (!Arrays.equals(read(), secret)) {
            throw new IOException("That is not the secret which the service told with its keys.");
        }
    }

    /// Sends the share of the value.
    void share() throws IOException {
        elements(1);
    }

    /// Sends shares of the masks of a committed delivery.
    void masks() throws IOException {
        elements(Scheme.MASKS);
    }

    void elements(int count) throws IOException {
        sendBytes(new byte[count * RING.elementBytes()]);
    }

    void send(long... words) throws IOException {
        var content = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(words);
        sendBytes(content.array());
    }

    void sendBytes(byte[] content) throws IOException {
        var framed = ByteBuffer.allocate(Integer.BYTES + content.length).order(ByteOrder.LITTLE_ENDIAN);
        socket.getOutputStream()
                .write(framed.putInt(content.length).put(content).array());
    }

    byte[] readBytes() throws IOException {
        return in.readNBytes(Integer.reverseBytes(in.readInt()));
    }

    /// @return the words of the next message
    long[] read() throws IOException {
        var content = readBytes();
        var words = new long[content.length / Long.BYTES];
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    /// @return the first word of the next message
    long answer() throws IOException {
        return read()[0];
    }

    /// @return whether all messages of the service so far were read
    boolean hearsNothing() throws IOException {
        return in.available() == 0;
    }

    /// @return whether the service closed the connection
    boolean isLeft() throws IOException {
        return in.read() < 0;
    }

    static String id(long run, long sequence) {
        return run(run) + "-" + sequence;
    }

    static String run(long run) {
        return "%016x%016x".formatted(run, run);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        server.close();
    }
}
