// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;

/// The coin that the parties of a committed delivery toss after all envelopes are fixed. Each party commits to a
/// coin share together with the digest of its envelopes, and releases the share only after it has the commitments
/// of all parties.
public final class Coin {
    /// Bytes of a coin share, a commitment, a digest and the coin.
    public static final int SIZE = 32;

    private static final String SHARE_LABEL = "shareferry coin share v1";
    private static final String COIN_LABEL = "shareferry coin v1";

    private Coin() {}

    /// c_p = SHA-256(label ‖ run id ‖ sequence ‖ p ‖ D_p ‖ r_p).
    ///
    /// @param party p, 0 … 255
    /// @param digest D_p, the digest of the party's envelopes
    /// @param share r_p
    /// @return c_p
    public static Bytes commitment(DeliveryId delivery, int party, Bytes digest, SecretBytes share) {
        if (share.size() != SIZE) {
            throw new IllegalArgumentException("A coin share must have " + SIZE + " bytes.");
        }
        return begin(SHARE_LABEL, delivery)
                .addByte(party)
                .add(checked(digest))
                .add(share)
                .digest();
    }

    /// SHA-256(label ‖ run id ‖ sequence ‖ D_0 … D_(N-1) ‖ r_0 … r_(N-1)).
    ///
    /// @param digests by party, ascending
    /// @param shares by party, ascending, as released
    public static Bytes toss(DeliveryId delivery, List<Bytes> digests, List<Bytes> shares) {
        if (digests.size() != shares.size() || digests.size() < 2) {
            throw new IllegalArgumentException(
                    "There must be one digest and one coin share per party, and at least two parties.");
        }
        var hash = begin(COIN_LABEL, delivery);
        digests.forEach(digest -> hash.add(checked(digest)));
        shares.forEach(share -> hash.add(checked(share)));
        return hash.digest();
    }

    private static Sha256 begin(String label, DeliveryId delivery) {
        return Sha256.begin().addLabel(label).add(delivery.run().toBytes()).addWord(delivery.sequence());
    }

    private static Bytes checked(Bytes word) {
        if (word.size() != SIZE) {
            throw new IllegalArgumentException("Digests and coin shares must have " + SIZE + " bytes.");
        }
        return word;
    }
}
