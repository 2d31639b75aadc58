// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// The check of a committed delivery as a whole. First the closing words must agree with each other and with the
/// stored envelopes ([#begin]). Then the reconstructed values are added chunk by chunk. Finally the combinations
/// must equal those that the parties opened.
public final class CommittedCheck implements AutoCloseable {
    private final Combinations combinations;
    private final ElementVector opened;
    private final boolean canHold;

    private CommittedCheck(Combinations combinations, ElementVector opened, boolean canHold) {
        this.combinations = combinations;
        this.opened = opened;
        this.canHold = canHold;
    }

    /// A check that always fails but does the same work as any other, so that its duration does not reveal that
    /// [#begin] failed.
    public static CommittedCheck failing(Domain elementDomain, long count) {
        var coin = Bytes.of(new byte[Coin.SIZE]);
        return new CommittedCheck(
                new Combinations(elementDomain, coin, count), ElementVector.zeros(elementDomain, Scheme.MASKS), false);
    }

    /// @param elementDomain the domain of the delivered elements
    /// @param count n, the number of values
    /// @param digests D_q of the client's own envelopes, by party, ascending
    /// @param closings the content of each party's closing envelope, by party, ascending
    /// @return the check to continue with; empty if the closing words disagree with each other or with the
    ///     envelopes
    public static Optional<CommittedCheck> begin(
            DeliveryId delivery, Domain elementDomain, long count, List<Bytes> digests, List<ClosingWords> closings) {
        var words = closings.getFirst();
        if (closings.size() != digests.size()
                || closings.stream().anyMatch(other -> !other.equals(words))
                || !words.digests().equals(digests)) {
            return Optional.empty();
        }
        try (var encoded = SecretBytes.takeOver(words.combinations().toArray())) {
            var opened = ElementVector.decode(elementDomain, encoded);
            if (opened.size() != Scheme.MASKS) {
                return Optional.empty();
            }
            var coin = Coin.toss(delivery, words.digests(), words.coinShares());
            return Optional.of(new CommittedCheck(new Combinations(elementDomain, coin, count), opened, true));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /// Adds the values of the next chunk, in order.
    /// @param elements of the chunk, values first
    /// @param values their number
    public void add(ElementVector elements, int values) {
        combinations.add(elements, values);
    }

    /// @param lastChunk elements of the last chunk, with the reconstructed masks at the end
    /// @return whether all combinations equal those that the parties opened
    public boolean holds(ElementVector lastChunk) {
        try (var computed = combinations.with(lastChunk)) {
            boolean all = canHold;
            for (int j = 0; j < Scheme.MASKS; j++) {
                all &= computed.isEqualAt(j, opened, j);
            }
            return all;
        }
    }

    @Override
    public void close() {
        combinations.close();
        opened.close();
    }
}
