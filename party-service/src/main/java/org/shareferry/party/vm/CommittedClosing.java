// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.Coin;
import org.shareferry.check.CoinStretch;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// The closing steps of a committed delivery, after all its shares are sealed: the parties commit to digests and
/// coin shares, toss the coin, open the combinations, and each party signs the values that it saw.
///
/// This party's coin share is sent only after the digests and commitments of all parties have arrived, so that no
/// party can choose its envelopes or its coin share after it has learnt the coin. Reading before writing in one
/// thread ensures this order.
final class CommittedClosing {
    /// D_p and c_p.
    static final int COMMITMENT_WORDS = 8;

    /// More values would have more offsets than fit a message with a 32-bit length.
    static final long MAX_VALUES = 0xffff_ffffL / (Long.BYTES * CoinStretch.TABLES) * CoinStretch.ROW;

    private static final int SHARE_WORDS = 4;

    private final VmChannel channel;
    private final DigestExchange pairs;
    private final NextMessage nextMessage;
    private final VmDelivery delivery;
    private final DeliveryId id;
    private final int party;
    private final int parties;

    /// @param delivery whose chunks are sealed
    /// @param party the own number
    CommittedClosing(VmChannel channel, NextMessage nextMessage, VmDelivery delivery, int party) {
        this.channel = channel;
        this.nextMessage = nextMessage;
        this.delivery = delivery;
        this.id = delivery.facts().id();
        this.party = party;
        this.parties = delivery.facts().parties().size();
        this.pairs = new DigestExchange(channel, party, parties);
    }

    /// @return SHA-256 of the closing words' encoding
    Bytes run() throws IOException, DialogRefusedException {
        var digest = delivery.digest();
        try (var share = SecretBytes.random(Coin.SIZE)) {
            var commitment = Coin.commitment(id, party, digest, share);
            pairs.send(digest, commitment);
            nextMessage.hasWords(SHARE_WORDS);
            var committed = pairs.read(List.of(digest, commitment), channel.messageTimeout());
            var released = Bytes.of(share.reveal());
            pairs.send(released);
            long rows = CoinStretch.rows(delivery.facts().shape().count());
            nextMessage.hasWords(CoinStretch.TABLES * rows);
            var shares = first(pairs.read(List.of(released), channel.messageTimeout()));
            checkShares(committed, shares);
            return close(first(committed), shares, rows);
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

    private Bytes close(List<Bytes> digests, List<Bytes> shares, long rows) throws IOException, DialogRefusedException {
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
        nextMessage.hasWords(1);
        var words = new ClosingWords(digests, shares, combinations());
        delivery.seal(words);
        return Sha256.of(words.encode());
    }

    /// Clear elements: the low bits in a ring, Montgomery form in a field.
    private Bytes combinations() throws IOException, DialogRefusedException {
        var domain = delivery.facts().scheme().elementDomain(delivery.facts().domain());
        var message = channel.readBytes(Scheme.MASKS * domain.elementBytes());
        try (var bytes = SecretBytes.copyOf(message.toArray());
                var elements = ElementVector.decode(domain, bytes)) {
            return message;
        } catch (MalformedException e) {
            throw new DialogRefusedException(VmRefusal.LENGTH, "Invalid combinations: " + e.reason());
        }
    }

    private static List<Bytes> first(List<List<Bytes>> units) {
        return units.stream().map(List::getFirst).toList();
    }
}
