// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.math.BigInteger;
import java.util.Arrays;
import org.shareferry.delivery.Domain;

/// Z_2^n for n up to 256. Rings of one and two limbs, which are the most common, have optimised code.
abstract sealed class RingArithmetic extends Arithmetic {
    private final int clearBits;
    private final long topMask;

    private RingArithmetic(Domain.Ring ring) {
        super(ring, Math.ceilDiv(ring.shareBits(), 64));
        this.clearBits = ring.clearBits();
        int topBits = ring.shareBits() - 64 * (words() - 1);
        this.topMask = topBits == 64 ? -1L : (1L << topBits) - 1;
    }

    static RingArithmetic of(Domain.Ring ring) {
        return switch (Math.ceilDiv(ring.shareBits(), 64)) {
            case 1 -> new OneLimb(ring);
            case 2 -> new TwoLimbs(ring);
            default -> new ManyLimbs(ring);
        };
    }

    final long topMask() {
        return topMask;
    }

    @Override
    final boolean isCanonical(long[] x, int at) {
        return (x[at + words() - 1] & ~topMask) == 0;
    }

    @Override
    final void maskBits(long[] x, int at) {
        x[at + words() - 1] &= topMask;
    }

    @Override
    final void setSigned(long[] x, int at, byte[] raw, int rawAt, int rawSize) {
        signExtend(x, at, raw, rawAt, rawSize);
        maskBits(x, at);
    }

    @Override
    final void writeSigned(long[] x, int at, long[] scratch, byte[] raw, int rawAt, int size) {
        int top = clearBits - 1;
        long sign = -(x[at + top / 64] >>> top % 64 & 1);
        for (int b = 0; b < size; b++) {
            // The last byte has the highest bits of the value, sign-extended.
            long mask = 0xff >>> Math.max(0, 8 * (b + 1) - clearBits);
            long bits = x[at + b / 8] >>> 8 * (b % 8);
            raw[rawAt + b] = (byte) (bits & mask | sign & ~mask);
        }
    }

    @Override
    final BigInteger signed(long[] x, int at) {
        var low =
                unsigned(x, at, words()).and(BigInteger.ONE.shiftLeft(clearBits).subtract(BigInteger.ONE));
        return low.testBit(clearBits - 1) ? low.subtract(BigInteger.ONE.shiftLeft(clearBits)) : low;
    }

    /// Up to 64 bits.
    private static final class OneLimb extends RingArithmetic {
        OneLimb(Domain.Ring ring) {
            super(ring);
        }

        @Override
        void add(long[] sum, int sumAt, long[] x, int xAt, int count) {
            long mask = topMask();
            for (int i = 0; i < count; i++) {
                sum[sumAt + i] = (sum[sumAt + i] + x[xAt + i]) & mask;
            }
        }

        @Override
        void subtract(long[] difference, int differenceAt, long[] x, int xAt, int count) {
            long mask = topMask();
            for (int i = 0; i < count; i++) {
                difference[differenceAt + i] = (difference[differenceAt + i] - x[xAt + i]) & mask;
            }
        }

        @Override
        void multiply(long[] product, int productAt, long[] a, int aAt, long[] b, int bAt) {
            product[productAt] = (a[aAt] * b[bAt]) & topMask();
        }
    }

    /// 65 to 128 bits: SPDZ2k's usual rings.
    private static final class TwoLimbs extends RingArithmetic {
        TwoLimbs(Domain.Ring ring) {
            super(ring);
        }

        @Override
        void add(long[] sum, int sumAt, long[] x, int xAt, int count) {
            long mask = topMask();
            for (int i = 0; i < 2 * count; i += 2) {
                long low = sum[sumAt + i] + x[xAt + i];
                long carry = Long.compareUnsigned(low, x[xAt + i]) < 0 ? 1 : 0;
                sum[sumAt + i] = low;
                sum[sumAt + i + 1] = (sum[sumAt + i + 1] + x[xAt + i + 1] + carry) & mask;
            }
        }

        @Override
        void subtract(long[] difference, int differenceAt, long[] x, int xAt, int count) {
            long mask = topMask();
            for (int i = 0; i < 2 * count; i += 2) {
                long low = difference[differenceAt + i];
                long borrow = Long.compareUnsigned(low, x[xAt + i]) < 0 ? 1 : 0;
                difference[differenceAt + i] = low - x[xAt + i];
                difference[differenceAt + i + 1] = (difference[differenceAt + i + 1] - x[xAt + i + 1] - borrow) & mask;
            }
        }

        @Override
        void multiply(long[] product, int productAt, long[] a, int aAt, long[] b, int bAt) {
            long a0 = a[aAt];
            long b0 = b[bAt];
            product[productAt] = a0 * b0;
            product[productAt + 1] =
                    (Math.unsignedMultiplyHigh(a0, b0) + a0 * b[bAt + 1] + a[aAt + 1] * b0) & topMask();
        }
    }

    /// 129 to 256 bits.
    private static final class ManyLimbs extends RingArithmetic {
        ManyLimbs(Domain.Ring ring) {
            super(ring);
        }

        @Override
        void add(long[] sum, int sumAt, long[] x, int xAt, int count) {
            for (int e = 0; e < count; e++) {
                Limbs.add(sum, sumAt + e * words(), x, xAt + e * words(), words());
                maskBits(sum, sumAt + e * words());
            }
        }

        @Override
        void subtract(long[] difference, int differenceAt, long[] x, int xAt, int count) {
            for (int e = 0; e < count; e++) {
                Limbs.subtract(difference, differenceAt + e * words(), x, xAt + e * words(), words());
                maskBits(difference, differenceAt + e * words());
            }
        }

        @Override
        void multiply(long[] product, int productAt, long[] a, int aAt, long[] b, int bAt) {
            int n = words();
            Arrays.fill(product, productAt, productAt + n, 0);
            for (int i = 0; i < n; i++) {
                long carry = 0;
                for (int j = 0; i + j < n; j++) {
                    long high = Math.unsignedMultiplyHigh(a[aAt + i], b[bAt + j]);
                    long low = a[aAt + i] * b[bAt + j] + carry;
                    high += Long.compareUnsigned(low, carry) < 0 ? 1 : 0;
                    long sum = product[productAt + i + j] + low;
                    carry = high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
                    product[productAt + i + j] = sum;
                }
            }
            maskBits(product, productAt);
        }
    }
}
