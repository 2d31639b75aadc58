// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;
import org.shareferry.share.PairwiseKeys;

/// A captured dialog between a VM and its party-service in one run: the content of a `P<i>.dialog` file after the
/// TLS handshake. For demonstrations and tests only, because such files contain plain shares.
///
/// @param domain of the shares
/// @param run the run's id
/// @param party whose dialog it is
/// @param parties N, the number of parties P0 … P(N-1)
/// @param pairs the pairwise keys of this run, for every other party
/// @param events deliveries, requests for inputs and takes of inputs, in order
public record CapturedDialog(
        Domain domain,
        RunId run,
        MemberName party,
        int parties,
        Map<MemberName, PairwiseKeys.Pair> pairs,
        List<Event> events) {
    /// Heads had 7 words in the first version of the dialog, which is no longer supported.
    private static final long FIRST_VERSION = 1;

    private static final int FIRST_HEAD_WORDS = 7;

    /// The first greetings had 6 words, without a threshold.
    private static final int FIRST_GREETING_WORDS = 6;

    /// One event of the run.
    public sealed interface Event {}

    /// A take of requested inputs.
    ///
    /// @param asked the sequence number of the request
    /// @param masked m, all chunks in order, with each element padded to the size of a share
    public record Take(long asked, Bytes masked) implements Event {}

    /// One delivery of the run, or one request for inputs, which is handed over like a committed delivery of random
    /// values.
    ///
    /// @param id its id
    /// @param recipient the client
    /// @param scheme what accompanies the values
    /// @param shape count and chunks
    /// @param precision f, in bits
    /// @param label the application's
    /// @param bits of an input's integers; 0 for deliveries
    /// @param chunks one for each chunk of the shape
    /// @param committed the further steps of committed; empty for other schemes
    public record Delivery(
            DeliveryId id,
            MemberName recipient,
            Scheme scheme,
            Shape shape,
            int precision,
            long label,
            int bits,
            List<Chunk> chunks,
            Optional<Committed> committed)
            implements Event {}

    /// The shares of one chunk, as the VM wrote them.
    ///
    /// @param elements interleaved, in the whole domain even for committed
    /// @param tail r, v, u in batched, otherwise empty
    public record Chunk(SecretBytes elements, Optional<SecretBytes> tail) {}

    /// The later part of a committed delivery.
    ///
    /// @param masks shares of the 64 masks
    /// @param digest D_p of the capture
    /// @param commitment c_p
    /// @param coinShare r_p
    /// @param offsets ⌈n/256⌉ · 8 words, 0 … 255 each
    /// @param bits 65 words
    /// @param combinations T_0 … T_63 as the VM wrote them
    public record Committed(
            SecretBytes masks,
            Bytes digest,
            Bytes commitment,
            Bytes coinShare,
            List<Long> offsets,
            List<Long> bits,
            Bytes combinations) {}

    public CapturedDialog {
        pairs = Map.copyOf(pairs);
        events = List.copyOf(events);
    }

    /// @return deliveries and requests for inputs, in the order of their sequence numbers
    public List<Delivery> deliveries() {
        return events.stream()
                .filter(Delivery.class::isInstance)
                .map(Delivery.class::cast)
                .toList();
    }

    /// @return the pairwise keys for re-randomisation; the caller closes them
    public PairwiseKeys keys() {
        return PairwiseKeys.of(party, pairs);
    }

    /// @param name the file's name for messages
    /// @param file its bytes
    /// @throws MalformedException with the number of the message, from 0, and the expected content
    public static CapturedDialog parse(String name, Bytes file) throws MalformedException {
        var frames = new CapturedFrames(name, file);
        Domain domain;
        try {
            domain = Specification.parse(frames.fromVm("the specification").bytes());
        } catch (MalformedException e) {
            throw frames.malformed(e.reason());
        }
        var greeting = frames.fromVm("the greeting").words(Greeting.WORDS, FIRST_GREETING_WORDS);
        if (greeting.get(0) != Dialog.MAGIC || greeting.get(1) != FIRST_VERSION && greeting.get(1) != Dialog.VERSION) {
            throw frames.malformed("the greeting has a different magic number or version");
        }
        if (greeting.size() == Greeting.WORDS) {
            frames.fromVm("the share of zero").bytes();
        }
        var run = new RunId(greeting.get(2), greeting.get(3));
        long parties = greeting.get(Greeting.PARTIES);
        long party = greeting.get(4);
        if (parties < 2 || parties > 256 || party < 0 || party >= parties) {
            throw frames.malformed("the greeting names party " + party + " of " + parties);
        }
        var own = MemberName.party((int) party);
        var pairs = pairs(frames, own, (int) parties);
        var events = new ArrayList<Event>();
        int sequence = 0;
        int headWords = greeting.get(1) == FIRST_VERSION ? FIRST_HEAD_WORDS : DialogHead.WORDS;
        skipSecret(frames);
        while (frames.hasNext()) {
            var head = frames.fromVm("the head of delivery " + sequence + " of " + headWords + " words")
                    .words(headWords);
            events.add(
                    head.get(2) == DialogHead.TAKE
                            ? take(frames, head, domain, (int) parties, events)
                            : delivery(frames, head, domain, run, (int) parties, sequence++));
            skipSecret(frames);
        }
        return new CapturedDialog(domain, run, own, (int) parties, pairs, events);
    }

    /// Skips the secret that the service sends before each head; it differs in each run.
    private static void skipSecret(CapturedFrames frames) throws MalformedException {
        if (frames.nextIsToVm()) {
            frames.toVm("the service's secret").words(Dialog.SECRET_WORDS);
        }
    }

    private static Map<MemberName, PairwiseKeys.Pair> pairs(CapturedFrames frames, MemberName own, int parties)
            throws MalformedException {
        var made = frames.toVm("the keys that the service made").words(2 * parties, 2 * parties + Dialog.SECRET_WORDS);
        int count = parties * (parties - 1);
        var received = frames.fromVm("the keys of all ordered pairs").words(2 * count);
        var pairs = new TreeMap<MemberName, PairwiseKeys.Pair>();
        for (int other = 0; other < parties; other++) {
            if (other != own.number()) {
                int entry = OrderedPairs.index(other, own.number(), parties);
                pairs.put(
                        MemberName.party(other),
                        new PairwiseKeys.Pair(
                                CapturedFrames.key(made.get(other), made.get(parties + other)),
                                CapturedFrames.key(received.get(entry), received.get(count + entry))));
            }
        }
        return pairs;
    }

    private static Delivery delivery(
            CapturedFrames frames, List<Long> head, Domain domain, RunId run, int parties, int expected)
            throws MalformedException {
        if (head.get(0) != expected) {
            throw frames.malformed("the sequence number is " + head.get(0) + " instead of " + expected);
        }
        Scheme scheme;
        Shape shape;
        MemberName recipient;
        try {
            recipient = MemberName.client(Math.toIntExact(head.get(1)));
            scheme = Scheme.ofCode(head.get(2));
            if (scheme == Scheme.INPUT && head.size() < DialogHead.WORDS) {
                throw new IllegalArgumentException("The first version does not support inputs.");
            }
            shape = new Shape(head.get(3), Math.toIntExact(head.get(4)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw frames.malformed("recipient, scheme, count or values per chunk are out of range");
        }
        if (head.get(5) < 0 || head.get(5) > 255) {
            throw frames.malformed("the precision is out of range");
        }
        var id = new DeliveryId(run, expected);
        var chunks = new ArrayList<Chunk>();
        for (int index = 0; index < shape.chunkCount(); index++) {
            chunks.add(chunk(frames, domain, scheme, shape.valuesInChunk(index)));
        }
        Optional<Committed> committed = scheme.isCommitted()
                ? Optional.of(committed(frames, domain, shape.count(), parties))
                : Optional.empty();
        if (frames.toVm("the acknowledgement").words(1).getFirst() != 0) {
            throw frames.malformed("the delivery was answered with an error");
        }
        int precision = head.get(5).intValue();
        int bits = head.size() == FIRST_HEAD_WORDS ? 0 : head.get(7).intValue();
        return new Delivery(id, recipient, scheme, shape, precision, head.get(6), bits, chunks, committed);
    }

    private static Take take(CapturedFrames frames, List<Long> head, Domain domain, int parties, List<Event> before)
            throws MalformedException {
        var asked = before.stream()
                .filter(Delivery.class::isInstance)
                .map(Delivery.class::cast)
                .filter(delivery -> delivery.id().sequence() == head.getFirst() && delivery.scheme() == Scheme.INPUT)
                .findFirst()
                .orElseThrow(() -> frames.malformed("inputs are taken that were not requested"));
        frames.toVm("the digest of the answer").words(4);
        frames.fromVm("everyone's digests of the answer").words(4 * parties * (parties - 1));
        if (frames.toVm("the word before the masked inputs").words(1).getFirst() != 0) {
            throw frames.malformed("the take was answered with an error");
        }
        var masked = new BytesOutput(1024);
        for (int chunk = 0; chunk < asked.shape().chunkCount(); chunk++) {
            int size = asked.shape().valuesInChunk(chunk) * domain.elementBytes();
            masked.writeBytes(frames.toVm("masked inputs").bytes(size).toArray());
        }
        return new Take(head.getFirst(), masked.written());
    }

    private static Chunk chunk(CapturedFrames frames, Domain domain, Scheme scheme, int values)
            throws MalformedException {
        int elementBytes = domain.elementBytes();
        var elements = frames.fromVm("a chunk of shares").secret(values * scheme.elementsPerValue() * elementBytes);
        return new Chunk(
                elements,
                scheme.elementsPerTail() == 0
                        ? Optional.empty()
                        : Optional.of(frames.fromVm("a chunk's tail").secret(scheme.elementsPerTail() * elementBytes)));
    }

    private static Committed committed(CapturedFrames frames, Domain domain, long count, int parties)
            throws MalformedException {
        int pairs = parties * (parties - 1);
        var masks = frames.fromVm("the masks").secret(Scheme.MASKS * domain.elementBytes());
        var words = frames.toVm("digest and commitment").bytes(64);
        frames.fromVm("everyone's digests and commitments").words(8 * pairs);
        var coinShare = frames.toVm("the coin share").bytes(32);
        frames.fromVm("everyone's coin shares").words(4 * pairs);
        var rows = Math.ceilDiv(count, 256);
        var offsets = frames.toVm("the offsets").words(Math.toIntExact(8 * rows));
        var bits = frames.toVm("the bits").words(65);
        int clearBytes = Scheme.COMMITTED.elementDomain(domain).elementBytes();
        var combinations = frames.fromVm("the combinations").bytes(Scheme.MASKS * clearBytes);
        var all = words.toArray();
        return new Committed(
                masks, Bytes.ofRange(all, 0, 32), Bytes.ofRange(all, 32, 64), coinShare, offsets, bits, combinations);
    }
}
