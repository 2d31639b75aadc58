// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.shareferry.share.DecodedValues;

/// Writes NumPy array files, format version 1.0 (numpy.lib.format), without Python objects. Values are int64 if all
/// are integers that fit, and float64 if there is a precision and all are exact as doubles. Otherwise each value is
/// a row of 64-bit limbs of its integer (value · 2^precision), two's complement, the lowest limb first.
final class NpyFormat {
    static final String MEDIA_TYPE = "application/x-npy";
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int BITS_OF_DOUBLE = 53;

    private final DecodedValues decoded;
    private boolean isSmall = true;
    private boolean isDouble = true;

    NpyFormat(DecodedValues decoded) {
        this.decoded = decoded;
    }

    /// Inspects one chunk. All chunks must be inspected before the first is written.
    void look(byte[] raw) {
        for (int i = 0; i < raw.length / decoded.rawSize() && (isSmall || isDouble); i++) {
            var integer = decoded.integer(raw, i);
            isSmall &= integer.bitLength() < Long.SIZE;
            var magnitude = integer.abs();
            isDouble &= magnitude.bitLength() - Math.max(0, magnitude.getLowestSetBit()) <= BITS_OF_DOUBLE;
        }
    }

    /// @param count the number of values
    void writeHead(long count, OutputStream out) throws IOException {
        var shape = isLimbs() ? "(%d, %d)".formatted(count, limbs()) : "(%d,)".formatted(count);
        var head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type(), shape);
        int unpadded = MAGIC.length + Short.BYTES + head.length() + 1;
        head += " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
        out.write(MAGIC);
        out.write(ByteBuffer.allocate(Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) head.length())
                .array());
        out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    /// Writes one chunk.
    void write(byte[] raw, OutputStream out) throws IOException {
        int count = raw.length / decoded.rawSize();
        int size = isLimbs() ? limbs() * Long.BYTES : Long.BYTES;
        var buffer = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            var integer = decoded.integer(raw, i);
            if (isLimbs()) {
                for (int limb = 0; limb < limbs(); limb++) {
                    buffer.putLong(integer.shiftRight(limb * Long.SIZE).longValue());
                }
            } else if (decoded.precision() == 0) {
                buffer.putLong(integer.longValueExact());
            } else {
                buffer.putDouble(toDouble(integer));
            }
        }
        out.write(buffer.array());
    }

    /// Exact, because the odd part has at most 53 bits, and |exponent| is far below 1022.
    private double toDouble(BigInteger integer) {
        int zeros = Math.max(0, integer.getLowestSetBit());
        return Math.scalb((double) integer.shiftRight(zeros).longValueExact(), zeros - decoded.precision());
    }

    private String type() {
        return isLimbs() ? "<u8" : decoded.precision() == 0 ? "<i8" : "<f8";
    }

    private boolean isLimbs() {
        return decoded.precision() == 0 ? !isSmall : !isDouble;
    }

    private int limbs() {
        return Math.ceilDiv(decoded.rawSize(), Long.BYTES);
    }
}
