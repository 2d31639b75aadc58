// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.Coin;
import org.shareferry.check.CoinStretch;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.mpspdz.OrderedPairs;
import org.shareferry.share.ElementVector;

/// The end of a committed delivery, when all its shares are sealed: the parties commit to digests
/// and coin shares, toss the coin, open the combinations, and each signs what it saw.
///
/// Our coin share leaves only when everyone's digest and commitment is here: then no party can choose its
/// envelopes or its coin share after it has learnt the coin. This order is kept by reading before writing, in
/// one thread.
final class CommittedClosing {
    /// D_p and c_p.
    static final int COMMITMENT_WORDS = 8;

    /// More values have more offsets than a message of 32-bit length can hold.
    static final long MOST_VALUES = 0xffff_ffffL / (Long.BYTES * CoinStretch.TABLES) * CoinStretch.ROW;

    private static final int SHARE_WORDS = 4;

    private final VmChannel channel;
    private final Turn turn;
    private final VmDelivery delivery;
    private final DeliveryId id;
    private final int party;
    private final int parties;

    /// @param delivery whose chunks are sealed
    /// @param party our number
    CommittedClosing(VmChannel channel, Turn turn, VmDelivery delivery, int party) {
        this.channel = channel;
        this.turn = turn;
        this.delivery = delivery;
        this.id = delivery.facts().id();
        this.party = party;
        this.parties = delivery.facts().parties().size();
    }

    void run() throws IOException, DialogRefusedException {
        var digest = delivery.digest();
        try (var share = SecretBytes.random(Coin.SIZE)) {
            var commitment = Coin.commitment(id, party, digest, share);
            channel.writeWords(words(digest, commitment));
            turn.vmReadsNext(SHARE_WORDS);
            var committed = exchanged(List.of(digest, commitment));
            var released = Bytes.of(share.reveal());
            channel.writeWords(words(released));
            long rows = CoinStretch.rows(delivery.facts().shape().count());
            turn.vmReadsNext(CoinStretch.TABLES * rows);
            var shares = first(exchanged(List.of(released)));
            checkShares(committed, shares);
            close(first(committed), shares, rows);
        }
    }

    private void checkShares(List<List<Bytes>> committed, List<Bytes> shares) throws DialogRefusedException {
        for (int other = 0; other < parties; other++) {
            try (var share = SecretBytes.copyOf(shares.get(other).toArray())) {
                var words = committed.get(other);
                if (!Coin.commitment(id, other, words.getFirst(), share).equals(words.getLast())) {
                    throw new DialogRefusedException(
                            VmRefusal.COIN, "The coin share of P" + other + " does not match its commitment.");
                }
            }
        }
    }

    private void close(List<Bytes> digests, List<Bytes> shares, long rows) throws IOException, DialogRefusedException {
        var stretch = new CoinStretch(
                Coin.toss(id, digests, shares), delivery.facts().shape().count());
        channel.beginLong(CoinStretch.TABLES * rows);
        for (long row = 0; row < rows; row++) {
            for (int offset : stretch.nextOffsets()) {
                channel.append(offset);
            }
        }
        channel.end();
        channel.writeWords(stretch.bits());
        turn.vmReadsNext(1);
        delivery.seal(new ClosingWords(digests, shares, combinations()));
    }

    /// Clear elements: the low bits in a ring, Montgomery form in a field.
    private Bytes combinations() throws IOException, DialogRefusedException {
        var domain = delivery.facts().scheme().elementDomain(delivery.facts().domain());
        var message = channel.readBytes(Scheme.MASKS * domain.elementBytes());
        try (var bytes = SecretBytes.copyOf(message.toArray());
                var elements = ElementVector.decode(domain, bytes)) {
            return message;
        } catch (MalformedException e) {
            throw new DialogRefusedException(VmRefusal.LENGTH, "The combinations do not fit: " + e.reason());
        }
    }

    /// Reads what the VMs exchanged: for every ordered pair of parties, what the first sent to the second,
    /// first words of all pairs before second words. What came to others than us is noise.
    ///
    /// @param own our own part, by unit of 32 bytes
    /// @return for each party, ascending, its units
    private List<List<Bytes>> exchanged(List<Bytes> own) throws IOException, DialogRefusedException {
        int pairs = parties * (parties - 1);
        int perUnit = Coin.SIZE / Long.BYTES;
        var words = channel.readWords(pairs * own.size() * perUnit);
        var all = new ArrayList<List<Bytes>>();
        for (int other = 0; other < parties; other++) {
            if (other == party) {
                all.add(own);
                continue;
            }
            int pair = OrderedPairs.index(other, party, parties);
            var units = new ArrayList<Bytes>();
            for (int unit = 0; unit < own.size(); unit++) {
                units.add(unit(words, pairs, pair, unit * perUnit));
            }
            all.add(units);
        }
        return all;
    }

    private static Bytes unit(long[] words, int pairs, int pair, int first) {
        var unit = ByteBuffer.allocate(Coin.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = first; unit.hasRemaining(); word++) {
            unit.putLong(words[word * pairs + pair]);
        }
        return Bytes.of(unit.array());
    }

    private static List<Bytes> first(List<List<Bytes>> units) {
        return units.stream().map(List::getFirst).toList();
    }

    private static long[] words(Bytes... units) {
        var words = new long[units.length * Coin.SIZE / Long.BYTES];
        int next = 0;
        for (var unit : units) {
            var content = ByteBuffer.wrap(unit.toArray()).order(ByteOrder.LITTLE_ENDIAN);
            while (content.hasRemaining()) {
                words[next++] = content.getLong();
            }
        }
        return words;
    }
}
