// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.shareferry.check.ClosingWords;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.party.handover.OpenHandOver;
import org.shareferry.party.seal.ShareSealer;

/// A delivery that is read from the VM chunk by chunk. Each chunk is sealed and stored before the next one is read.
/// Closing an incomplete delivery drops it.
final class VmDelivery implements AutoCloseable {
    private final OpenHandOver handOver;
    private final LongConsumer progress;
    private long sealed;

    /// @param handOver closed with this
    /// @param progress receives the number of sealed envelopes
    VmDelivery(OpenHandOver handOver, LongConsumer progress) {
        this.handOver = handOver;
        this.progress = progress;
    }

    DeliveryFacts facts() {
        return handOver.facts();
    }

    void readChunks(VmChannel channel) throws IOException, DialogRefusedException {
        int chunks = facts().shape().chunkCount();
        for (int index = 0; index < chunks; index++) {
            try (var elements = readChunk(channel, index)) {
                seal(new Place(Kind.VALUES, index), elements);
            }
        }
    }

    /// The elements after the values have their own message: r, v, u after every chunk in batched, the masks after
    /// the last chunk in committed.
    private SecretBytes readChunk(VmChannel channel, int index) throws IOException, DialogRefusedException {
        int values = Math.toIntExact(ShareSealer.valuesSize(facts(), index));
        int behind = ShareSealer.checkElementsSize(facts(), index);
        return behind == 0 ? channel.readSecret(values) : channel.readSecret(values, behind);
    }

    /// @return D_p, the digest of all sealed envelopes
    Bytes digest() {
        return handOver.digest();
    }

    void seal(ClosingWords words) throws DialogRefusedException {
        try (var encoded = SecretBytes.takeOver(words.encode().toArray())) {
            seal(new Place(Kind.CLOSING, 0), encoded);
        }
    }

    private void seal(Place place, SecretBytes content) throws DialogRefusedException {
        check(handOver.seal(place, content));
        progress.accept(++sealed);
    }

    /// Commits the delivery. The VM may be acknowledged only after this.
    void complete() throws DialogRefusedException {
        check(handOver.complete());
    }

    private static void check(Optional<HandOverRefusal> refusal) throws DialogRefusedException {
        if (refusal.isPresent()) {
            throw DialogRefusals.of(refusal.get());
        }
    }

    @Override
    public void close() {
        handOver.close();
    }
}
