// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.party.seal.ShareSealer;

/// Raw chunks: the shares follow each other without separators.
final class RawChunks implements Chunks {
    private final InputStream in;

    /// @param in the stream after the head
    RawChunks(InputStream in) {
        this.in = in;
    }

    @Override
    public SecretBytes next(DeliveryFacts facts, int index) throws InvalidHandOverException {
        int size = Math.toIntExact(ShareSealer.valuesSize(facts, index)) + ShareSealer.checkElementsSize(facts, index);
        var content = new byte[size];
        try {
            int read = in.readNBytes(content, 0, size);
            if (read == size) {
                return SecretBytes.takeOver(content);
            }
            Arrays.fill(content, (byte) 0);
            throw InvalidHandOverException.unfit("Chunk " + index + " has " + read + " bytes instead of " + size + ".");
        } catch (IOException e) {
            Arrays.fill(content, (byte) 0);
            throw InvalidHandOverException.malformed("The body ended in the middle of chunk " + index + ".");
        }
    }

    @Override
    public void end(DeliveryFacts facts) throws InvalidHandOverException {
        try {
            if (in.read() >= 0) {
                throw InvalidHandOverException.unfit(
                        "There are more than " + facts.shape().chunkCount() + " chunks.");
            }
        } catch (IOException e) {
            throw InvalidHandOverException.malformed("The connection broke at the end of the body.");
        }
    }
}
