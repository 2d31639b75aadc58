// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// The 64 combinations of a committed delivery, accumulated value by value in constant memory: eight tables of 511
/// cells. The client adds the reconstructed values. Because all operations are linear, shares can be added too, as
/// the stand-in VM does.
public final class Combinations implements AutoCloseable {
    private final CoinStretch stretch;
    private final ElementVector cells;
    private int[] offsets = {};
    private long missing;
    private int column;

    /// @param elementDomain the domain of the delivered elements
    /// @param coin 32 bytes
    /// @param count n, the total number of values
    public Combinations(Domain elementDomain, Bytes coin, long count) {
        stretch = new CoinStretch(coin, count);
        cells = ElementVector.zeros(elementDomain, CoinStretch.TABLES * CoinStretch.CELLS);
        missing = count;
    }

    /// Adds the next values, in order. Chunk and row boundaries are independent.
    /// @param elements of a chunk, values first
    /// @param values their number
    public void add(ElementVector elements, int values) {
        if (values > missing || values > elements.size()) {
            throw new IllegalArgumentException("There are more values than the delivery or the chunk has.");
        }
        for (int done = 0; done < values; ) {
            if (column == 0) {
                offsets = stretch.nextOffsets();
            }
            int count = Math.min(CoinStretch.ROW - column, values - done);
            for (int table = 0; table < CoinStretch.TABLES; table++) {
                cells.addAt(table * CoinStretch.CELLS + offsets[table] + column, elements, done, count);
            }
            column = (column + count) % CoinStretch.ROW;
            done += count;
        }
        missing -= values;
    }

    /// @param lastChunk elements of the last chunk, with v_0 … v_63, or shares of them, at the end
    /// @return T_0 … T_63: T_j = v_j + Σ_i b_(i+j) · cell_i
    /// @throws IllegalStateException unless all values were added
    public ElementVector with(ElementVector lastChunk) {
        if (missing != 0 || lastChunk.size() < Scheme.MASKS) {
            throw new IllegalStateException("All values and " + Scheme.MASKS + " masks are required.");
        }
        var bits = stretch.bits();
        var combined = lastChunk.zerosAlike(Scheme.MASKS);
        combined.addAt(0, lastChunk, lastChunk.size() - Scheme.MASKS, Scheme.MASKS);
        for (int j = 0; j < Scheme.MASKS; j++) {
            for (int i = 0; i < cells.size(); i++) {
                if (CoinStretch.isSet(bits, i, j)) {
                    combined.addAt(j, cells, i, 1);
                }
            }
        }
        return combined;
    }

    @Override
    public void close() {
        cells.close();
    }
}
