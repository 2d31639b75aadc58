// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import org.shareferry.crypto.KeyStream;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// The checks of one chunk, on the sums of all parties' shares. They are made in the full domain Z_2^(k+s) or
/// the field, never modulo 2^k alone: there a flipped top bit would pass half the time.
public final class ChunkCheck {
    private ChunkCheck() {}

    /// @param scheme any but committed, which is checked as a whole
    /// @param values the interleaved elements of the chunk, [Scheme#elementsPerValue] for each value
    /// @param tail in batched the elements r, v, u; else empty
    /// @param challenges of this chunk, from their beginning
    /// @return whether the chunk's relation holds; true for additive, which has none
    public static boolean holds(Scheme scheme, ElementVector values, ElementVector tail, KeyStream challenges) {
        if (values.size() % scheme.elementsPerValue() != 0 || tail.size() != scheme.elementsPerTail()) {
            throw new IllegalArgumentException("A chunk of this scheme has another number of elements.");
        }
        return switch (scheme) {
            case ADDITIVE -> true;
            case TRIPLE -> products(values, 3, 0, 1, 2);
            case QUINTUPLE -> products(values, 5, 0, 1, 3) & products(values, 5, 2, 1, 4);
            case BATCHED -> batched(values, tail, challenges);
            case COMMITTED -> throw new IllegalArgumentException("A committed delivery is checked as a whole.");
        };
    }

    /// Whether in each group of `stride` elements the product of two is the third.
    private static boolean products(ElementVector values, int stride, int factor, int otherFactor, int product) {
        try (var computed = values.zerosAlike(1)) {
            boolean all = true;
            for (int i = 0; i < values.size(); i += stride) {
                computed.setProduct(0, values, i + factor, values, i + otherFactor);
                all &= computed.isEqualAt(0, values, i + product);
            }
            return all;
        }
    }

    private static boolean batched(ElementVector values, ElementVector tail, KeyStream challenges) {
        try (var chi = values.zerosAlike(values.size() / 2)) {
            chi.fillUniformly(challenges);
            return batchedWith(values, tail, chi);
        }
    }

    /// (v + Σ χ_i y_i) · r = u + Σ χ_i w_i, for given χ: apart, so that tests can go through all of them.
    static boolean batchedWith(ElementVector values, ElementVector tail, ElementVector chi) {
        try (var left = values.zerosAlike(1);
                var right = values.zerosAlike(1);
                var term = values.zerosAlike(1)) {
            left.addAt(0, tail, 1, 1);
            right.addAt(0, tail, 2, 1);
            for (int i = 0; i < chi.size(); i++) {
                term.setProduct(0, chi, i, values, 2 * i);
                left.add(term);
                term.setProduct(0, chi, i, values, 2 * i + 1);
                right.add(term);
            }
            term.setProduct(0, left, 0, tail, 0);
            return term.isEqualAt(0, right, 0);
        }
    }
}
