// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import org.shareferry.crypto.KeyStream;
import org.shareferry.delivery.Scheme;
import org.shareferry.share.ElementVector;

/// The checks of one chunk, on the sums of all parties' shares. They are computed in the full domain Z_2^(k+s) or
/// the field, never modulo 2^k alone, where a flipped top bit would pass with probability 1/2.
public final class ChunkCheck {
    private ChunkCheck() {}

    /// @param scheme any but committed, which is checked as a whole
    /// @param elements of the chunk: [Scheme#elementsPerValue] for each value, interleaved; in batched r, v
    ///     and u follow
    /// @param challenges of this chunk, from their beginning
    /// @return whether the chunk's relation holds; true for additive, which has none
    public static boolean holds(Scheme scheme, ElementVector elements, KeyStream challenges) {
        int ofValues = elements.size() - scheme.elementsPerTail();
        if (ofValues < 0 || ofValues % scheme.elementsPerValue() != 0) {
            throw new IllegalArgumentException("The number of elements does not match the scheme.");
        }
        return switch (scheme) {
            case ADDITIVE -> true;
            case TRIPLE -> products(elements, 3, 0, 1, 2);
            case QUINTUPLE -> products(elements, 5, 0, 1, 3) & products(elements, 5, 2, 1, 4);
            case BATCHED -> batched(elements, ofValues / 2, challenges);
            case COMMITTED, INPUT ->
                throw new IllegalArgumentException("A committed delivery can only be checked as a whole.");
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

    private static boolean batched(ElementVector elements, int values, KeyStream challenges) {
        try (var chi = elements.zerosAlike(values)) {
            chi.fillUniformly(challenges);
            return batchedWith(elements, chi);
        }
    }

    /// (v + Σ χ_i y_i) · r = u + Σ χ_i w_i, for given χ. A separate method, so that tests can try all of them.
    static boolean batchedWith(ElementVector elements, ElementVector chi) {
        int r = 2 * chi.size();
        try (var left = elements.zerosAlike(1);
                var right = elements.zerosAlike(1);
                var term = elements.zerosAlike(1)) {
            left.addAt(0, elements, r + 1, 1);
            right.addAt(0, elements, r + 2, 1);
            for (int i = 0; i < chi.size(); i++) {
                term.setProduct(0, chi, i, elements, 2 * i);
                left.add(term);
                term.setProduct(0, chi, i, elements, 2 * i + 1);
                right.add(term);
            }
            term.setProduct(0, left, 0, elements, r);
            return term.isEqualAt(0, right, 0);
        }
    }
}
