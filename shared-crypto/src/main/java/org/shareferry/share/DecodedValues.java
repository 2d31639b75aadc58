// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.shareferry.delivery.Domain;

/// Conversion between elements, raw values (signed two's complement, little-endian, of fixed size) and numbers (the
/// integer divided by 2^precision).
///
/// @param domain the domain of the delivery
/// @param precision f: a value is an integer / 2^f; 0 for integers
public record DecodedValues(Domain domain, int precision) {

    /// @return bytes of one raw value: ⌈k/8⌉ for a ring of k clear bits; 8·words for a field
    public int rawSize() {
        return switch (domain) {
            case Domain.Ring ring -> Math.ceilDiv(ring.clearBits(), 8);
            case Domain.PrimeField field -> 8 * field.words();
        };
    }

    /// Executes the same steps for all values, so that the timing does not reveal how many of them are negative or
    /// small.
    ///
    /// @param elements of a chunk: for each value the scheme's interleaved elements; others may follow
    /// @param stride elements per value, the value first
    /// @param count the number of values
    /// @return the concatenated raw values
    public byte[] toRaw(ElementVector elements, int stride, int count) {
        return elements.signedBytes(stride, count, rawSize());
    }

    /// @param raw values from [#toRaw]
    /// @param index of the value
    /// @return the signed integer: the number times 2^precision
    public BigInteger integer(byte[] raw, int index) {
        int size = rawSize();
        var bigEndian = new byte[size];
        for (int b = 0; b < size; b++) {
            bigEndian[size - 1 - b] = raw[index * size + b];
        }
        return new BigInteger(bigEndian);
    }

    /// @param raw values from [#toRaw]
    /// @param index of the value
    /// @return the exact number
    public BigDecimal number(byte[] raw, int index) {
        var integer = new BigDecimal(integer(raw, index));
        if (precision == 0) {
            return integer;
        }
        var exact = integer.divide(new BigDecimal(BigInteger.ONE.shiftLeft(precision)));
        return exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
    }
}
