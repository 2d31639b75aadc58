// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.ArrayList;
import java.util.List;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.share.ElementVector;

/// Shares of one chunk in batched: each value y with w = y·r, and the chunk's r, v, u = v·r. They are random, the
/// values too; only their relation is true.
///
/// @param elements each party's
/// @param tail each party's
record BatchedShares(List<SecretBytes> elements, List<SecretBytes> tail) {
    static final Domain RING = new Domain.Ring(128, 64);

    private static final int TAIL = 3;

    BatchedShares {
        elements = List.copyOf(elements);
        tail = List.copyOf(tail);
    }

    /// @param parties N
    /// @param values in the chunk
    static BatchedShares of(int parties, int values) {
        try (var plain = ElementVector.zeros(RING, 2 * values);
                var tail = ElementVector.zeros(RING, TAIL);
                var drawn = uniform(values + 2)) {
            int r = values;
            for (int i = 0; i < values; i++) {
                plain.addAt(2 * i, drawn, i, 1);
                plain.setProduct(2 * i + 1, drawn, i, drawn, r);
            }
            tail.addAt(0, drawn, r, 2);
            tail.setProduct(2, drawn, r, drawn, r + 1);
            return new BatchedShares(share(parties, plain), share(parties, tail));
        }
    }

    private static ElementVector uniform(int size) {
        var vector = ElementVector.zeros(RING, size);
        try (var key = SecretBytes.random(KeyStream.KEY_SIZE)) {
            vector.fillUniformly(KeyStream.of(key));
        }
        return vector;
    }

    private static List<SecretBytes> share(int parties, ElementVector rest) {
        List<SecretBytes> shares = new ArrayList<>();
        for (int party = 1; party < parties; party++) {
            try (var share = uniform(rest.size())) {
                rest.subtract(share);
                shares.add(share.encode());
            }
        }
        shares.add(rest.encode());
        return shares;
    }
}
