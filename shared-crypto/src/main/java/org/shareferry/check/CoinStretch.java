// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Shake256;
import org.shareferry.delivery.Scheme;

/// The values derived from the coin of a committed delivery: for every row of 256 values its offset in each of
/// eight tables, and then the bits of the final combinations. All are read from one output of SHAKE-256("shareferry
/// committed v1" ‖ coin), the offsets first.
public final class CoinStretch {
    /// Values in a row.
    public static final int ROW = 256;

    /// The number of tables.
    public static final int TABLES = 8;

    /// Cells of one table: a row can begin at any of 256 places.
    public static final int CELLS = 2 * ROW - 1;

    /// 64-bit words of bits: enough for cell 4087 in combination 63.
    public static final int BIT_WORDS = 65;

    private static final String LABEL = "shareferry committed v1";

    private final Shake256 output;
    private long rowsLeft;

    /// @param coin 32 bytes
    /// @param count n, the number of values
    public CoinStretch(Bytes coin, long count) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(LABEL.getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(coin.toArray());
        output = Shake256.of(Bytes.of(message.toByteArray()));
        rowsLeft = rows(count);
    }

    /// @return ⌈n/256⌉
    public static long rows(long count) {
        return Math.ceilDiv(count, ROW);
    }

    /// @return the next row's offset in each table, 0 … 255
    public int[] nextOffsets() {
        if (rowsLeft == 0) {
            throw new IllegalStateException("All offsets have been read.");
        }
        rowsLeft--;
        var row = new byte[TABLES];
        output.next(row);
        var offsets = new int[TABLES];
        for (int table = 0; table < TABLES; table++) {
            offsets[table] = Byte.toUnsignedInt(row[table]);
        }
        return offsets;
    }

    /// @return the words of bits, to be read after the offsets of all rows; bit i is bit i mod 64 of word i / 64
    public long[] bits() {
        if (rowsLeft != 0) {
            throw new IllegalStateException("The bits can be read only after the offsets of all rows.");
        }
        rowsLeft = -1;
        var bits = new long[BIT_WORDS];
        for (int i = 0; i < BIT_WORDS; i++) {
            bits[i] = output.nextWord();
        }
        return bits;
    }

    /// @return whether cell `cell` enters combination `combination`
    public static boolean isSet(long[] bits, int cell, int combination) {
        int bit = cell + combination;
        return (bits[bit / Long.SIZE] >>> (bit % Long.SIZE) & 1) != 0;
    }

    static {
        if (TABLES * CELLS - 1 + Scheme.MASKS - 1 >= BIT_WORDS * Long.SIZE) {
            throw new IllegalStateException("There are too few bits.");
        }
    }
}
