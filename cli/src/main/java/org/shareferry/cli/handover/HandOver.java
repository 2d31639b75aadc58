// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;
import org.shareferry.share.PairwiseKeys;

/// One party's share vector as it is handed to its party-service by `POST /v1/deliveries`.
///
/// @param facts the same for all parties
/// @param pairwiseKeys for every other party, or for none
/// @param chunks one for each chunk of the shape
public record HandOver(Facts facts, Map<MemberName, PairwiseKeys.Pair> pairwiseKeys, List<Chunk> chunks) {
    public HandOver {
        pairwiseKeys = new TreeMap<>(pairwiseKeys);
        chunks = List.copyOf(chunks);
    }

    /// The facts that are equal in all parties' hand-overs of one delivery.
    ///
    /// @param id of the delivery
    /// @param recipient the client
    /// @param domain where the shares live
    /// @param scheme what accompanies the values; any but committed
    /// @param precision f, in bits
    /// @param label the application's
    /// @param shape count and chunks
    /// @param macsChecked whether all of the protocol's own checks had run before the shares left the VM
    /// @param threshold t; empty for the most corrupt parties that the protocol bears
    /// @param program the digest of the program in lower-case hex; empty for the one that services have
    /// @param parties all parties whose shares are summed
    public record Facts(
            DeliveryId id,
            MemberName recipient,
            Domain domain,
            Scheme scheme,
            int precision,
            long label,
            Shape shape,
            boolean macsChecked,
            Optional<Integer> threshold,
            Optional<String> program,
            List<MemberName> parties) {
        public Facts {
            parties = List.copyOf(parties);
        }
    }

    /// The shares of one chunk as MP-SPDZ writes them.
    ///
    /// @param elements interleaved
    /// @param tail in batched r, v, u; else empty
    public record Chunk(SecretBytes elements, Optional<SecretBytes> tail) {}
}
