// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.math.BigInteger;
import java.util.Arrays;
import org.shareferry.delivery.Domain;

/// A prime field of up to 256 bits. Elements are in Montgomery form, as MP-SPDZ sends them: x·R mod p with R =
/// 2^(64·words) (MP-SPDZ `Math/Zp_Data.h`). Only decoding converts them.
final class PrimeArithmetic extends Arithmetic {
    private final BigInteger modulus;
    private final BigInteger half;
    private final BigInteger inverseOfR;
    private final long[] squareOfR;
    private final long[] p;
    private final long[] halfLimbs;
    private final long[] one;
    private final long negatedInverse;
    private final long topMask;

    PrimeArithmetic(Domain.PrimeField field) {
        super(field, field.words());
        modulus = field.modulus();
        half = modulus.shiftRight(1);
        var r = BigInteger.ONE.shiftLeft(64 * words());
        inverseOfR = r.modInverse(modulus);
        p = limbs(modulus, words());
        halfLimbs = limbs(half, words());
        one = limbs(BigInteger.ONE, words());
        squareOfR = limbs(r.multiply(r).mod(modulus), words());
        negatedInverse =
                modulus.modInverse(BigInteger.ONE.shiftLeft(64)).negate().longValue();
        int topBits = modulus.bitLength() - 64 * (words() - 1);
        topMask = topBits == 64 ? -1L : (1L << topBits) - 1;
    }

    private static long[] limbs(BigInteger value, int words) {
        var limbs = new long[words];
        for (int i = 0; i < words; i++) {
            limbs[i] = value.shiftRight(64 * i).longValue();
        }
        return limbs;
    }

    @Override
    void add(long[] sum, int sumAt, long[] x, int xAt, int count) {
        int n = words();
        for (int e = 0; e < count * n; e += n) {
            long carry = Limbs.add(sum, sumAt + e, x, xAt + e, n);
            if (carry != 0 || Limbs.compare(sum, sumAt + e, p, 0, n) >= 0) {
                Limbs.subtract(sum, sumAt + e, p, 0, n);
            }
        }
    }

    @Override
    void subtract(long[] difference, int differenceAt, long[] x, int xAt, int count) {
        int n = words();
        for (int e = 0; e < count * n; e += n) {
            if (Limbs.subtract(difference, differenceAt + e, x, xAt + e, n) != 0) {
                Limbs.add(difference, differenceAt + e, p, 0, n);
            }
        }
    }

    /// Montgomery multiplication, coarsely integrated operand scanning (Koç, Acar, Kaliski: "Analyzing and
    /// comparing Montgomery multiplication algorithms", IEEE Micro 16(3), 1996).
    @Override
    void multiply(long[] product, int productAt, long[] a, int aAt, long[] b, int bAt) {
        long top = montgomery(product, productAt, a, aAt, b, bAt);
        if (top != 0 || Limbs.compare(product, productAt, p, 0, words()) >= 0) {
            Limbs.subtract(product, productAt, p, 0, words());
        }
    }

    /// @return the limb above the product, 0 or 1; with it, the product is less than 2p
    private long montgomery(long[] product, int productAt, long[] a, int aAt, long[] b, int bAt) {
        int n = words();
        Arrays.fill(product, productAt, productAt + n, 0);
        // The accumulator of n + 2 limbs: n in the product itself, one here, and the last, which is 0 or 1, in
        // overflow.
        long top = 0;
        for (int i = 0; i < n; i++) {
            long carry = multiplyAdd(product, productAt, a, aAt, b[bAt + i]);
            top += carry;
            long overflow = Long.compareUnsigned(top, carry) < 0 ? 1 : 0;
            carry = multiplyAdd(product, productAt, p, 0, product[productAt] * negatedInverse);
            top += carry;
            overflow += Long.compareUnsigned(top, carry) < 0 ? 1 : 0;
            System.arraycopy(product, productAt + 1, product, productAt, n - 1);
            product[productAt + n - 1] = top;
            top = overflow;
        }
        return top;
    }

    /// Adds `x`·`factor` to the limbs of `t` from `tAt` on.
    ///
    /// @return the carry into the next limb
    private long multiplyAdd(long[] t, int tAt, long[] x, int xAt, long factor) {
        long carry = 0;
        for (int j = 0; j < words(); j++) {
            long high = Math.unsignedMultiplyHigh(x[xAt + j], factor);
            long low = x[xAt + j] * factor + carry;
            high += Long.compareUnsigned(low, carry) < 0 ? 1 : 0;
            long sum = t[tAt + j] + low;
            carry = high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
            t[tAt + j] = sum;
        }
        return carry;
    }

    @Override
    boolean isCanonical(long[] x, int at) {
        return Limbs.compare(x, at, p, 0, words()) < 0;
    }

    @Override
    void maskBits(long[] x, int at) {
        x[at + words() - 1] &= topMask;
    }

    /// Converts to Montgomery form: x·R = x·R²·R⁻¹. A negative integer becomes p minus its absolute value. The
    /// steps depend only on the size.
    @Override
    void setSigned(long[] x, int at, byte[] raw, int rawAt, int rawSize) {
        int n = words();
        var plain = new long[2 * n];
        signExtend(plain, 0, raw, rawAt, rawSize);
        long sign = raw[rawAt + rawSize - 1] >> 7;
        for (int i = 0; i < n; i++) {
            plain[n + i] = p[i] & sign;
        }
        Limbs.add(plain, 0, plain, n, n);
        multiply(x, at, plain, 0, squareOfR, 0);
        Arrays.fill(plain, 0);
    }

    @Override
    BigInteger signed(long[] x, int at) {
        var value = unsigned(x, at, words()).multiply(inverseOfR).mod(modulus);
        return value.compareTo(half) > 0 ? value.subtract(modulus) : value;
    }

    @Override
    void writeSigned(long[] x, int at, long[] scratch, byte[] raw, int rawAt, int size) {
        int n = words();
        // x·R times 1 needs no reduction: (x·R + (R-1)·p) / R is less than p.
        montgomery(scratch, 0, x, at, one, 0);
        System.arraycopy(halfLimbs, 0, scratch, n, n);
        long isNegative = -Limbs.subtract(scratch, n, scratch, 0, n);
        for (int i = 0; i < n; i++) {
            scratch[n + i] = p[i] & isNegative;
        }
        Limbs.subtract(scratch, 0, scratch, n, n);
        for (int b = 0; b < size; b++) {
            raw[rawAt + b] = (byte) (scratch[b / 8] >>> 8 * (b % 8));
        }
    }
}
