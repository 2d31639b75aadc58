// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Unambiguous concatenation of byte strings.
final class Framing {
    private Framing() {}

    /// @return each part preceded by its length as 8 bytes, little-endian
    static Bytes lengthPrefixed(Bytes first, List<Bytes> others) {
        long size = 8L + first.size();
        for (var part : others) {
            size += 8L + part.size();
        }
        var framed = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        framed.putLong(first.size()).put(first.shared());
        for (var part : others) {
            framed.putLong(part.size()).put(part.shared());
        }
        return Bytes.of(framed.array());
    }
}
