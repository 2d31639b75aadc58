// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.share;

import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Place;
import org.shareferry.member.MemberName;

/// Pseudo-random shares of zero (the pairwise construction of Cramer, Damgård and Ishai, "Share conversion,
/// pseudorandom secret-sharing and applications to secure computation", TCC 2005): party p adds the stream of its
/// pair with every higher party and subtracts that of its pair with every lower one. The sum over all parties is
/// zero. Each party's share becomes uniform, so that the client learns only the sum of the shares.
public final class ZeroShares {
    private static final String LABEL = "shareferry re-randomisation v1";

    private final PairwiseKeys keys;
    private final DeliveryId delivery;
    private final MemberName recipient;

    /// @param keys closed by the caller
    public ZeroShares(PairwiseKeys keys, DeliveryId delivery, MemberName recipient) {
        this.keys = keys;
        this.delivery = delivery;
        this.recipient = recipient;
    }

    /// Re-randomises the shares that go to one place of the delivery, in the domain in which they are sent. Never
    /// do this twice with different shares for one place, because it would reveal their difference.
    ///
    /// @param shares changed in place
    public void addTo(ElementVector shares, Place place) {
        try (var stream = shares.zerosAlike(shares.size())) {
            keys.joint().forEach((other, joint) -> {
                try (var key = streamKey(joint, other, place)) {
                    stream.fillUniformly(KeyStream.of(key));
                }
                if (keys.own().compareTo(other) < 0) {
                    shares.add(stream);
                } else {
                    shares.subtract(stream);
                }
            });
        }
    }

    private SecretBytes streamKey(SecretBytes joint, MemberName other, Place place) {
        boolean weAreLower = keys.own().compareTo(other) < 0;
        var parts = List.of(
                delivery.run().toBytes(),
                Bytes.ofWord(delivery.sequence()),
                recipient.toBytes(),
                (weAreLower ? keys.own() : other).toBytes(),
                (weAreLower ? other : keys.own()).toBytes(),
                Bytes.ofWord(place.kind().code()),
                Bytes.ofWord(place.index()));
        return Hkdf.derive(joint, LABEL, parts, KeyStream.KEY_SIZE);
    }
}
