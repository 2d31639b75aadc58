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

/// The check of a committed delivery as a whole. First the closing words must agree with each other and with
/// the envelopes at hand ([#begin]); then the reconstructed values are added chunk by chunk; at last the
/// combinations must come out as the parties opened them.
public final class CommittedCheck implements AutoCloseable {
    private final Combinations combinations;
    private final ElementVector opened;
    private final boolean canHold;

    private CommittedCheck(Combinations combinations, ElementVector opened, boolean canHold) {
        this.combinations = combinations;
        this.opened = opened;
        this.canHold = canHold;
    }

    /// A check that never holds and does the same work as any other: its duration does not tell that [#begin] failed.
    public static CommittedCheck failing(Domain elementDomain, long count) {
        var coin = Bytes.of(new byte[Coin.SIZE]);
        return new CommittedCheck(
                new Combinations(elementDomain, coin, count), ElementVector.zeros(elementDomain, Scheme.MASKS), false);
    }

    /// @param elementDomain the domain that the values travel in
    /// @param count n, the number of values
    /// @param digests D_q of the envelopes that the client itself holds, by party, ascending
    /// @param closings what each party's closing envelope says, by party, ascending
    /// @return the check to go on with; empty when the closing words disagree with each other, or with the
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
    ///
    /// @param elements of the chunk, which begin with its values
    /// @param values how many
    public void add(ElementVector elements, int values) {
        combinations.add(elements, values);
    }

    /// @param lastChunk elements of the last chunk, which end with the reconstructed masks
    /// @return whether all combinations are as the parties opened them
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
