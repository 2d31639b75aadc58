// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import org.shareferry.cbor.CborWriter;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Scheme;

/// The size of a closing envelope's body, which depends only on the number of parties and the domain: an array of
/// the digests, the coin shares and the combinations.
final class ClosingSize {
    private ClosingSize() {}

    static int of(int parties, int elementBytes) {
        var word = Bytes.of(new byte[Sha256.SIZE]);
        return CborWriter.encode(out -> {
                    out.array(3);
                    for (int list = 0; list < 2; list++) {
                        out.array(parties);
                        for (int p = 0; p < parties; p++) {
                            out.bytes(word);
                        }
                        out.endArray();
                    }
                    out.bytes(Bytes.of(new byte[Scheme.MASKS * elementBytes]));
                    out.endArray();
                })
                .size();
    }
}
