// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

/// The check of the scheme batched on plain integers modulo a small power of two, for going through more than
/// vectors of elements allow. [BatchedExhaustiveTest] compares it with [ChunkCheck].
///
/// @param bits k + s
record BatchedRestatement(int bits) {

    /// What cheating parties add to the sums.
    record Errors(long[] y, long[] w, long r, long v, long u) {}

    int order() {
        return 1 << bits;
    }

    /// @return whether a client accepts what it receives of true values `y` with these errors
    boolean accepts(long[] y, Errors e, long r, long v, long[] chi) {
        long left = v + e.v();
        long right = v * r + e.u();
        for (int i = 0; i < y.length; i++) {
            left += chi[i] * (y[i] + e.y()[i]);
            right += chi[i] * (y[i] * r + e.w()[i]);
        }
        return ((left * (r + e.r()) - right) & (order() - 1)) == 0;
    }

    /// @return how many of all (r, v, χ) a client accepts
    long accepted(long[] y, Errors e) {
        long accepted = 0;
        var chi = new long[y.length];
        long challenges = 1L << (bits * y.length);
        for (long drawn = 0; drawn < challenges; drawn++) {
            for (int i = 0; i < chi.length; i++) {
                chi[i] = drawn >>> (bits * i) & (order() - 1);
            }
            for (int r = 0; r < order(); r++) {
                for (int v = 0; v < order(); v++) {
                    accepted += accepts(y, e, r, v, chi) ? 1 : 0;
                }
            }
        }
        return accepted;
    }
}
