// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;

/// The source of a client's challenges χ. The seed is drawn from the platform's cryptographic generator after all
/// envelopes of the delivery are stored, and is stored with them. So a check that is repeated after a crash has the
/// same verdict, and nobody gets a second try.
public final class Challenges implements AutoCloseable {
    /// Bytes of a seed.
    public static final int SEED_SIZE = 32;

    private static final String LABEL = "shareferry challenge v1";

    private final SecretBytes seed;
    private final DeliveryId delivery;

    /// @param seed [#SEED_SIZE] bytes, drawn after all envelopes are stored; closed with this object
    public Challenges(SecretBytes seed, DeliveryId delivery) {
        if (seed.size() != SEED_SIZE) {
            throw new IllegalArgumentException("A seed must have " + SEED_SIZE + " bytes.");
        }
        this.seed = seed;
        this.delivery = delivery;
    }

    /// @param index of the chunk
    /// @return the stream of the chunk's χ, at its beginning
    public KeyStream ofChunk(int index) {
        var parts = List.of(delivery.run().toBytes(), Bytes.ofWord(delivery.sequence()), Bytes.ofWord(index));
        try (var key = Hkdf.derive(seed, LABEL, parts, KeyStream.KEY_SIZE)) {
            return KeyStream.of(key);
        }
    }

    @Override
    public void close() {
        seed.close();
    }
}
