// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.Coin;
import org.shareferry.check.CoinStretch;
import org.shareferry.check.EnvelopesDigest;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.share.ElementVector;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.ZeroShares;
import org.shareferry.standin.StandInVm;

/// P1's service in the hands of a corrupt P1: it has P1's keys, keeps to the dialog with its VM, and seals and
/// submits what it likes, when it likes. For committed deliveries of two parties in the ring 128/64.
final class CorruptService implements AutoCloseable {
    private static final MemberName P0 = MemberName.party(0);
    private static final MemberName P1 = MemberName.party(1);
    private static final MemberName C0 = MemberName.client(0);
    private static final Domain.Ring SENT = new Domain.Ring(64, 64);

    private final CorruptMember member;
    private final Socket vm;
    private final DeliveryFacts facts;
    private final Map<Place, ElementVector> shares = new LinkedHashMap<>();

    /// Connects, and reads everything up to the masks.
    ///
    /// @param listening P1's VM, without TLS
    CorruptService(Site site, StandInVm listening) throws Exception {
        member = new CorruptMember(site, P1);
        vm = new Socket(InetAddress.getLoopbackAddress(), listening.port());
        vm.setTcpNoDelay(true);
        write("1".getBytes(StandardCharsets.US_ASCII));
        read();
        var greeting = ByteBuffer.wrap(read()).order(ByteOrder.LITTLE_ENDIAN);
        var run = new RunId(greeting.getLong(16), greeting.getLong(24));
        // A whole share of 0.
        read();
        try (var keys = exchangeKeys()) {
            facts = facts(run);
            readShares(new ZeroShares(keys, facts.id(), C0));
        }
    }

    private PairwiseKeys exchangeKeys() throws IOException {
        // Keys for P0, and the secret by which the VM knows this service again.
        writeWords(17, 0, 18, 0, 19, 20);
        // First words of (0, 1) and (1, 0), then second words.
        var received = read();
        writeWords(19, 20);
        var made = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(17)
                .putLong(18);
        var from = ByteBuffer.allocate(16).put(received, 0, 8).put(received, 16, 8);
        return PairwiseKeys.of(
                P1,
                Map.of(
                        P0,
                        new PairwiseKeys.Pair(SecretBytes.takeOver(made.array()), SecretBytes.takeOver(from.array()))));
    }

    private DeliveryFacts facts(RunId run) throws IOException {
        var head = ByteBuffer.wrap(read()).order(ByteOrder.LITTLE_ENDIAN);
        var shape = new Shape(head.getLong(24), (int) head.getLong(32));
        return new DeliveryFacts(
                new DeliveryId(run, 0),
                shape,
                Computations.RING,
                Scheme.COMMITTED,
                0,
                0,
                C0,
                List.of(P0, P1),
                "spdz2k",
                true,
                true,
                1,
                0,
                Bytes.empty());
    }

    private void readShares(ZeroShares zeros) throws Exception {
        int chunks = facts.shape().chunkCount();
        for (int index = 0; index < chunks; index++) {
            var place = new Place(Kind.VALUES, index);
            try (var values = SecretBytes.takeOver(read());
                    var masks = SecretBytes.takeOver(index == chunks - 1 ? read() : new byte[0]);
                    var content = SecretBytes.join(values, masks);
                    var whole = ElementVector.decode(facts.domain(), content)) {
                var sent = whole.truncate(SENT);
                zeros.addTo(sent, place);
                shares.put(place, sent);
            }
        }
    }

    DeliveryFacts facts() {
        return facts;
    }

    /// P1's shares as they would be sealed, for the plotter to change.
    ElementVector shares(Place place) {
        return Objects.requireNonNull(shares.get(place));
    }

    /// Seals all shares as they are now, in a hand-over of its own.
    ///
    /// @return by place, in order of the index
    Map<Place, Envelope> sealShares() throws Exception {
        member.begin(facts);
        var envelopes = new LinkedHashMap<Place, Envelope>();
        for (var entry : shares.entrySet()) {
            try (var body = entry.getValue().encode()) {
                envelopes.put(entry.getKey(), member.seal(facts, entry.getKey(), body));
            }
        }
        return envelopes;
    }

    /// @return D_1 of these envelopes
    Bytes digest(Map<Place, Envelope> envelopes) {
        var digest = new EnvelopesDigest(facts.id(), 1, envelopes.size());
        envelopes.values().forEach(envelope -> digest.add(envelope.id()));
        return digest.digest();
    }

    /// What the parties agreed on before the combinations.
    ///
    /// @param digests D_0, D_1
    /// @param coinShares r_0, r_1
    record Tossed(List<Bytes> digests, List<Bytes> coinShares, int[] offsets, long[] bits) {}

    /// Commits to a digest, tosses the coin, and tells the VM what comes of it: one row.
    ///
    /// @param digest what P0 is told to be D_1
    Tossed toss(Bytes digest) throws IOException {
        try (var own = SecretBytes.random(Coin.SIZE)) {
            var released = Bytes.of(own.reveal());
            var commitment = Coin.commitment(facts.id(), 1, digest, own);
            write(concatenated(digest, commitment));
            var others = entriesOfP0(read());
            write(released.toArray());
            var digests = List.of(Bytes.ofRange(others, 0, Coin.SIZE), digest);
            var coinShares = List.of(Bytes.of(entriesOfP0(read())), released);
            var stretch = new CoinStretch(
                    Coin.toss(facts.id(), digests, coinShares), facts.shape().count());
            var offsets = stretch.nextOffsets();
            var bits = stretch.bits();
            writeWords(Arrays.stream(offsets).asLongStream().toArray());
            writeWords(bits);
            return new Tossed(digests, coinShares, offsets, bits);
        }
    }

    private static byte[] concatenated(Bytes first, Bytes second) {
        return ByteBuffer.allocate(first.size() + second.size())
                .put(first.toArray())
                .put(second.toArray())
                .array();
    }

    /// Every other word is that of the pair (0, 1).
    private static byte[] entriesOfP0(byte[] ofAllPairs) {
        var own = ByteBuffer.allocate(ofAllPairs.length / 2);
        for (int i = 0; i < ofAllPairs.length; i += 16) {
            own.put(ofAllPairs, i, 8);
        }
        return own.array();
    }

    /// @return T_0 … T_63 as the VM wrote them
    Bytes combinations() throws IOException {
        return Bytes.of(read());
    }

    /// Submits everything, and lets the VM go on.
    void deliver(Map<Place, Envelope> envelopes, ClosingWords words) throws Exception {
        for (var envelope : envelopes.values()) {
            submit(envelope);
        }
        try (var body = SecretBytes.takeOver(words.encode().toArray())) {
            submit(member.seal(facts, new Place(Kind.CLOSING, 0), body));
        }
        writeWords(0);
    }

    private void submit(Envelope envelope) throws IOException {
        assertThat(member.submit(envelope)).isEqualTo(202);
    }

    private void writeWords(long... words) throws IOException {
        var content = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(words);
        write(content.array());
    }

    private void write(byte[] content) throws IOException {
        vm.getOutputStream()
                .write(ByteBuffer.allocate(Integer.BYTES + content.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(content.length)
                        .put(content)
                        .array());
    }

    private byte[] read() throws IOException {
        var length = vm.getInputStream().readNBytes(Integer.BYTES);
        return vm.getInputStream()
                .readNBytes(
                        ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    @Override
    public void close() throws IOException {
        vm.close();
    }
}
