// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.nio.ByteBuffer;
import java.util.Set;
import org.shareferry.check.Coin;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.standin.FaultInjection;

/// Tells some parties digest, commitment and coin share of one's own making, which fit each other, and the others
/// what an honest VM tells.
///
/// @param party who tells
/// @param told to whom
/// @param digest what they are told
record Equivocation(DeliveryId id, int party, Set<Integer> told, Bytes digest) implements FaultInjection {
    static final Bytes SHARE = Bytes.ascii("a coin share that nobody drew...");

    @Override
    public Bytes tells(Position position, int to, Bytes content) {
        if (!told.contains(to)) {
            return content;
        }
        return switch (position.step()) {
            case COMMITMENT -> {
                try (var share = SecretBytes.copyOf(SHARE.toArray())) {
                    var commitment = Coin.commitment(id, party, digest, share);
                    yield Bytes.of(ByteBuffer.allocate(64)
                            .put(digest.toArray())
                            .put(commitment.toArray())
                            .array());
                }
            }
            case COIN_SHARE -> SHARE;
            case SPECIFICATION, GREETING, KIND, KEYS, HEAD, ELEMENTS, TAIL, MASKS, COMBINATIONS, TAKE, ANSWER, MASKED ->
                content;
        };
    }
}
