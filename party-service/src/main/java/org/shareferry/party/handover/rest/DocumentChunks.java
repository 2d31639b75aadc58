// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.DeliveryFacts;

/// Chunks in JSON or CBOR, with named properties.
final class DocumentChunks implements Chunks {
    private final BodyReader body;

    /// @param body positioned inside the array of chunks
    DocumentChunks(BodyReader body) {
        this.body = body;
    }

    @Override
    public SecretBytes next(DeliveryFacts facts, int index) throws InvalidHandOverException {
        if (!body.nextObject("Chunks")) {
            throw InvalidHandOverException.unfit("There are only " + index + " chunks instead of "
                    + facts.shape().chunkCount() + ".");
        }
        try (var chunk = new ChunkContent(facts, index)) {
            for (var name = body.nextName(); name.isPresent(); name = body.nextName()) {
                chunk.read(name.get(), body);
            }
            return chunk.take();
        }
    }

    @Override
    public void end(DeliveryFacts facts) throws InvalidHandOverException {
        if (body.nextObject("Chunks")) {
            throw InvalidHandOverException.unfit(
                    "There are more than " + facts.shape().chunkCount() + " chunks.");
        }
        if (body.nextName().isPresent()) {
            throw InvalidHandOverException.malformed("The chunks must be the last property of a hand-over.");
        }
        body.end();
    }
}
