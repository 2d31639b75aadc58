// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The output of SHAKE-256 (FIPS 202 §6.2) on one message, read piece by piece.
public final class Shake256 {
    private final BouncyCastle.Output output;

    private Shake256(BouncyCastle.Output output) {
        this.output = output;
    }

    /// @param message the whole input
    public static Shake256 of(Bytes message) {
        return new Shake256(BouncyCastle.shake256(message));
    }

    /// Overwrites `target` with the next bytes of the output.
    public void next(byte[] target) {
        output.next(target);
    }

    /// @return the next 8 bytes of the output as a little-endian word
    public long nextWord() {
        var word = new byte[8];
        next(word);
        return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
