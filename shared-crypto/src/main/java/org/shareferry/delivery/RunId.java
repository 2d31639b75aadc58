// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.shareferry.crypto.Bytes;

/// 128 random bits that the parties draw jointly in each run of their program. They are the same at every party,
/// and no party can choose them.
///
/// @param first the first 64-bit word that the parties opened
/// @param second the second word
public record RunId(long first, long second) {

    /// @param hex 32 lower-case hex digits, the first word first
    /// @throws IllegalArgumentException for anything else
    public static RunId parse(String hex) {
        if (!hex.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("A run id must be 32 lower-case hex digits.");
        }
        return new RunId(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    /// @return the two words as 16 bytes, each little-endian, as in MP-SPDZ and in hashes
    public Bytes toBytes() {
        return Bytes.of(ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second)
                .array());
    }

    /// @param bytes 16 bytes from [#toBytes()]
    /// @throws IllegalArgumentException for another number of bytes
    public static RunId fromBytes(Bytes bytes) {
        if (bytes.size() != 16) {
            throw new IllegalArgumentException("A run id must have 16 bytes, not " + bytes.size() + ".");
        }
        var words = ByteBuffer.wrap(bytes.toArray()).order(ByteOrder.LITTLE_ENDIAN);
        return new RunId(words.getLong(), words.getLong());
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(first) + HexFormat.of().toHexDigits(second);
    }
}
