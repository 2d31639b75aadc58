// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;

/// The values of a result, exact. They are held as the service sends them: integers of fixed width, two's complement,
/// little-endian. A value is its integer / 2^precision.
public final class Values {
    private final byte[] raw;
    private final int width;
    private final int precision;

    /// @param raw taken over, not copied
    Values(byte[] raw, int width, int precision) {
        this.raw = raw;
        this.width = width;
        this.precision = precision;
    }

    /// @return how many there are
    public int size() {
        return raw.length / width;
    }

    /// @return f: a value is an integer / 2^f
    public int precision() {
        return precision;
    }

    /// @param index from 0 on
    /// @return the value, exact
    public BigDecimal get(int index) {
        return decimal(integer(index), precision);
    }

    /// @return all values as 64-bit integers
    /// @throws ArithmeticException when a value is no integer of 64 bits; nothing is rounded
    public long[] toLongs() {
        return IntStream.range(0, size())
                .mapToLong(index -> whole(index).longValueExact())
                .toArray();
    }

    /// @return all values as integers of any size
    /// @throws ArithmeticException when a value has a fraction; nothing is rounded
    public List<BigInteger> toBigIntegers() {
        return IntStream.range(0, size()).mapToObj(this::whole).toList();
    }

    /// @return all values, exact
    public List<BigDecimal> toBigDecimals() {
        return IntStream.range(0, size()).mapToObj(this::get).toList();
    }

    private BigInteger whole(int index) {
        return precision == 0 ? integer(index) : get(index).toBigIntegerExact();
    }

    private BigInteger integer(int index) {
        return integer(raw, Math.multiplyExact(index, width), width);
    }

    static BigInteger integer(byte[] raw, int offset, int width) {
        var bigEndian = new byte[width];
        for (int i = 0; i < width; i++) {
            bigEndian[width - 1 - i] = raw[offset + i];
        }
        return new BigInteger(bigEndian);
    }

    /// Exact, because a division by 2 adds one decimal.
    static BigDecimal decimal(BigInteger integer, int precision) {
        return precision == 0
                ? new BigDecimal(integer)
                : new BigDecimal(integer).divide(new BigDecimal(BigInteger.TWO.pow(precision)));
    }

    /// Values are not printed.
    @Override
    public String toString() {
        return "Values[size=" + size() + ", precision=" + precision + "]";
    }
}
