// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.EnvelopeId;

/// D_p: what a party's envelopes of a committed delivery are, in one digest: SHA-256(label ‖ run id ‖
/// sequence ‖ p ‖ number of chunks ‖ the ids of their envelopes by index). The closing envelope, which names
/// it, is not among them.
public final class EnvelopesDigest {
    private static final String LABEL = "shareferry envelopes v2";

    private final Sha256 hash;
    private int missing;

    /// @param party p, 0 … 255
    /// @param chunks how many the delivery has, and ids will be added
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
    /// @throws IllegalStateException when more or fewer ids were added than announced
    public Bytes digest() {
        if (missing != 0) {
            throw new IllegalStateException("Not as many envelope ids were added as announced.");
        }
        return hash.digest();
    }
}
