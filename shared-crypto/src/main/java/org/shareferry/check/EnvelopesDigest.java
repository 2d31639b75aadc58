// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.EnvelopeId;

/// D_p, the digest of a party's envelopes of a committed delivery: SHA-256(label ‖ run id ‖ sequence ‖ p ‖ number of
/// chunks ‖ the ids of their envelopes by index). The closing envelope, which contains the digest, is not included.
public final class EnvelopesDigest {
    private static final String LABEL = "shareferry envelopes v2";

    private final Sha256 hash;
    private int missing;

    /// @param party p, 0 … 255
    /// @param chunks the number of chunks, and of ids to add
    public EnvelopesDigest(DeliveryId delivery, int party, int chunks) {
        hash = Sha256.begin()
                .addLabel(LABEL)
                .add(delivery.run().toBytes())
                .addWord(delivery.sequence())
                .addByte(party)
                .addWord(chunks);
        missing = chunks;
    }

    /// Adds the id of the next chunk's envelope.
    public void add(EnvelopeId id) {
        hash.add(id.digest());
        missing--;
    }

    /// @return D_p
    /// @throws IllegalStateException when the number of added ids differs
    public Bytes digest() {
        if (missing != 0) {
            throw new IllegalStateException("The number of added envelope ids differs from the number of chunks.");
        }
        return hash.digest();
    }
}
