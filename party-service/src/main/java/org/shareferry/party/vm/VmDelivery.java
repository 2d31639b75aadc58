// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.shareferry.check.ClosingWords;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.party.handover.Completion.Completed;
import org.shareferry.party.handover.Completion.NotCompleted;
import org.shareferry.party.handover.OpenHandOver;
import org.shareferry.party.handover.PlaceSealing.PlaceRefused;
import org.shareferry.party.handover.PlaceSealing.PlaceSealed;
import org.shareferry.party.seal.ShareSealer;

/// A delivery that is coming in from the VM, chunk by chunk: each is sealed and stored before the next one is
/// read. Closing it before it is complete drops it.
final class VmDelivery implements AutoCloseable {
    private final OpenHandOver handOver;
    private final LongConsumer progress;
    private long sealed;

    /// @param handOver taken over, and closed with this
    /// @param progress is told the number of sealed envelopes
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
            readPlace(channel, new Place(Kind.VALUES, index));
            if (facts().scheme().elementsPerTail() > 0) {
                readPlace(channel, new Place(Kind.TAIL, index));
            }
        }
    }

    void readMasks(VmChannel channel) throws IOException, DialogRefusedException {
        readPlace(channel, new Place(Kind.MASKS, 0));
    }

    private void readPlace(VmChannel channel, Place place) throws IOException, DialogRefusedException {
        int size = Math.toIntExact(ShareSealer.handedOverSize(facts(), place));
        try (var elements = channel.readSecret(size)) {
            seal(place, elements);
        }
    }

    /// @return D_p, of all that is sealed and stored
    Bytes digest() {
        return handOver.digest();
    }

    void seal(ClosingWords words) throws DialogRefusedException {
        try (var encoded = SecretBytes.takeOver(words.encode().toArray())) {
            seal(new Place(Kind.CLOSING, 0), encoded);
        }
    }

    private void seal(Place place, SecretBytes content) throws DialogRefusedException {
        switch (handOver.seal(place, content)) {
            case PlaceSealed done -> progress.accept(++sealed);
            case PlaceRefused refused -> throw Refusals.of(refused.why());
        }
    }

    /// Commits everything. Only after this may the VM be told that it is done.
    void complete() throws DialogRefusedException {
        switch (handOver.complete()) {
            case Completed done -> {}
            case NotCompleted refused -> throw Refusals.of(refused.why());
        }
    }

    @Override
    public void close() {
        handOver.close();
    }
}
