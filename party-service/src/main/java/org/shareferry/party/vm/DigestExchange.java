// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.check.Coin;
import org.shareferry.crypto.Bytes;
import org.shareferry.mpspdz.OrderedPairs;

/// Digests that services exchange through their VMs.
/// @param party the own number
/// @param parties N
record DigestExchange(VmChannel channel, int party, int parties) {
    /// Sends the own digests to the VM.
    ///
    /// @param own digests of 32 bytes
    void send(Bytes... own) throws IOException {
        var words = new long[own.length * Coin.SIZE / Long.BYTES];
        int next = 0;
        for (var unit : own) {
            var content = ByteBuffer.wrap(unit.toArray()).order(ByteOrder.LITTLE_ENDIAN);
            while (content.hasRemaining()) {
                words[next++] = content.getLong();
            }
        }
        channel.writeWords(words);
    }

    /// Reads the exchanged digests: for every ordered pair of parties the words that the first sent to the second,
    /// with the first words of all pairs before the second words. Words for other parties are ignored.
    /// @param own the own digests
    /// @param timeout the longest wait for the next byte
    /// @return for each party, ascending, its digests
    List<List<Bytes>> read(List<Bytes> own, Duration timeout) throws IOException, DialogRefusedException {
        int pairs = parties * (parties - 1);
        int perUnit = Coin.SIZE / Long.BYTES;
        var words = channel.readWords(pairs * own.size() * perUnit, timeout);
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
}
