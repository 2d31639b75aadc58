// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

/// Unsigned integers of several 64-bit limbs, least significant first.
final class Limbs {
    private Limbs() {}

    /// Adds `x` to `sum`.
    ///
    /// @return the carry out of the top limb, 0 or 1
    static long add(long[] sum, int sumAt, long[] x, int xAt, int words) {
        long carry = 0;
        for (int i = 0; i < words; i++) {
            long partial = sum[sumAt + i] + carry;
            carry = Long.compareUnsigned(partial, carry) < 0 ? 1 : 0;
            long total = partial + x[xAt + i];
            carry += Long.compareUnsigned(total, partial) < 0 ? 1 : 0;
            sum[sumAt + i] = total;
        }
        return carry;
    }

    /// Subtracts `x` from `difference`.
    ///
    /// @return the borrow out of the top limb, 0 or 1
    static long subtract(long[] difference, int differenceAt, long[] x, int xAt, int words) {
        long borrow = 0;
        for (int i = 0; i < words; i++) {
            long before = difference[differenceAt + i];
            long partial = before - x[xAt + i];
            long underflow = Long.compareUnsigned(before, x[xAt + i]) < 0 ? 1 : 0;
            long total = partial - borrow;
            underflow += Long.compareUnsigned(partial, borrow) < 0 ? 1 : 0;
            difference[differenceAt + i] = total;
            borrow = underflow;
        }
        return borrow;
    }

    /// @return negative, zero or positive as `a` is less than, equal to or greater than `b`
    static int compare(long[] a, int aAt, long[] b, int bAt, int words) {
        for (int i = words - 1; i >= 0; i--) {
            int order = Long.compareUnsigned(a[aAt + i], b[bAt + i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
