// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import org.shareferry.cbor.MalformedException;
import org.shareferry.check.CoinStretch;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// The combinations of a committed delivery as the VMs compute them: from their own shares, and from the offsets
/// and bits that their services send. Independent of the implementation in services and clients.
final class OpenedCombinations {
    private OpenedCombinations() {}

    /// @param offsets ⌈n/256⌉ · 8 words from the service
    /// @param bits 65 words from the service
    /// @return one party's share of T_0 … T_63, in the domain of opened values
    static Bytes share(Domain domain, Output output, long[] offsets, long[] bits) {
        var opened = Scheme.COMMITTED.elementDomain(domain);
        try (var cells = ElementVector.zeros(opened, CoinStretch.TABLES * CoinStretch.CELLS);
                var sums = elements(
                        domain, opened, output.checkElements(output.shape().chunkCount() - 1))) {
            long position = 0;
            for (int chunk = 0; chunk < output.shape().chunkCount(); chunk++) {
                try (var values = elements(domain, opened, output.elements(chunk))) {
                    addRows(cells, values, position, offsets);
                    position += values.size();
                }
            }
            for (int j = 0; j < Scheme.MASKS; j++) {
                for (int cell = 0; cell < cells.size(); cell++) {
                    int bit = cell + j;
                    if ((bits[bit / 64] >>> (bit % 64) & 1) == 1) {
                        sums.addAt(j, cells, cell, 1);
                    }
                }
            }
            return publish(sums);
        }
    }

    /// Adds row by row into every table from its offset on. A chunk may begin in the middle of a row.
    private static void addRows(ElementVector cells, ElementVector values, long position, long[] offsets) {
        for (int done = 0; done < values.size(); ) {
            int row = Math.toIntExact((position + done) / CoinStretch.ROW);
            int column = (int) ((position + done) % CoinStretch.ROW);
            int count = Math.min(CoinStretch.ROW - column, values.size() - done);
            for (int table = 0; table < CoinStretch.TABLES; table++) {
                int offset = (int) offsets[CoinStretch.TABLES * row + table];
                cells.addAt(table * CoinStretch.CELLS + offset + column, values, done, count);
            }
            done += count;
        }
    }

    /// @param encoded closed here
    private static ElementVector elements(Domain domain, Domain opened, SecretBytes encoded) {
        try (encoded) {
            var vector = ElementVector.decode(domain, encoded);
            if (opened instanceof Domain.Ring ring && !opened.equals(domain)) {
                try (vector) {
                    return vector.truncate(ring);
                }
            }
            return vector;
        } catch (MalformedException e) {
            throw new IllegalStateException("A program's shares are elements of its domain.", e);
        }
    }

    /// @param shares of all parties
    /// @return the opened values
    static Bytes open(Domain opened, Iterable<Bytes> shares) {
        try (var sum = ElementVector.zeros(opened, Scheme.MASKS)) {
            for (var share : shares) {
                try (var encoded = SecretBytes.copyOf(share.toArray());
                        var vector = ElementVector.decode(opened, encoded)) {
                    sum.add(vector);
                } catch (MalformedException e) {
                    throw new IllegalStateException("Shares of combinations are elements.", e);
                }
            }
            return publish(sum);
        }
    }

    private static Bytes publish(ElementVector elements) {
        try (var encoded = elements.encode()) {
            return Bytes.of(encoded.reveal());
        }
    }
}
